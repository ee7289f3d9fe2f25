"""Cities, counties and the standing bureaus from fixtures/cities.yaml; may be repeated."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from platform_site.accounts.domain import set_up_places
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.kit.yaml_files import read_yaml


class Command(BaseCommand):
    help = "Load cities, counties and standing organisations (idempotent)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, default=Path(settings.BASE_DIR) / "fixtures" / "cities.yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = read_yaml(options["file"])["cities"]
        made = set_up_places(cities=rows, by=system_actor("load_cities"), at=clock.now())
        self.stdout.write(f"{len(rows)} 个市，新建单位 {made} 个")
