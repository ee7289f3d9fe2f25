"""A queue told in lines of JSON: grants, arrivals and releases in; what became of each arrival out (issue: what-if).

Amounts are yuan with at most two decimal places, as text ("1500.00") or as a plain number; never a float.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from vouchers.rules.queue import Claim
from vouchers.rules.replay import QueueReplay

ZERO, CENT = Decimal("0.00"), Decimal("0.01")
LARGEST = Decimal("1e15")  # beyond any budget; keeps arithmetic exact
KINDS = ("city", "pilot", "supplier")
TYPES = ("grant", "arrive", "release")


class BadLineError(ValueError):
    """A line that cannot be played. `rule`: what was broken; `remedy`: what to write instead."""

    def __init__(self, number: int, field: str, rule: str, remedy: str) -> None:
        self.number, self.field, self.rule, self.remedy = number, field, rule, remedy
        where = f"line {number}" + (f", field {field!r}" if field else "")
        super().__init__(f"{where}: {rule}. {remedy}")


@dataclass(slots=True)
class Arrival:
    """`order`: running number in which it was reserved, None if it never was. `released`: it has left."""

    claim: Claim
    order: int | None = None
    released: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`lacks`: for who waits the dimensions with less left than it asks for, budget before supplier; empty when it is
    only held back by others. state: reserved, waiting or released."""

    id: str
    state: str
    order: int | None
    lacks: tuple[str, ...]


class QueueStory:
    """Plays one line after the other. A second release of the same arrival changes nothing, as in the ledger."""

    def __init__(self) -> None:
        self._queue = QueueReplay()
        self._arrivals: dict[str, Arrival] = {}
        self._ids: list[str] = []  # by the claim's event number
        self._reserved = 0

    def play(self, lines: Iterable[str]) -> None:
        """Raises BadLineError at the first line that cannot be played; empty lines are skipped."""
        for number, text in enumerate(lines, start=1):
            if text.strip():
                line = _Line(number, _parsed(number, text))
                getattr(self, f"_{line.choice('type', TYPES)}")(line)

    def answers(self) -> Iterator[Answer]:
        """One an arrival, in the order of arrival."""
        for name, arrival in self._arrivals.items():
            waits = self._queue.waits(arrival.claim.event)
            state = "released" if arrival.released else "waiting" if waits else "reserved"
            yield Answer(name, state, arrival.order, self._queue.lacks(arrival.claim) if waits else ())

    def _grant(self, line: "_Line") -> None:
        dimension, amount = line.dimension("dimension"), line.amount("amount")
        left = self._queue.available(dimension)
        if left + amount < ZERO:
            rule = f"{dimension} has {left} left, {-amount} cannot be taken away: totals never fall below what is used"
            raise line.bad("amount", rule, f"Take away {left} at most, or release arrivals first")
        self._queue.grant(dimension, amount)
        self._reserve(self._queue.settle())

    def _arrive(self, line: "_Line") -> None:
        name = line.text("id")
        if name in self._arrivals:
            raise line.bad("id", f"{name!r} has arrived before", "Give every arrival an id of its own")
        city, supplier, pilot = line.text("city"), line.text("supplier"), line.optional("pilot")
        budget = f"city:{city}" if pilot is None else f"pilot:{pilot}"
        amount = line.amount("amount")
        if amount <= ZERO:
            raise line.bad("amount", f"{amount} is not more than 0", "An arrival asks for a positive amount")
        event = len(self._ids)
        claim = Claim(event, event, amount, (budget, f"supplier:{supplier}"), event, 1 if pilot is None else 0)
        self._ids.append(name)
        self._arrivals[name] = Arrival(claim)
        if self._queue.arrive(claim):
            self._reserve([claim])

    def _release(self, line: "_Line") -> None:
        name = line.text("id")
        arrival = self._arrivals.get(name)
        if arrival is None:
            raise line.bad("id", f"nobody with the id {name!r} has arrived", "Release only what arrived before")
        if arrival.released:
            return
        arrival.released = True
        claim = arrival.claim
        if self._queue.waits(claim.event):
            self._queue.leave(claim.event)
        else:
            self._queue.give_back(claim.dimensions, claim.amount)
        self._reserve(self._queue.settle())

    def _reserve(self, claims: Iterable[Claim]) -> None:
        for claim in claims:
            self._reserved += 1
            self._arrivals[self._ids[claim.event]].order = self._reserved


class _Line:
    """One object with the questions the story asks of it."""

    def __init__(self, number: int, content: dict[str, Any]) -> None:
        self.number, self.content = number, content

    def bad(self, field: str, rule: str, remedy: str) -> BadLineError:
        return BadLineError(self.number, field, rule, remedy)

    def choice(self, field: str, allowed: tuple[str, ...]) -> str:
        value = self.content.get(field)
        if not isinstance(value, str) or value not in allowed:
            raise self.bad(field, f"{_shown(value)} is none of {', '.join(allowed)}", "Write one of these")
        return value

    def text(self, field: str) -> str:
        """Text that is not empty; whole numbers are read as text."""
        value = self.optional(field)
        if value is None:
            raise self.bad(field, "it is missing", "Write a text that is not empty")
        return value

    def optional(self, field: str) -> str | None:
        value = self.content.get(field)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str) or not value.strip():
            raise self.bad(field, f"{_shown(value)} is no text, or an empty one", "Write a text that is not empty")
        return value

    def dimension(self, field: str) -> str:
        value = self.text(field)
        kind, colon, key = value.partition(":")
        if kind not in KINDS or not colon or not key.strip():
            rule = f"{value!r} is no dimension"
            raise self.bad(field, rule, 'Write "city:CODE", "pilot:ID" or "supplier:ID"')
        return value

    def amount(self, field: str) -> Decimal:
        value = self.content.get(field)
        remedy = 'Write yuan with at most two decimal places, like "1500.00"'
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise self.bad(field, f"{_shown(value)} is no amount", remedy)
        try:
            amount = Decimal(value.strip() if isinstance(value, str) else value)
        except (InvalidOperation, ValueError):
            raise self.bad(field, f"{_shown(value)} is no amount", remedy) from None
        if not amount.is_finite() or abs(amount) >= LARGEST:
            raise self.bad(field, f"{_shown(value)} is no amount of money", remedy)
        if amount != (exact := amount.quantize(CENT)):
            raise self.bad(field, f"{_shown(value)} has more than two decimal places", remedy)
        return exact


def _parsed(number: int, text: str) -> dict[str, Any]:
    try:
        content = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError, InvalidOperation) as error:
        reason = str(error) or "it is nested too deeply"
        raise BadLineError(number, "", f"the line is not JSON ({reason})", "Write one JSON object a line") from None
    if not isinstance(content, dict):
        raise BadLineError(
            number, "", "the line is not a JSON object", 'Write one object a line, like {"type": "grant", …}'
        )
    return content


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _shown(value: Any) -> str:
    """What was written, cut to what fits a message."""
    text = str(value) if isinstance(value, Decimal) else repr(value)
    return text if len(text) <= 60 else text[:60] + "…"
