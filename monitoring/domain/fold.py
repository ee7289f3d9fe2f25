"""The fold: batches become activity days.

One transaction per source takes up a slice of its batches, merges them and marks them. Killed at any point it leaves
either everything or nothing, and running it again changes nothing. It writes no audit: its result can be recomputed.
Nobody else folds the source meanwhile (`domain.alone`); batches may come in all the while.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from monitoring.domain.activity_rows import write_days
from monitoring.domain.alone import Work, alone_with
from monitoring.models import Batch, Source
from monitoring.queries import sources_to_fold, waits_for_verdict
from monitoring.queries.sources import SOURCE_BY_ID
from monitoring.rules.payload import DayKey, DayState, count_payload, day_of
from platform_site.accounts.queries import day_of as shanghai_day
from platform_site.kit.compiled import Compiled, given
from platform_site.outbox.domain import enqueue

SLICE, SLICE_READINGS = 100, 500_000  # batches and readings of one transaction


_WAITING = Compiled(
    lambda: (
        Batch.objects.filter(source_id=given("source"), folded_at__isnull=True)
        .order_by("received_on", "pk")
        .only("received_on", "payload")[:SLICE]
    )
)


@dataclass(slots=True)
class FoldResult:
    """more: the source had more than fits into a slice."""

    batches: int = 0
    readings: int = 0
    days: int = 0
    more: bool = False

    def add(self, other: "FoldResult") -> None:
        self.batches += other.batches
        self.readings += other.readings
        self.days += other.days


def fold(*, at: datetime, source_ids: Iterable[int] | None = None, wait: bool = True) -> FoldResult:
    """Count everything that waits, or only these sources; source by source, slice by slice.

    wait False: leave a source to whoever is folding it just now.
    """
    total = FoldResult()
    for source_id in sources_to_fold() if source_ids is None else source_ids:
        more = True
        while more:
            part = fold_slice(source_id=source_id, at=at, wait=wait)
            total.add(part)
            more = part.more
    return total


def fold_slice(*, source_id: int, at: datetime, wait: bool = True) -> FoldResult:
    """The oldest batches of one source that wait, in one transaction."""
    with alone_with(Work.FOLD, source_id, wait=wait) as mine:
        if not mine:
            return FoldResult()
        source = SOURCE_BY_ID.one(pk=source_id)
        batches, states, readings = _counted(source)
        _merge(source, states)
        for day, keys in batches.items():
            Batch.objects.filter(received_on=day, pk__in=keys).update(folded_at=at)
        if _has_whole_days(states, shanghai_day(at)) and waits_for_verdict(source.voucher_id):
            # Today's data decide nothing yet; a day that is over may complete the verdict before the night.
            enqueue(task="settlement.judge_confirmed", kwargs={"voucher_id": source.voucher_id}, at=at)
    taken = sum(map(len, batches.values()))
    return FoldResult(taken, readings, len(states), more=taken == SLICE or readings > SLICE_READINGS)


def _counted(source: Source) -> tuple[dict[date, list[int]], dict[DayKey, DayState], int]:
    """Waiting batches by the day they came, what they say, and of how many readings: no more than a slice."""
    batches: dict[date, list[int]] = defaultdict(list)
    states: dict[DayKey, DayState] = {}
    readings = 0
    for batch in _WAITING.rows(source=source.pk):
        readings += count_payload(bytes(batch.payload), states)
        batches[batch.received_on].append(batch.pk)
        if readings > SLICE_READINGS:
            break
    return batches, states, readings


def _has_whole_days(states: Iterable[DayKey], today: date) -> bool:
    return any(day_of(number) < today for _, _, number in states)


def _merge(source: Source, states: dict[DayKey, DayState]) -> None:
    by_kind: dict[str, dict[tuple[str, date], DayState]] = defaultdict(dict)
    for (kind, subject, number), state in states.items():
        by_kind[kind][subject, day_of(number)] = state
    for kind, days in by_kind.items():
        write_days(source, kind, days)
