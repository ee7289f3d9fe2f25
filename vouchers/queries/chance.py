"""The figures behind the estimated chance of a waiting application."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Aggregate, Count, Q, Sum

from catalog.models import Period
from vouchers.enums import MovementKind
from vouchers.models import QuotaMovement, Voucher, WaitingClaim
from vouchers.queries.quota import ahead_of, as_claim, available_in, dimension_names
from vouchers.rules.chance import Chance, Given, Line, chance_of
from vouchers.rules.queue import Claim

ZERO = Decimal("0.00")
KEPT_SECONDS = 60  # sums over a whole ledger; many who wait ask for the same ones


def chances_of(voucher: Voucher, at: datetime) -> list[Chance]:
    """One per dimension that is short, the tightest first; empty when the voucher does not wait."""
    own = WaitingClaim.objects.filter(voucher=voucher, rises=False).first()
    if own is None:
        return []
    period = voucher.period
    lines = [line for line in _lines(period, as_claim(own)).items() if line[1].short > ZERO]
    days_left = max((period.apply_to - at).days, 0)
    found = []
    for dimension, line in sorted(lines, key=lambda one: -one[1].short):
        now, earlier = _given(period, dimension, at)
        found.append(chance_of(line, now, earlier, days_left))
    return found


def rise_waiting(voucher: Voucher) -> Decimal:
    """Yuan that a correction asked for more and that still queue; 0.00: none (platform default 5)."""
    rows = WaitingClaim.objects.filter(voucher=voucher, rises=True)
    return rows.aggregate(sum=Sum("amount"))["sum"] or ZERO


def _lines(period: Period, claim: Claim) -> dict[str, Line]:
    """The queue before a claim, per dimension, one query for all."""
    left, names = available_in(period, claim.dimensions), dimension_names(claim.dimensions)
    uses = {d: Q(budget_dimension=d) | Q(supplier_dimension=d) for d in claim.dimensions}
    wanted: dict[str, Aggregate] = {f"count{n}": Count("pk", filter=use) for n, use in enumerate(uses.values())}
    wanted |= {f"sum{n}": Sum("amount", filter=use) for n, use in enumerate(uses.values())}
    before = ahead_of(period, claim).aggregate(**wanted)
    return {
        d: Line(names[d], before[f"count{n}"], before[f"sum{n}"] or ZERO, claim.amount, left[d])
        for n, d in enumerate(uses)
    }


def _given(period: Period, dimension: str, at: datetime) -> tuple[Given, list[Given]]:
    """What this period, and those before it, reserved and gave back in a dimension."""
    key = f"given:{period.pk}:{dimension}"
    sums: dict[int, tuple[str, Decimal, Decimal]] = cache.get(key) or {}
    if not sums:
        sums = _sums(period, dimension)
        cache.set(key, sums, KEPT_SECONDS)
    _, reserved, released = sums.get(period.pk, ("", ZERO, ZERO))
    now = Given(period.title, max((at - period.apply_from).days, 0), reserved, released)
    return now, list(_earlier(row for pk, row in sums.items() if pk != period.pk))


def _earlier(rows: Iterable[tuple[str, Decimal, Decimal]]) -> Iterable[Given]:
    for title, reserved, released in rows:
        yield Given(title, 0, reserved, released)


def _sums(period: Period, dimension: str) -> dict[int, tuple[str, Decimal, Decimal]]:
    """Period → (title, reserved, released), this one and those that opened before it, oldest first."""
    rows = (
        QuotaMovement.objects.filter(dimension=dimension, period__apply_from__lte=period.apply_from)
        .values("period_id", "period__title", "period__apply_from")
        .annotate(
            reserved=Sum("amount", filter=Q(kind=MovementKind.RESERVE)),
            released=Sum("amount", filter=Q(kind=MovementKind.RELEASE)),
        )
        .order_by("period__apply_from")
    )
    return {row["period_id"]: (row["period__title"], row["reserved"] or ZERO, row["released"] or ZERO) for row in rows}
