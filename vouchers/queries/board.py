"""The public board: how the queue of a period stands, for everybody, cheap while many look at it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Min, Sum

from catalog.models import Period
from vouchers.models import WaitingClaim
from vouchers.queries.ledger import undecided_events
from vouchers.queries.quota import queue_board

ZERO = Decimal("0.00")
KEPT_SECONDS = 3  # the whole country may look at the opening; the page says of when it is
TOO_FEW = 3  # of so few in a city no amount is told, so that nobody can be told from it


@dataclass(frozen=True, slots=True)
class QueueState:
    """waiting: applications; needed: their yuan; oldest: when the first of them arrived, None: nobody waits.
    undecided: arrived, and the allocator has not come to it yet; undecided_since: the first of those."""

    waiting: int
    needed: Decimal
    oldest: datetime | None
    undecided: int
    undecided_since: datetime | None


@dataclass(frozen=True, slots=True)
class Board:
    """As it was at `at`. `cities`: rows of `queue_board`, with `needed` None where too few wait."""

    at: datetime
    state: QueueState
    cities: list[dict[str, Any]]


def public_board(period: Period, at: datetime) -> Board:
    """A few seconds old at most."""
    key = f"queue-board:{period.pk}"
    found = cache.get(key)
    if not isinstance(found, Board):
        found = Board(at, queue_state(period), [_city(row) for row in queue_board(period)])
        cache.set(key, found, KEPT_SECONDS)
    return found


def queue_state(period: Period) -> QueueState:
    waiting = WaitingClaim.objects.filter(period=period)
    row = waiting.aggregate(count=Count("voucher", distinct=True), needed=Sum("amount"), oldest=Min("arrived_at"))
    behind = undecided_events(period.pk).order_by().aggregate(count=Count("pk"), since=Min("arrived_at"))
    return QueueState(row["count"], row["needed"] or ZERO, row["oldest"], behind["count"], behind["since"])


def _city(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"needed": row["waiting_sum"] if row["waiting"] == 0 or row["waiting"] >= TOO_FEW else None}
