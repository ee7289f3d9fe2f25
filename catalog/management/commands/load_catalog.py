"""manage.py load_catalog: the 25 items from fixtures/catalog; prints what changed."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.domain import load_catalog
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.kit.findings import Refusal


class Command(BaseCommand):
    help = "Load the catalog versions; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "fixtures" / "catalog")

    def handle(self, *args: Any, **options: Any) -> None:
        diff: list[str] = []
        for path in sorted(options["folder"].glob("*.yaml")):
            try:
                diff += load_catalog(path=path, by=system_actor("载入目录"), at=clock.now())
            except Refusal as refusal:
                raise CommandError("; ".join(finding.reason for finding in refusal.findings)) from refusal
        self.stdout.write("\n".join(diff) if diff else "catalog: nothing to change")
