"""The fold: batches become activity days.

One transaction per source takes up a slice of its batches, merges them and marks them. Killed at any point it leaves
either everything or nothing, and running it again changes nothing. It writes no audit: its result can be recomputed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from monitoring.enums import SourceKind
from monitoring.models import ActivityDay, Batch, DeviceDay, Source, UserDay
from monitoring.queries import sources_to_fold, waits_for_verdict
from monitoring.rules import minute_map
from monitoring.rules.payload import DayKey, DayState, count, day_of, unpack
from platform_site.accounts.queries import day_of as shanghai_day
from platform_site.kit.locks import Rank, lock_one
from platform_site.outbox.domain import enqueue

SLICE = 100
_SUBJECT_FIELDS: dict[str, tuple[type[DeviceDay] | type[UserDay], str]] = {
    "d": (DeviceDay, "device_id"),
    "u": (UserDay, "user"),
}
_UPDATED = ["minutes", "minute_count", "readings", "addresses", "modules"]


@dataclass(slots=True)
class FoldResult:
    batches: int = 0
    readings: int = 0
    days: int = 0

    def add(self, other: "FoldResult") -> None:
        self.batches += other.batches
        self.readings += other.readings
        self.days += other.days


def fold(*, at: datetime, source_ids: Iterable[int] | None = None) -> FoldResult:
    """Count everything that waits, or only these sources; source by source, slice by slice."""
    total = FoldResult()
    for source_id in sources_to_fold() if source_ids is None else source_ids:
        while (part := fold_slice(source_id=source_id, at=at)).batches:
            total.add(part)
    return total


def fold_slice(*, source_id: int, at: datetime) -> FoldResult:
    """The oldest batches of one source that wait, in one transaction."""
    with transaction.atomic():
        source = lock_one(Rank.LEDGER, Source.objects.all(), pk=source_id)
        batches = list(Batch.objects.filter(source=source, folded_at__isnull=True).order_by("pk")[:SLICE])
        states: dict[DayKey, DayState] = {}
        readings = 0
        for batch in batches:
            rows = unpack(bytes(batch.payload))
            readings += len(rows)
            count(rows, states)
        _merge(source, states)
        Batch.objects.filter(pk__in=[batch.pk for batch in batches]).update(folded_at=at)
        if _has_whole_days(states, shanghai_day(at)) and waits_for_verdict(source.voucher_id):
            # Today's data decide nothing yet; a day that is over may complete the verdict before the night.
            enqueue(task="settlement.judge_confirmed", kwargs={"voucher_id": source.voucher_id}, at=at)
    return FoldResult(batches=len(batches), readings=readings, days=len(states))


def _has_whole_days(states: Iterable[DayKey], today: date) -> bool:
    return any(day_of(number) < today for _, _, number in states)


def _merge(source: Source, states: dict[DayKey, DayState]) -> None:
    by_kind: dict[str, dict[tuple[str, date], DayState]] = defaultdict(dict)
    for (kind, subject, number), state in states.items():
        by_kind[kind][subject, day_of(number)] = state
    for kind, days in by_kind.items():
        _write(source, kind, days)


def _write(source: Source, kind: str, days: dict[tuple[str, date], DayState]) -> None:
    model, name = _SUBJECT_FIELDS[kind]
    keys = {"voucher_id": source.voucher_id, "source_kind": source.kind}
    subjects, dates = {subject for subject, _ in days}, {day for _, day in days}
    known = model.objects.filter(**keys, **{f"{name}__in": subjects}, day__range=(min(dates), max(dates)))
    existing = {(getattr(row, name), row.day): row for row in known}
    # Operators give exact spans; a supplier's record stands for its whole slot.
    slot = 1 if source.kind == SourceKind.OPERATOR_FEED else source.scheme["slot_minutes"]
    rows: list[Any] = [
        _merged(existing.get(key) or model(**keys, day=key[1], **{name: key[0]}), state, slot)
        for key, state in days.items()
    ]
    model.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["voucher", "source_kind", name, "day"],
        update_fields=_UPDATED,
    )


def _merged(row: ActivityDay, state: DayState, slot: int) -> ActivityDay:
    row.pk = None  # written by its natural key
    row.minutes = minute_map.merge(bytes(row.minutes or minute_map.EMPTY), state.minutes())
    row.minute_count = minute_map.active_minutes(row.minutes, slot)
    row.readings = (row.readings or 0) + state.readings
    row.addresses = minute_map.first_sorted(row.addresses, state.addresses)
    row.modules = minute_map.first_sorted(row.modules, state.modules)
    return row
