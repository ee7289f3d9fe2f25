"""The order of settlement and the reach of the money as one window query, for any number of redemptions.

It is `rules.order.settle_within` in SQL; a property test holds both together. That the first claim that doesn't fit
stops all behind it needs no recursion: amounts are never negative, so the sum stays above the budget.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, RowRange, Sum, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.db.models.lookups import LessThanOrEqual

from platform_site.accounts.enums import Bar
from platform_site.accounts.queries import barred_companies
from settlement.enums import RedemptionState
from settlement.models import Redemption
from settlement.rules.order import CARRIED_OVER, EXCELLENT, OTHER, PILOT, ranks_of

MARKS = {
    CARRIED_OVER: Q(carried_over_at__isnull=False),
    PILOT: Q(voucher__pilot__isnull=False),
    EXCELLENT: Q(voucher__supplier__priority=True),
    OTHER: Q(pk__isnull=False),
}
# In the order of the columns of a batch line, see `domain.allocate_lines`.
COLUMNS = (
    "pk", "order_no", "priority", "amount", "bonus_amount", "matching_amount", "line_total", "fits",
    "bank_account_name", "bank_name", "bank_account",
)  # fmt: skip


def waiting_for_money(city_id: str, period_id: int, at: datetime) -> QuerySet[Redemption]:
    """Payable and carried over, without those whose enterprise is barred from being paid (S19/7.5.1)."""
    states = [RedemptionState.PAYABLE, RedemptionState.CARRIED_OVER]
    found = Redemption.objects.filter(city_id=city_id, period_id=period_id, state__in=states)
    return found.exclude(voucher__enterprise__uscc__in=barred_companies(Bar.REDEEM, at))


def allocation(waiting: QuerySet[Redemption], order: Sequence[str], budget: Decimal) -> QuerySet[Any, Any]:
    """Rows of `COLUMNS`, one per redemption, unsorted. Raises ValueError for an unknown class in `order`."""
    ranks = ranks_of(order)
    by_rank = sorted(ranks, key=lambda name: ranks[name])
    paid = Coalesce("approved_amount", "claimed_amount")
    ordered = waiting.annotate(
        rank=Case(*(When(MARKS[name], then=Value(ranks[name])) for name in by_rank), output_field=IntegerField()),
        priority=Case(*(When(MARKS[name], then=Value(name)) for name in by_rank), output_field=CharField()),
        amount=paid,
        line_total=paid + F("bonus_amount") + F("matching_amount"),
        asked=Coalesce("voucher__sequence", 0),
    )
    place = ["rank", "submitted_at", "asked", "pk"]
    until_here = RowRange(start=None, end=0)  # spelled alike for both, so that the database makes one pass
    number = Window(RowNumber(), order_by=place, frame=until_here)
    reached = Window(Sum("line_total"), order_by=place, frame=until_here)
    return ordered.annotate(order_no=number, fits=LessThanOrEqual(reached, budget)).values_list(*COLUMNS)
