"""How far the allocator has come, and whether the ledger agrees with the balances."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from catalog.models import Period
from vouchers.models import QuotaBalance, QuotaCursor, QuotaEvent, QuotaMovement
from vouchers.rules.ledger import Sums, replay

ZERO = Decimal("0.00")


# -- the allocator's health ------------------------------------------------------------------------------------------


def undecided_events(period_id: int) -> QuerySet[QuotaEvent]:
    """Behind the cursor, in order."""
    rows = QuotaEvent.objects.filter(period_id=period_id)
    cursor = QuotaCursor.objects.filter(period_id=period_id).first()
    if cursor is not None and cursor.arrived_at is not None:
        rows = rows.filter(
            Q(arrived_at__gt=cursor.arrived_at) | Q(arrived_at=cursor.arrived_at, pk__gt=cursor.event_id),
            arrived_at__gte=cursor.arrived_at,
        )
    return rows.order_by("arrived_at", "pk")


def periods_with_backlog() -> list[int]:
    """Periods in which something waits to be decided."""
    return [
        pk for pk in Period.objects.exclude(state="draft").values_list("pk", flat=True) if undecided_events(pk).exists()
    ]


@dataclass(frozen=True, slots=True)
class Lag:
    """undecided: events not decided yet. oldest: when the first of them arrived, None when there is none.
    late: events that stand before the cursor without a decision; anything but zero is a defect."""

    undecided: int
    oldest: datetime | None
    late: int


def allocator_lag() -> Lag:
    """Over all periods, for the health page."""
    pending = [
        row for pk in periods_with_backlog() for row in undecided_events(pk).values_list("arrived_at", flat=True)
    ]
    cursors = QuotaCursor.objects.filter(arrived_at__isnull=False)
    behind = cursors.values_list("period_id", "arrived_at", "event_id")
    late = sum(_late(period, at, event) for period, at, event in behind if at is not None)
    return Lag(len(pending), min(pending, default=None), late)


def _late(period_id: int, arrived_at: datetime, event_id: int) -> int:
    before = Q(arrived_at__lt=arrived_at) | Q(arrived_at=arrived_at, pk__lte=event_id)
    return QuotaEvent.objects.filter(before, period_id=period_id, decision__isnull=True).count()


def decisions_lag_seconds(at: datetime) -> float:
    """Age of the oldest undecided event; 0.0 when all are decided."""
    oldest = allocator_lag().oldest
    return max((at - oldest).total_seconds(), 0.0) if oldest else 0.0


# -- the ledger ------------------------------------------------------------------------------------------------------


def ledger_replay(period: Period) -> dict[str, Sums]:
    """The balances as the movements make them."""
    rows = QuotaMovement.objects.filter(period=period).order_by("sequence")
    return replay(rows.values_list("dimension", "kind", "amount"))


def ledger_differences(period: Period) -> dict[str, tuple[Sums, Sums]]:
    """Dimension → (replayed, written) where they differ; empty when the ledger is right."""
    written = {
        row.dimension: Sums(row.total, row.reserved, row.consumed) for row in QuotaBalance.objects.filter(period=period)
    }
    played = ledger_replay(period)
    keys = written.keys() | played.keys()
    pairs = {key: (played.get(key, Sums()), written.get(key, Sums())) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
