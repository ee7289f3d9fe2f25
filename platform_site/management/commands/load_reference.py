"""`manage.py load_reference`: cities, policy, catalog and monitoring schemes from fixtures/. All may be repeated."""

from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

STEPS = ("load_cities", "load_policy", "load_catalog", "load_monitoring")


class Command(BaseCommand):
    help = "Loads what the platform needs before the first person signs in; running it again changes nothing."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        known = get_commands()
        for step in STEPS:
            if step in known:
                call_command(step, verbosity=verbosity)
            else:
                self.stderr.write(f"{step} is not part of this platform yet; left out")
