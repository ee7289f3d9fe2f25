"""`manage.py verify_evidence FILE`: is an evidence bundle still as it was handed out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from platform_site.audit.queries import archive_damages


class Command(BaseCommand):
    help = "Checks signature, manifest, every part and the seal proofs of an evidence bundle."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            damages = archive_damages(file)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        for damage in damages:
            self.stdout.write(f"[{damage.kind}] {damage}")
        if damages:
            raise CommandError(f"{len(damages)} 处不符。")
        self.stdout.write("全部相符。")
