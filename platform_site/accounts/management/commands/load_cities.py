"""Cities, counties and the standing bureaus from fixtures/cities.yaml; may be repeated."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from platform_site.accounts.domain import set_up_places
from platform_site.kit import clock
from platform_site.kit.actor import system_actor


class Command(BaseCommand):
    help = "Load cities, counties and standing organisations (idempotent)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, default=Path(settings.BASE_DIR) / "fixtures" / "cities.yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = yaml.safe_load(options["file"].read_text(encoding="utf-8"))["cities"]
        made = set_up_places(cities=rows, by=system_actor("load_cities"), at=clock.now())
        self.stdout.write(f"{len(rows)} 个市，新建单位 {made} 个")
