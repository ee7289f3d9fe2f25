"""Play a demo season into an empty database, through the real commands."""

import secrets
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from platform_site.management.season.play import SIZES, play
from vouchers.queries import has_vouchers

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def demo_password() -> str:
    """Made once per installation and kept beside the data, never in the repository."""
    path = Path(settings.VAR_DIR) / "demo-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text("".join(secrets.choice(LETTERS) for _ in range(12)))
    return path.read_text().strip()


class Command(BaseCommand):
    help = "Plays a demo season: 2019 and 2020 as history and a period that is open today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=sorted(SIZES), default="small")
        parser.add_argument("--seed", type=int, default=2020)

    def handle(self, *args: Any, size: str, seed: int, **options: Any) -> None:
        if not settings.CLOCK_MAY_BE_DIALLED:
            raise CommandError("a season needs the dialled clock, which a production platform does not have")
        if has_vouchers():
            raise CommandError("the database holds vouchers already; a season is played into an empty one")
        started = time.monotonic()
        play(seed=seed, size=size, password=demo_password(), say=lambda line: self.stdout.write(f"  {line}"))
        self.stdout.write(f"演示季已生成，用时 {time.monotonic() - started:.0f} 秒")
