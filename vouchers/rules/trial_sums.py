"""What a trial of other numbers adds up to: totals, per city, item, size and class, and how the amounts spread."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from vouchers.rules.policy_trial import Outcome

ZERO = Decimal("0.00")
# Columns of the drawing, yuan up to and with; not policy.
STEPS = tuple(Decimal(1_000) * step for step in (0, 10, 20, 50, 80, 100, 150, 200, 250, 300))
Where = tuple[str, int, str, str]
KINDS = ("city", "item", "size", "class")


@dataclass(slots=True)
class Sums:
    """before, after: yuan. more_sum, less_sum: by how much those who gain or lose do."""

    count: int = 0
    before: Decimal = ZERO
    after: Decimal = ZERO
    more: int = 0
    less: int = 0
    passes: int = 0
    fails: int = 0
    more_sum: Decimal = ZERO
    less_sum: Decimal = ZERO

    def join(self, other: "Sums") -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class _Pile:
    """Applications of one place that fare alike."""

    count: int = 0
    before: Decimal = ZERO
    after: Decimal = ZERO

    def sums(self, shift: str | None) -> Sums:
        made, change = Sums(self.count, self.before, self.after), self.after - self.before
        if shift is not None:
            setattr(made, shift, self.count)
            made.more_sum, made.less_sum = max(change, ZERO), max(-change, ZERO)
        return made


class TrialSums:
    """Adds outcomes up as they come; the tables are made of the few combinations at the end."""

    def __init__(self) -> None:
        self._piles: dict[tuple[Where, str | None], _Pile] = {}
        self._before, self._after = [0] * (len(STEPS) + 1), [0] * (len(STEPS) + 1)
        self._reasons: Counter[tuple[str, str, str]] = Counter()

    def add(self, where: Where, outcome: Outcome) -> None:
        """where: city's code, item's number, enterprise's size, product's class."""
        before, after, shift = outcome.before, outcome.after, outcome.shift
        pile = self._piles.get((where, shift))
        if pile is None:
            pile = self._piles[where, shift] = _Pile()
        pile.count += 1
        pile.before += before
        pile.after += after
        step = bisect_left(STEPS, before)
        self._before[step] += 1
        self._after[step if shift is None else bisect_left(STEPS, after)] += 1
        for finding in outcome.findings:
            self._reasons[finding.code, finding.clause, finding.title] += 1

    def result(self) -> dict[str, Any]:
        """Everything but the list; money as Decimal."""
        piles = [(where, pile.sums(shift)) for (where, shift), pile in self._piles.items()]
        total = Sums()
        for _, sums in piles:
            total.join(sums)
        return {
            "total": total.as_dict(),
            **{kind: _by(place, piles) for place, kind in enumerate(KINDS)},
            "spread": _spread(self._before, self._after),
            "reasons": [
                {"code": code, "clause": clause, "title": title, "count": count}
                for (code, clause, title), count in self._reasons.most_common()
            ],
        }


def _by(place: int, piles: Iterable[tuple[Where, Sums]]) -> list[dict[str, Any]]:
    found: dict[Any, Sums] = {}
    for where, sums in piles:
        found.setdefault(where[place], Sums()).join(sums)
    return [{"key": key, **sums.as_dict()} for key, sums in sorted(found.items())]


def _spread(before: list[int], after: list[int]) -> list[dict[str, Any]]:
    """How many amounts lie above `above` and up to `upto` (None: no end); the first are those of nothing."""
    edges: list[tuple[Decimal | None, Decimal | None]] = [(None, STEPS[0]), *pairwise(STEPS), (STEPS[-1], None)]
    return [
        {"above": above, "upto": upto, "before": before[place], "after": after[place]}
        for place, (above, upto) in enumerate(edges)
    ]
