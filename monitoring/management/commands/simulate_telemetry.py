"""A season of honest use of one voucher, sent as a supplier would have sent it."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring.connectors.telemetry_client import send
from monitoring.domain import DeviceRow, fold, judge_adoption, set_up_source, simulate_season
from monitoring.domain.keys import current_key
from monitoring.domain.simulate import parts, plant_of
from monitoring.models import Source
from monitoring.queries import assessed, source_of
from monitoring.queries.sources import voucher_by_number
from monitoring.rules.adoption_words import headline
from monitoring.rules.factory_shapes import day_records, device_ids
from platform_site.accounts.queries import day_of
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.kit.findings import Refusal
from platform_site.outbox.domain import deliver, enqueue
from vouchers.models import Voucher

ACTOR = system_actor("模拟供应商")


class Command(BaseCommand):
    help = "Send realistic telemetry for a voucher: days up to yesterday, through the real ingest (or --http URL)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--voucher", required=True, help="voucher number, SQ…")
        parser.add_argument("--days", type=int, default=30)
        parser.add_argument("--devices", type=int, default=0, help="list so many devices first, if none are listed")
        parser.add_argument("--quiet-devices", type=int, default=0, help="so many of them are hardly used")
        parser.add_argument("--seed", default="2020")
        parser.add_argument("--judge", action="store_true", help="judge at once and pass the verdict on to the city")
        parser.add_argument("--http", default="", help="post to this platform instead of calling ingest")

    def handle(self, **given: Any) -> None:
        try:
            voucher = voucher_by_number(given["voucher"])
        except Voucher.DoesNotExist as missing:
            raise CommandError(f"no voucher {given['voucher']}") from missing
        source = source_of(voucher) or self._connect(voucher, given["devices"])
        first_day = day_of(clock.now()) - timedelta(days=given["days"])
        if given["http"]:
            self._post(source, first_day, given)
        else:
            self._send(source, first_day, given)
        self._result(voucher, judge=given["judge"])

    def _connect(self, voucher: Voucher, number: int) -> Source:
        rows = [DeviceRow(device_id) for device_id in device_ids(f"S{voucher.pk}", number)]
        at = clock.now()
        made = set_up_source(voucher=voucher, supplier=voucher.supplier, devices=rows, by=ACTOR, at=at)
        self.stdout.write(f"source set up with {number} devices, key {made.key_id}")
        return made.source

    def _send(self, source: Source, first_day: Any, given: dict[str, Any]) -> None:
        try:
            season = simulate_season(
                source=source,
                first_day=first_day,
                days=given["days"],
                quiet_devices=given["quiet_devices"],
                seed=given["seed"],
                by=ACTOR,
                at=clock.now(),
            )
        except Refusal as refusal:
            raise CommandError(f"{refusal}: other data were sent for these days; choose another --seed") from refusal
        self.stdout.write(f"{season.batches} batches, {season.accepted} accepted, {season.rejected} rejected")

    def _post(self, source: Source, first_day: Any, given: dict[str, Any]) -> None:
        key_id, secret = current_key(source)
        plant = plant_of(
            source.voucher, first_day, given["days"], quiet_devices=given["quiet_devices"], seed=given["seed"]
        )
        for step in range(given["days"]):
            day = first_day + timedelta(days=step)
            for number, part in enumerate(parts(day_records(plant, day)), start=1):
                batch_id = f"sim-{given['seed']}-{day:%m%d}-{number}"
                status, answer = send(given["http"], key_id, secret, batch_id, part)
                self.stdout.write(f"{batch_id}: {status} {answer.get('accepted', answer)}")

    def _result(self, voucher: Voucher, *, judge: bool) -> None:
        at = clock.now()
        self.stdout.write(f"{fold(at=at).readings} readings counted")
        if judge:
            verdict = judge_adoption(voucher=voucher, by=ACTOR, at=at)
            self._pass_on(voucher)
            self.stdout.write(f"{verdict.outcome}: {verdict.explanation['headline']}")
        else:
            found = assessed(voucher, at)
            words = headline(found.result, found.terms)
            self.stdout.write(f"as it stands {found.result.outcome}: {words}; the verdict follows, or now with --judge")

    def _pass_on(self, voucher: Voucher) -> None:
        """As the outbox would, without waiting for a worker."""
        job = enqueue(task="settlement.note_verdict", kwargs={"voucher_id": voucher.pk}, at=clock.now())
        if job is not None:
            deliver(job_id=job.pk, at=clock.now())
