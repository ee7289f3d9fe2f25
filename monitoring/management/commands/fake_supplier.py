"""A stand-in for the suppliers' own systems: sends signed batches over HTTP every few minutes."""

import time
import urllib.error
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from monitoring.connectors.telemetry_client import send
from monitoring.domain.simulate import current_key, plant_of
from monitoring.models import Source
from monitoring.queries.sources import push_sources
from monitoring.rules.factory_shapes import SLOT, slot_records
from platform_site.accounts.queries import day_of
from platform_site.kit import clock


class Command(BaseCommand):
    help = "Stand-in supplier system: every --every seconds one signed batch per connected voucher, over HTTP"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the platform")
        parser.add_argument("--every", type=float, default=SLOT * 60, help="seconds between rounds")
        parser.add_argument("--voucher", action="append", default=[], help="only these vouchers; may be repeated")
        parser.add_argument("--rounds", type=int, default=0, help="stop after so many rounds; 0: never")
        parser.add_argument("--seed", default="2020")

    def handle(self, *, url: str, every: float, voucher: list[str], rounds: int, seed: str, **_: Any) -> None:
        done = 0
        while not rounds or done < rounds:
            sources = push_sources().filter(voucher__number__in=voucher) if voucher else push_sources()
            for source in sources:
                self._send(source, url, seed)
            done += 1
            if not rounds or done < rounds:
                time.sleep(every)

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
