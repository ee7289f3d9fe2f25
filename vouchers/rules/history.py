"""The real history of a period played again under other quotas: same people, same moments, same strict rule.

What people did stays as it was (arrivals with their decided amounts, withdrawals, refusals, corrections, payments);
only what quota decides is decided anew. So:

- Whoever is refused, withdraws or gives up does so here too, waiting or not.
- An application that lapsed because it was still waiting keeps its place where it was served here.
- What was paid, or put to the end of the queue, while it held quota happens only to those who hold quota here.
- A reallocation that does not fit these quotas is not carried out, as the allocator would refuse it (S19/7.3).

Under the unchanged quotas the result is what really happened; `vouchers.queries.history` compares the two.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from vouchers.enums import EventKind
from vouchers.rules.queue import Claim
from vouchers.rules.replay import QueueReplay

ZERO = Decimal("0.00")
FALLS = (EventKind.WITHDRAW, EventKind.REFUSE, EventKind.LAPSE, EventKind.RELEASE)


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a voucher queues. priority: 0 clients of pilots, 1 all others."""

    dimensions: tuple[str, str]
    priority: int


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One decided event. amount: yuan an arrival, a rise or a requeued one asks for; of a payment what was paid; None
    where nothing was asked. released: yuan that became free in each dimension. grants, moves: changes of totals it
    brought, as (dimension, signed yuan); the moves of a reallocation all together or not at all."""

    event: int
    kind: str
    arrived: datetime
    decided: datetime
    voucher: int | None
    amount: Decimal | None
    released: Decimal
    grants: tuple[tuple[str, Decimal], ...] = ()
    moves: tuple[tuple[str, Decimal], ...] = ()


@dataclass(slots=True)
class Standing:
    """One voucher in the replay: yuan it holds in each dimension, paid out included, and what it still waits for.
    lapsed: what it waited for when the period closed."""

    held: Decimal = ZERO
    paid: Decimal = ZERO
    lapsed: Decimal = ZERO
    claims: dict[int, Decimal] = field(default_factory=dict)

    @property
    def waiting(self) -> Decimal:
        return sum(self.claims.values(), ZERO)


class History:
    """Plays events in their order. `changes`: signed yuan by dimension. What is added is there from the beginning; what
    is taken is kept back from the grants as they come (`not_taken` says what could not be)."""

    def __init__(self, seats: Mapping[int, Seat], changes: Mapping[str, Decimal] | None = None) -> None:
        self.seats = seats
        self.standings: dict[int, Standing] = {}
        self.skipped: list[int] = []
        self.queue = QueueReplay(stale=self._stale)
        self.not_taken = {name: -change for name, change in (changes or {}).items() if change < ZERO}
        for name, change in (changes or {}).items():
            if change > ZERO:
                self.queue.grant(name, change)
        self._fell: dict[int, datetime] = {}
        self._issued: dict[int, datetime] = {}
        self._now: datetime | None = None
        self._rising: set[int] = set()

    def expect(self, events: Iterable[PastEvent]) -> None:
        """Told before playing: when vouchers fell away, which the allocator saw before it came to the event itself."""
        for event in events:
            if event.kind in FALLS and event.voucher is not None:
                self._fell.setdefault(event.voucher, event.arrived)
            elif event.kind == EventKind.LOWER and event.voucher is not None and not event.released:
                self._issued.setdefault(event.voucher, event.arrived)

    def play(self, event: PastEvent) -> None:
        self._now = event.decided
        self._change_totals(event)
        if event.voucher is not None:
            self._play_voucher(event, event.voucher)
        self._settle()

    # -- totals --------------------------------------------------------------------------------------------------------

    def _change_totals(self, event: PastEvent) -> None:
        for name, amount in event.grants:
            change = self._kept_back(name, amount)
            if self.queue.fits([(name, change)]):
                self.queue.grant(name, change)
            else:
                self.skipped.append(event.event)
        if not self.queue.fits(event.moves):
            self.skipped.append(event.event)
            return
        for name, amount in event.moves:
            self.queue.grant(name, amount)

    def _kept_back(self, name: str, amount: Decimal) -> Decimal:
        """What is left of a grant when this dimension is to have less."""
        withheld = min(self.not_taken.get(name, ZERO), max(amount, ZERO))
        if withheld:
            self.not_taken[name] -= withheld
        return amount - withheld

    # -- vouchers ------------------------------------------------------------------------------------------------------

    def _play_voucher(self, event: PastEvent, voucher: int) -> None:
        standing = self.standings.setdefault(voucher, Standing())
        if event.kind in (EventKind.ARRIVE, EventKind.RISE):
            if event.amount:
                self._arrive(event, voucher, standing)
        elif event.kind == EventKind.REQUEUE:
            self._requeue(event, voucher, standing)
        elif event.kind == EventKind.LOWER:
            self._lower(event, voucher, standing)
        elif event.kind == EventKind.CONSUME:
            self._consume(event, voucher, standing)
        elif event.kind in FALLS:
            self._fall_away(event, voucher, standing)

    def _arrive(self, event: PastEvent, voucher: int, standing: Standing) -> None:
        seat, amount = self.seats[voucher], event.amount or ZERO
        claim = Claim(event.event, voucher, amount, seat.dimensions, event.arrived, seat.priority)
        if event.kind == EventKind.RISE:
            self._rising.add(event.event)
        standing.claims[event.event] = amount
        self._settle()
        if self.queue.arrive(claim):
            self._hold(claim)

    def _requeue(self, event: PastEvent, voucher: int, standing: Standing) -> None:
        if standing.held and event.amount:
            self._drop_claims(standing)
            self._free(voucher, standing, standing.held)
            self._arrive(event, voucher, standing)

    def _lower(self, event: PastEvent, voucher: int, standing: Standing) -> None:
        for claim in [claim for claim in standing.claims if claim in self._rising]:
            self._drop(standing, claim)
        for claim, amount in list(standing.claims.items()):  # asks for less before it was its turn here
            if amount > event.released:
                standing.claims[claim] = amount - event.released
                self.queue.lower(claim, amount - event.released)
        if standing.held:
            self._free(voucher, standing, event.released)

    def _consume(self, event: PastEvent, voucher: int, standing: Standing) -> None:
        if standing.held and event.amount is not None:
            standing.paid = min(event.amount, standing.held)
            self._free(voucher, standing, standing.held - standing.paid)

    def _fall_away(self, event: PastEvent, voucher: int, standing: Standing) -> None:
        waited = event.kind == EventKind.LAPSE and event.released == ZERO
        standing.lapsed = standing.waiting if event.kind == EventKind.LAPSE else ZERO
        self._drop_claims(standing)
        if not waited:
            self._free(voucher, standing, standing.held - standing.paid)

    def _free(self, voucher: int, standing: Standing, amount: Decimal) -> None:
        amount = min(amount, standing.held)
        if amount > ZERO:
            standing.held -= amount
            self.queue.give_back(self.seats[voucher].dimensions, amount)

    def _drop_claims(self, standing: Standing) -> None:
        for claim in list(standing.claims):
            self._drop(standing, claim)

    def _drop(self, standing: Standing, claim: int) -> None:
        del standing.claims[claim]
        if self.queue.waits(claim):
            self.queue.leave(claim)

    def _settle(self) -> None:
        for claim in self.queue.settle():
            self._hold(claim)

    def _hold(self, claim: Claim) -> None:
        standing = self.standings[claim.voucher]
        standing.held += standing.claims.pop(claim.event)

    def _stale(self, claim: Claim) -> bool:
        """Its voucher had fallen away, or been issued without the rise, when the allocator came to the claim; the event
        that says so follows."""
        ends = self._issued if claim.event in self._rising else {}
        known = [times[claim.voucher] for times in (self._fell, ends) if claim.voucher in times]
        return self._now is not None and any(time <= self._now for time in known)
