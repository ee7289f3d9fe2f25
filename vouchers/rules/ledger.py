"""What movements make of a balance: the replay that must agree with the balances the allocator wrote."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Sums:
    """Totals of one dimension in yuan."""

    total: Decimal = ZERO
    reserved: Decimal = ZERO
    consumed: Decimal = ZERO


def moved(sums: Sums, kind: str, amount: Decimal) -> Sums:
    """One movement. Raises ValueError for a kind the ledger does not know."""
    if kind in ("grant", "transfer"):
        return Sums(sums.total + amount, sums.reserved, sums.consumed)
    if kind == "reserve":
        return Sums(sums.total, sums.reserved + amount, sums.consumed)
    if kind == "release":
        return Sums(sums.total, sums.reserved - amount, sums.consumed)
    if kind == "consume":
        return Sums(sums.total, sums.reserved - amount, sums.consumed + amount)
    raise ValueError(f"no movement of kind {kind!r}")


def replay(movements: Iterable[tuple[str, str, Decimal]]) -> dict[str, Sums]:
    """(dimension, kind, amount) in order → sums per dimension."""
    found: dict[str, Sums] = {}
    for dimension, kind, amount in movements:
        found[dimension] = moved(found.get(dimension, Sums()), kind, amount)
    return found
