"""The queue replayed at speed: the same answers as `serve_in_order` after every event, without walking the queue.

The strict rule (platform default 4) says: a claim is served when in each of its dimensions nobody before it, and it
itself, asks for more than is left. Four facts make that quick:

- In one dimension there is a first claim that asks for more than is left. It and all after it are kept; those before
  it pass there.
- Claims with the same pair of dimensions are served in their order, so only the head of each pair can be next.
- A kept head sleeps at one dimension that keeps it. Nothing changes for it until that dimension gets freer.
- When a dimension gets freer, only the sleepers before its first claim that still does not fit wake up; each is
  served, or goes to sleep at its other dimension.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from heapq import heappop, heappush, nsmallest

from vouchers.rules.queue import Claim
from vouchers.rules.tallest import Tallest

ZERO = Decimal("0.00")
Place = tuple[int, int]  # (priority, running number of the arrival in this replay)


class _Line:
    """One dimension: what is left, who waits in it per priority class, and which heads sleep at it."""

    __slots__ = ("available", "classes", "sleepers", "total", "turns")

    def __init__(self) -> None:
        self.total = self.available = ZERO
        self.classes: dict[int, Tallest] = {}
        self.turns: dict[int, list[int]] = {}  # slot → running number, per class
        self.sleepers: list[tuple[Place, int, _Pair]] = []

    def join(self, place: Place, amount: Decimal) -> int:
        priority, turn = place
        if priority not in self.classes:
            self.classes[priority], self.turns[priority] = Tallest(), []
            self.classes = dict(sorted(self.classes.items()))
        self.turns[priority].append(turn)
        return self.classes[priority].append(amount)

    def blocker(self) -> Place | None:
        """The first one waiting that asks for more than is left."""
        for priority, amounts in self.classes.items():
            slot = amounts.first_above(self.available)
            if slot is not None:
                return priority, self.turns[priority][slot]
        return None

    def passes(self, place: Place) -> bool:
        """May someone with this place pass here, as far as those waiting are concerned (itself included)?"""
        blocker = self.blocker()
        return blocker is None or place < blocker


class _Waiting:
    """One claim in the queue; `slots`: where it stands in each of its lines."""

    __slots__ = ("claim", "pair", "place", "slots")

    def __init__(self, claim: Claim, place: Place, pair: "_Pair", slots: list[int]) -> None:
        self.claim, self.place, self.pair, self.slots = claim, place, pair, slots


class _Pair:
    """All waiting claims with the same dimensions, in order; `ticket` makes older sleeping entries void."""

    __slots__ = ("lines", "queue", "ticket")

    def __init__(self, lines: tuple[_Line, ...]) -> None:
        self.lines, self.ticket = lines, 0
        self.queue: list[tuple[Place, int]] = []


class QueueReplay:
    """Balances and queue of one period in memory.

    Claims have to come in the order of arrival. `stale(claim)` says of a claim whose turn it is that its voucher fell
    away meanwhile: it is dropped and not served.
    """

    def __init__(self, stale: Callable[[Claim], bool] | None = None) -> None:
        self._lines: dict[str, _Line] = {}
        self._pairs: dict[tuple[str, ...], _Pair] = {}
        self._waiting: dict[int, _Waiting] = {}
        self._turn = 0
        self._stale = stale
        self._freer: list[_Line] = []
        self._left: list[_Pair] = []

    # -- reading -------------------------------------------------------------------------------------------------------

    def available(self, dimension: str) -> Decimal:
        line = self._lines.get(dimension)
        return line.available if line else ZERO

    def total(self, dimension: str) -> Decimal:
        line = self._lines.get(dimension)
        return line.total if line else ZERO

    def dimensions(self) -> list[str]:
        return list(self._lines)

    def waits(self, event: int) -> bool:
        return event in self._waiting

    def waiting(self) -> Iterator[Claim]:
        """In no particular order; with the amounts as they are now."""
        return (row.claim for row in self._waiting.values())

    def alike(self, claim: Claim, most: int) -> list[Claim]:
        """The first ones that wait with the same dimensions: those likely to be served next."""
        pair = self._pairs.get(claim.dimensions)
        first = nsmallest(most, pair.queue) if pair is not None else []
        return [self._waiting[event].claim for _, event in first if event in self._waiting]

    def lacks(self, claim: Claim) -> tuple[str, ...]:
        """Dimensions in which less is left than the claim asks for."""
        return tuple(name for name in claim.dimensions if self.available(name) < claim.amount)

    # -- changing ------------------------------------------------------------------------------------------------------

    def fits(self, changes: Iterable[tuple[str, Decimal]]) -> bool:
        """May the totals change so without falling below what is used?"""
        sums: dict[str, Decimal] = {}
        for name, amount in changes:
            sums[name] = sums.get(name, ZERO) + amount
        return all(self.available(name) + amount >= ZERO for name, amount in sums.items())

    def arrive(self, claim: Claim) -> bool:
        """True: served at once; False: it waits. Whatever came before has to be settled."""
        lines = tuple(self._line(name) for name in claim.dimensions)
        self._turn += 1
        place = (claim.priority, self._turn)
        if all(claim.amount <= line.available and line.passes(place) for line in lines):
            for line in lines:
                line.available -= claim.amount
            return True
        self._stand(claim, place, lines)
        return False

    def join(self, claim: Claim) -> None:
        """One who waits already; all of them are to be told in the order of the queue."""
        self._turn += 1
        self._stand(claim, (claim.priority, self._turn), tuple(self._line(name) for name in claim.dimensions))

    def _stand(self, claim: Claim, place: Place, lines: tuple[_Line, ...]) -> None:
        pair = self._pairs.get(claim.dimensions)
        if pair is None:
            pair = self._pairs[claim.dimensions] = _Pair(lines)
        slots = [line.join(place, claim.amount) for line in lines]
        self._waiting[claim.event] = _Waiting(claim, place, pair, slots)
        heappush(pair.queue, (place, claim.event))
        if pair.queue[0][1] == claim.event and not self._sleep(pair, place):
            self._left.append(pair)

    # What follows frees something, or takes away what nobody has; `settle` then serves once, for all of it together.

    def grant(self, dimension: str, amount: Decimal) -> None:
        """Change a total; for an amount below zero the caller has asked `fits`."""
        line = self._line(dimension)
        line.total += amount
        line.available += amount
        if amount > ZERO:
            self._freer.append(line)

    def give_back(self, dimensions: Iterable[str], amount: Decimal) -> None:
        """A reservation, or a part of it, is free again."""
        for name in dimensions:
            line = self._line(name)
            line.available += amount
            self._freer.append(line)

    def set_available(self, dimension: str, amount: Decimal) -> None:
        """For callers who keep the balances themselves."""
        line = self._line(dimension)
        if amount > line.available:
            self._freer.append(line)
        line.available = amount

    def leave(self, event: int) -> None:
        """One who waits goes."""
        row = self._remove(event)
        self._freer += row.pair.lines
        self._left.append(row.pair)

    def lower(self, event: int, amount: Decimal) -> None:
        """One who waits asks for less, at the same place."""
        row = self._waiting[event]
        row.claim = replace(row.claim, amount=amount)
        for line, slot in zip(row.pair.lines, row.slots, strict=True):
            line.classes[row.claim.priority].change(slot, amount)
        self._freer += row.pair.lines

    def settle(self) -> list[Claim]:
        """Serve in order whoever may be served now; gives them in that order."""
        ready: list[tuple[Place, int, _Pair]] = []
        for pair in self._left:
            self._wake(pair, ready)
        for line in self._freer:
            self._wake_sleepers(line, ready)
        self._left, self._freer = [], []
        served: list[Claim] = []
        while ready:
            place, ticket, pair = heappop(ready)
            if ticket != pair.ticket or self._sleep(pair, place):
                continue
            claim = self._remove(pair.queue[0][1]).claim
            if self._stale is None or not self._stale(claim):
                for line in pair.lines:
                    line.available -= claim.amount
                served.append(claim)
            self._wake(pair, ready)
        return served

    # -- inside --------------------------------------------------------------------------------------------------------

    def _line(self, name: str) -> _Line:
        line = self._lines.get(name)
        if line is None:
            line = self._lines[name] = _Line()
        return line

    def _remove(self, event: int) -> _Waiting:
        row = self._waiting.pop(event)
        for line, slot in zip(row.pair.lines, row.slots, strict=True):
            line.classes[row.claim.priority].change(slot, ZERO)
        return row

    def _head(self, pair: _Pair) -> _Waiting | None:
        while pair.queue:
            row = self._waiting.get(pair.queue[0][1])
            if row is not None:
                return row
            heappop(pair.queue)
        return None

    def _sleep(self, pair: _Pair, place: Place) -> bool:
        """Let the head sleep at a line that keeps it; False: no line does."""
        pair.ticket += 1
        for line in pair.lines:
            if not line.passes(place):
                heappush(line.sleepers, (place, pair.ticket, pair))
                return True
        return False

    def _wake(self, pair: _Pair, ready: list[tuple[Place, int, _Pair]]) -> None:
        pair.ticket += 1
        head = self._head(pair)
        if head is not None:
            heappush(ready, (head.place, pair.ticket, pair))

    def _wake_sleepers(self, line: _Line, ready: list[tuple[Place, int, _Pair]]) -> None:
        blocker = line.blocker()
        while line.sleepers and (blocker is None or line.sleepers[0][0] < blocker):
            _, ticket, pair = heappop(line.sleepers)
            if ticket == pair.ticket:
                self._wake(pair, ready)
