"""`manage.py allocator`: lead the allocation until told to stop."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from vouchers.domain import allocate
from vouchers.domain.allocate import LEADER_BATCH, allocate_batch
from vouchers.domain.events import claim_busy

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
        lead = Lead()
        while not stop.is_set():
            if lead.turn() < LEADER_BATCH:
                stop.wait(options["pause"])


class Lead:
    """The allocator's own loop. While it runs it says so, and whoever submits leaves the deciding to it."""

    def __init__(self) -> None:
        self.known = False

    def turn(self) -> int:
        """A batch is one transaction: a stop, or a lost database, leaves nothing half done. Gives how many."""
        try:
            self.known = self.known or claim_busy()
            return allocate_batch()
        except DatabaseError as error:
            log.warning("allocator: %s", error)
            close_old_connections()
            self.known = False  # the lock went with the connection
            return 0
