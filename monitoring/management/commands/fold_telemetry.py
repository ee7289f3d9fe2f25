"""Count waiting telemetry batches now, and judge."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from monitoring.domain import fold
from monitoring.tasks import judge_all
from platform_site.kit import clock


class Command(BaseCommand):
    help = "Count waiting telemetry batches now; with --judge also judge every open voucher"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--judge", action="store_true")

    def handle(self, *, judge: bool, **_: Any) -> None:
        start = time.monotonic()
        done = fold(at=clock.now())
        seconds = time.monotonic() - start
        self.stdout.write(f"{done.batches} batches, {done.readings} readings, {done.days} days in {seconds:.2f} s")
        if judge:
            self.stdout.write(f"{judge_all()} vouchers judged")
