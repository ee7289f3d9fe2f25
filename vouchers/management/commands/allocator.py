"""`manage.py allocator`: lead the allocation until told to stop."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from vouchers.domain import allocate

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Decides arrivals, grants and releases of all periods in their order. Several may run: one leads per period."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pause", type=float, default=0.25, help="seconds between two looks when nothing waits")
        parser.add_argument("--once", action="store_true", help="decide what waits now and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{allocate()} decided")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            if not self._turn():
                stop.wait(options["pause"])

    def _turn(self) -> int:
        """A batch is one transaction: a stop, or a lost database, leaves nothing half done."""
        try:
            return allocate()
        except DatabaseError as error:
            log.warning("allocator: %s", error)
            close_old_connections()
            return 0
