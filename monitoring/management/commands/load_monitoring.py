"""Load the monitoring schemes of fixtures/monitoring; run again it changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from monitoring.domain import load_schemes
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.kit.yaml_files import read_yaml

FILE = settings.BASE_DIR / "fixtures" / "monitoring" / "schemes.yaml"


class Command(BaseCommand):
    help = "Load monitoring schemes from fixtures/monitoring/schemes.yaml"

    def handle(self, **_: Any) -> None:
        document = read_yaml(FILE)
        changed = load_schemes(document=document, by=system_actor("载入监测方案"), at=clock.now())
        self.stdout.write(f"monitoring schemes: {changed} changed")
