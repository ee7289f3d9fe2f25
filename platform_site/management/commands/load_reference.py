"""`manage.py load_reference`: cities, policy, catalog and monitoring schemes from fixtures/. All may be repeated."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

STEPS = ("load_cities", "load_policy", "load_catalog", "load_monitoring")


class Command(BaseCommand):
    help = "Loads what the platform needs before the first person signs in; running it again changes nothing."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        for step in STEPS:
            call_command(step, verbosity=verbosity, stdout=self.stdout, stderr=self.stderr)
