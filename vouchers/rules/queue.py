"""Who may be served: strict waiting (S19/7.2, N20/1, S19/5.6.22, platform default 4).

A claim needs an amount in each of its dimensions. It is served when every dimension has the amount left and nobody
before it in the queue lacks that dimension. Whoever lacks a dimension holds back all later ones that need it; whoever
is merely held back holds back nobody, unless the dimension has meanwhile become too small for them too. So, for one
dimension, what counts is the largest amount among those before: it is the barrier that must fit first.
"""

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Claim:
    """One who queues. Order: `priority` (0 clients of pilots, 1 all others), `arrived` (a sortable time), `event`."""

    event: int
    voucher: int
    amount: Decimal
    dimensions: tuple[str, ...]
    arrived: Any
    priority: int = 1
    rises: bool = False

    def place(self) -> tuple[int, Any, int]:
        return (self.priority, self.arrived, self.event)


@dataclass(slots=True)
class Barrier:
    """The largest amount that waits in each dimension, per priority class."""

    largest: dict[tuple[int, str], Decimal] = field(default_factory=dict)

    def add(self, claim: Claim) -> None:
        for dimension in claim.dimensions:
            key = (claim.priority, dimension)
            self.largest[key] = max(self.largest.get(key, ZERO), claim.amount)

    def before(self, claim: Claim, dimension: str) -> Decimal:
        """What stands before a claim that has just come: its own class and the ones ahead of it."""
        return max((self.largest.get((p, dimension), ZERO) for p in range(claim.priority + 1)), default=ZERO)


def lacking(claim: Claim, available: Mapping[str, Decimal]) -> tuple[str, ...]:
    """Dimensions that are too small for the claim itself."""
    return tuple(d for d in claim.dimensions if claim.amount > available.get(d, ZERO))


def held_back(claim: Claim, available: Mapping[str, Decimal], barrier: Barrier) -> tuple[str, ...]:
    """Dimensions in which somebody before the claim waits for more than there is."""
    return tuple(d for d in claim.dimensions if barrier.before(claim, d) > available.get(d, ZERO))


def may_be_served(claim: Claim, available: Mapping[str, Decimal], barrier: Barrier) -> bool:
    return not lacking(claim, available) and not held_back(claim, available, barrier)


def take(claim: Claim, available: MutableMapping[str, Decimal]) -> None:
    for dimension in claim.dimensions:
        available[dimension] -= claim.amount


def serve_in_order(claims: Iterable[Claim], available: MutableMapping[str, Decimal]) -> tuple[list[Claim], list[Claim]]:
    """Walk the queue once, first come first served; gives (served, still waiting) and takes what was served."""
    barrier, served, waiting = Barrier(), [], []
    for claim in sorted(claims, key=Claim.place):
        if may_be_served(claim, available, barrier):
            take(claim, available)
            served.append(claim)
        else:
            barrier.add(claim)
            waiting.append(claim)
    return served, waiting


def barrier_of(claims: Iterable[Claim]) -> Barrier:
    barrier = Barrier()
    for claim in claims:
        barrier.add(claim)
    return barrier
