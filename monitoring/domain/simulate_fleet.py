"""A whole fleet, honest and cheating, for the demo and for measuring the signs.

The fast path: no texts, signatures and batches. The accepted records of `rules.fleets` become activity days by the
fold's own code (`payload.count`, `activity_rows.write_days`) and receipts say when they arrived; everything
after that, from the fingerprints on, is what runs every night.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitoring.domain.activity_rows import Key, write_days
from monitoring.domain.fleet_ground import Ground, lay_ground, morning_of
from monitoring.domain.look_for_signs import look_for_signs
from monitoring.domain.trace_days import trace_days
from monitoring.enums import SourceKind
from monitoring.models import BatchReceipt, Sign, Source
from monitoring.rules.cheats import make_fleet, seen_rows, sent_rows
from monitoring.rules.fleet_score import FleetScore, score_fleet
from monitoring.rules.fleets import Delivery, Fleet, Member, Span, deliveries_of
from monitoring.rules.payload import DayKey, DayState, count, day_of
from monitoring.rules.records import Row
from platform_site.accounts.queries import day_of as shanghai_day
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.working_calendar.queries import is_working_day

DAYS = 42
PART = 100  # vouchers looked at together


@dataclass(frozen=True, slots=True)
class FleetRun:
    """What was made and how well it was told apart."""

    vouchers: int
    days: int
    score: FleetScore


@command
def simulate_fleet(*, vouchers: int, seed: str, by: Actor, at: datetime, days: int = DAYS) -> FleetRun:
    """Make the fleet's data up to yesterday, look for signs, compare with what was planted.

    Raises ValueError where so few vouchers have no room for nine kinds of cheats, Refusal for a seed kept before.
    """
    fleet = _fleet(seed, vouchers, days, at)
    ground = lay_ground(fleet, seed, at)
    written = sum(_fill(member, fleet, ground) for member in fleet.members)
    numbers = {voucher.pk: number for number, voucher in ground.vouchers.items()}
    for work in (_trace, _look):
        for part in _parts(sorted(numbers)):
            work(part, by, at)
    found: dict[int, set[str]] = defaultdict(set)
    for voucher_id, kind in Sign.objects.filter(voucher__in=numbers, score__gt=0).values_list("voucher_id", "kind"):
        found[numbers[voucher_id]].add(kind)
    return FleetRun(vouchers, written, score_fleet(fleet, found))


def _fleet(seed: str, vouchers: int, days: int, at: datetime) -> Fleet:
    last = shanghai_day(at) - timedelta(days=1)
    span = Span(last - timedelta(days=days - 1), last)
    rest = frozenset(day for day in span.days() if day.weekday() < 5 and not is_working_day(day))
    return make_fleet(seed, vouchers, span, rest)


def _trace(part: list[int], by: Actor, at: datetime) -> None:
    trace_days(voucher_ids=part, at=at)


def _look(part: list[int], by: Actor, at: datetime) -> None:
    look_for_signs(voucher_ids=part, by=by, at=at)


def _parts(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + PART] for start in range(0, len(ids), PART))


def _fill(member: Member, fleet: Fleet, ground: Ground) -> int:
    """All days and receipts of one member. Returns how many days."""
    voucher_id = ground.vouchers[member.number].pk
    states, counts = _counted(member, sent_rows, fleet.span)
    source = ground.sources[voucher_id, SourceKind.SUPPLIER_PUSH]
    written = _write_days(source, states, fleet.span)
    BatchReceipt.objects.bulk_create(
        _receipt(source, number, delivery) for number, delivery in enumerate(deliveries_of(member, counts))
    )
    operators = ground.sources.get((voucher_id, SourceKind.OPERATOR_FEED))
    if operators is not None:
        seen, _ = _counted(member, seen_rows, fleet.span)
        written += _write_days(operators, seen, fleet.span)
    return written


def _counted(
    member: Member, rows: Callable[[Member, date], Iterable[Row]], span: Span
) -> tuple[dict[DayKey, DayState], dict[date, int]]:
    """States of days by the fold's rule, and records by the day they were made."""
    states: dict[DayKey, DayState] = {}
    counts: dict[date, int] = {}
    for day in span.days():
        made = list(rows(member, day))
        counts[day] = len(made)
        count(made, states)
    return states, counts


def _write_days(source: Source, states: dict[DayKey, DayState], span: Span) -> int:
    """Rows of the days of the span; what runs over its end is left out."""
    by_kind: dict[str, dict[Key, DayState]] = defaultdict(dict)
    for (kind, subject, number), state in states.items():
        if span.first <= (day := day_of(number)) <= span.last:
            by_kind[kind][subject, day] = state
    for kind, days in by_kind.items():
        write_days(source, kind, days)
    return sum(map(len, by_kind.values()))


def _receipt(source: Source, number: int, delivery: Delivery) -> BatchReceipt:
    on = morning_of(delivery.on)
    return BatchReceipt(
        source=source,
        batch_id=f"sim-{number}",
        key_id=f"sim-{source.pk}",
        nonce=f"{number}",
        body_hash="",
        sent_at=on,
        received_at=on,
        records=delivery.records,
        accepted=delivery.records,
        rejected=0,
        known=0,
        late=delivery.late,
        first_at=morning_of(delivery.first),
        last_at=morning_of(delivery.last),
    )
