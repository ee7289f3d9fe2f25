"""A season of honest use for demo and tests: real records, really signed, through the real ingest."""

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import uuid4

import orjson

from monitoring.domain.authenticate import SignedRequest
from monitoring.domain.ingest import ingest
from monitoring.domain.keys import current_key
from monitoring.models import Source
from monitoring.queries import devices_of, terms_of
from monitoring.rules.factory_shapes import SHANGHAI, Plant, day_records
from monitoring.rules.fleets import own_line
from monitoring.rules.signature import sign
from platform_site.kit.actor import Actor
from platform_site.working_calendar.queries import is_working_day
from vouchers.models import Voucher

PART = 20_000
SENT_AFTER = timedelta(minutes=10)
USERS = 12


@dataclass(slots=True)
class Season:
    """What was sent and how it was answered."""

    batches: int = 0
    accepted: int = 0
    rejected: int = 0
    known: int = 0


def simulate_season(
    *,
    source: Source,
    first_day: date,
    days: int,
    by: Actor,
    at: datetime,
    quiet_devices: int = 0,
    seed: str = "2020",
    address: str = "",
) -> Season:
    """Send each day's batches a few minutes after midnight, as a supplier would have, none later than `at`.

    The last `quiet_devices` of the list are hardly used. Sending again with the same seed changes nothing: batch ids
    are made from day and part. Raises LookupError when the source has no current key.
    """
    key, season = current_key(source), Season()
    plant = plant_of(source.voucher, first_day, days, quiet_devices=quiet_devices, seed=seed, address=address)
    for day in (first_day + timedelta(days=step) for step in range(days)):
        sent_at = min(datetime.combine(day + timedelta(days=1), time(), tzinfo=SHANGHAI) + SENT_AFTER, at)
        for number, part in enumerate(parts(day_records(plant, day)), start=1):
            body = body_of(f"sim-{seed}-{day:%m%d}-{number}", part)
            answer = ingest(request=signed(key, body, sent_at), by=by, at=sent_at)
            season.batches += 1
            season.accepted += answer.accepted
            season.rejected += answer.rejected
            season.known += answer.known
    return season


def plant_of(
    voucher: Voucher,
    first_day: date,
    days: int,
    *,
    quiet_devices: int = 0,
    seed: str = "2020",
    address: str = "",
) -> Plant:
    """The customer behind a voucher: its listed devices, or a dozen accounts and the contract's modules. Each
    enterprise has a line of its own, unless `address` is given."""
    span = [first_day + timedelta(days=step) for step in range(days)]
    devices = tuple(devices_of(voucher).values_list("device_id", flat=True))
    by_device = terms_of(voucher).by_device
    return Plant(
        seed=f"{seed}-{voucher.number}",
        devices=devices,
        quiet=frozenset(devices[len(devices) - quiet_devices :]),
        users=() if by_device else tuple(f"u{number:03d}" for number in range(1, USERS + 1)),
        modules=tuple(voucher.contract.modules),
        address=address or own_line(voucher.enterprise_id),
        holidays=frozenset(day for day in span if day.weekday() < 5 and not is_working_day(day)),
    )


def signed(key: tuple[str, str], body: bytes, at: datetime) -> SignedRequest:
    key_id, secret = key
    timestamp, nonce = str(int(at.timestamp())), uuid4().hex
    return SignedRequest(key_id, timestamp, nonce, sign(secret, timestamp, nonce, body), body, gzipped=True)


def body_of(batch_id: str, records: Iterable[dict[str, Any]]) -> bytes:
    """JSON lines, the first names the batch, gzip."""
    return gzip.compress(b"\n".join([orjson.dumps({"batch": batch_id}), *map(orjson.dumps, records)]), 6, mtime=0)


def parts(records: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Slices small enough for one batch; a day without records sends none."""
    while part := list(islice(records, PART)):
        yield part
