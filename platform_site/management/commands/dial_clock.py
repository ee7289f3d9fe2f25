"""`manage.py dial_clock +30d|+3h|reset`: moves the platform's own clock. Not possible in production."""

import re
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from platform_site.kit import clock

UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def parse_step(text: str) -> timedelta:
    """`+1d12h` and the like. Raises ValueError; time only runs forward, `reset` goes back to the machine's."""
    parts = re.findall(r"(\d+)([dhms])", text)
    if not parts or "+" + "".join(number + unit for number, unit in parts) != text:
        raise ValueError(text)
    return sum((timedelta(**{UNITS[unit]: int(number)}) for number, unit in parts), timedelta())


class Command(BaseCommand):
    help = "Moves the platform's clock forward for a demonstration, or back to the machine's time."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("step", help="+30d, +3h, +1d12h, +15m, or reset")

    def handle(self, *args: Any, step: str, **options: Any) -> None:
        if not settings.CLOCK_MAY_BE_DIALLED:
            raise CommandError("This platform's clock is the machine's and cannot be dialled (DATABASE_URL is set).")
        try:
            to = timedelta() if step == "reset" else clock.offset() + parse_step(step)
        except ValueError as error:
            raise CommandError(f"“{step}” is no step: write +30d, +3h, +1d12h, +15m, or reset.") from error
        clock.dial(to)
        self.stdout.write(f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M:%S} ({to} ahead of the machine)")
