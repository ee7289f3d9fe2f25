"""A supplier's limit: its class's amount, adjusted by its rating, and a part of what is kept for excellent ones.

N20/3.2: 8 or 5 million by class, adjusted by checks, users' ratings and complaints. S19/7.4: excellent suppliers come
first; a reserve is split evenly over them, in whole units.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from vouchers.rules.quota_split import largest_remainder

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class RatedSupplier:
    """base: yuan of its class. rating: a key of the factors."""

    supplier: int
    base: Decimal
    rating: str
    excellent: bool


@dataclass(frozen=True, slots=True)
class LimitLine:
    """amount = base × factor, down to whole units, + reserve; all in yuan."""

    supplier: int
    base: Decimal
    rating: str
    factor: Decimal
    adjusted: Decimal
    reserve: Decimal
    amount: Decimal


def supplier_limits(
    suppliers: Sequence[RatedSupplier], *, factors: Mapping[str, Decimal], reserve: Decimal, unit: Decimal
) -> tuple[LimitLine, ...]:
    """In the order given. What of the reserve is no whole unit, or has no excellent supplier, is not given out."""
    excellent = [one.supplier for one in suppliers if one.excellent]
    whole = (reserve / unit).to_integral_value(rounding=ROUND_DOWN) * unit
    parts = largest_remainder(whole, [whole / len(excellent)] * len(excellent), unit) if excellent else []
    extra = dict(zip(excellent, parts, strict=True))
    return tuple(_line(one, factors[one.rating], extra.get(one.supplier, ZERO), unit) for one in suppliers)


def _line(one: RatedSupplier, factor: Decimal, reserve: Decimal, unit: Decimal) -> LimitLine:
    adjusted = (one.base * factor / unit).to_integral_value(rounding=ROUND_DOWN) * unit
    return LimitLine(one.supplier, one.base, one.rating, factor, adjusted, reserve, adjusted + reserve)
