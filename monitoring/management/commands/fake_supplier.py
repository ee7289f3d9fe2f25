"""A stand-in for the suppliers' own systems: sends signed batches every few minutes, or is asked for its log."""

import threading
import time
import urllib.error
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand

from monitoring.connectors.supplier_stand_in import LogPage, LogServer
from monitoring.connectors.telemetry_client import send
from monitoring.domain.keys import current_key
from monitoring.domain.simulate import plant_of
from monitoring.models import Source
from monitoring.queries.sources import pull_source_of, push_sources
from monitoring.rules.factory_shapes import SHANGHAI, SLOT, day_records, slot_records
from platform_site.accounts.queries import day_of
from platform_site.kit import clock

PAGE_SLOTS = 72  # of the log, in one page: six hours


class Command(BaseCommand):
    help = (
        "Stand-in supplier system: every --every seconds one signed batch per connected voucher, over HTTP; with "
        "--serve also the log server of vouchers that the platform fetches, at http://HOST:PORT/logs/<voucher number>"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the platform")
        parser.add_argument("--every", type=float, default=SLOT * 60, help="seconds between rounds")
        parser.add_argument("--voucher", action="append", default=[], help="only these vouchers; may be repeated")
        parser.add_argument("--rounds", type=int, default=0, help="stop after so many rounds; 0: never")
        parser.add_argument("--seed", default="2020")
        parser.add_argument("--serve", default="", metavar="HOST:PORT", help="be asked for logs there")

    def handle(self, *, url: str, every: float, voucher: list[str], rounds: int, seed: str, **given: Any) -> None:
        if given["serve"]:
            self._serve(given["serve"], seed)
        done = 0
        while not rounds or done < rounds:
            sources = push_sources().filter(voucher__number__in=voucher) if voucher else push_sources()
            for source in sources:
                self._send(source, url, seed)
            done += 1
            if not rounds or done < rounds:
                time.sleep(every)

    def _serve(self, place: str, seed: str) -> None:
        host, _, port = place.rpartition(":")
        server = LogServer((host, int(port)), lambda number, cursor: log_page(number, cursor, seed, clock.now()))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.stdout.write(f"log server at http://{host}:{server.server_address[1]}/logs/<voucher number>")

    def _send(self, source: Source, url: str, seed: str) -> None:
        at = clock.now()
        plant = plant_of(source.voucher, day_of(at), 1, seed=seed)
        records = slot_records(plant, at)
        if not records:
            return
        slot = int(at.timestamp()) // (SLOT * 60)
        try:
            key_id, secret = current_key(source)
            status, answer = send(url, key_id, secret, f"live-{slot}", records, attempts=1)
        except (LookupError, urllib.error.URLError) as error:
            self.stderr.write(f"{source.voucher.number}: {error}")
            return
        self.stdout.write(f"{source.voucher.number}: {status}, {answer.get('accepted', 0)} accepted")


def log_page(number: str, cursor: str, seed: str, at: datetime) -> LogPage | None:
    """The log of a voucher's day from the cursor on, in whole slots; it begins with the day. None: nothing new.

    cursor: number of the slot to go on with, since 1970. Raises LookupError when the platform does not fetch it.
    """
    source = pull_source_of(number)
    now, midnight = int(at.timestamp()) // (SLOT * 60), datetime.combine(day_of(at), datetime.min.time(), SHANGHAI)
    first = int(cursor) if cursor else int(midnight.timestamp()) // (SLOT * 60)
    start = datetime.fromtimestamp(first * SLOT * 60, SHANGHAI)
    day_end = datetime.combine(start.date() + timedelta(days=1), datetime.min.time(), SHANGHAI)
    last = min(now, first + PAGE_SLOTS, int(day_end.timestamp()) // (SLOT * 60))
    if last <= first:
        return None
    end = datetime.fromtimestamp(last * SLOT * 60, SHANGHAI)
    plant = plant_of(source.voucher, start.date(), 1, seed=seed)
    told = day_records(plant, start.date())
    records = [record for record in told if start <= datetime.fromisoformat(record["at"]) < end]
    return LogPage(current_key(source), f"log-{first}-{last}", str(last), last < now, records)
