"""What a trial of other numbers adds up to: totals, per city, item, size and class, and how the amounts spread."""

from bisect import bisect_left
from collections import Counter
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

    def add(self, outcome: Outcome) -> None:
        before, after, shift, _, _ = outcome
        self.count += 1
        self.before += before
        self.after += after
        if shift is None:
            return
        setattr(self, shift, getattr(self, shift) + 1)
        change = after - before
        if change > ZERO:
            self.more_sum += change
        else:
            self.less_sum -= change

    def join(self, other: "Sums") -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


class TrialSums:
    """Adds outcomes up as they come; the tables are made of the few combinations at the end."""

    def __init__(self) -> None:
        self._sums: dict[Where, Sums] = {}
        self._before, self._after = [0] * (len(STEPS) + 1), [0] * (len(STEPS) + 1)
        self._reasons: Counter[tuple[str, str, str]] = Counter()

    def add(self, where: Where, outcome: Outcome) -> None:
        """where: city's code, item's number, enterprise's size, product's class."""
        found = self._sums.get(where)
        if found is None:
            found = self._sums[where] = Sums()
        found.add(outcome)
        step = bisect_left(STEPS, outcome.before)
        self._before[step] += 1
        self._after[step if outcome.shift is None else bisect_left(STEPS, outcome.after)] += 1
        for finding in outcome.findings:
            self._reasons[finding.code, finding.clause, finding.title] += 1

    def result(self) -> dict[str, Any]:
        """Everything but the list; money as Decimal."""
        total = Sums()
        for sums in self._sums.values():
            total.join(sums)
        return {
            "total": total.as_dict(),
            **{kind: self._by(place) for place, kind in enumerate(KINDS)},
            "spread": _spread(self._before, self._after),
            "reasons": [
                {"code": code, "clause": clause, "title": title, "count": count}
                for (code, clause, title), count in self._reasons.most_common()
            ],
        }

    def _by(self, place: int) -> list[dict[str, Any]]:
        found: dict[Any, Sums] = {}
        for where, sums in self._sums.items():
            found.setdefault(where[place], Sums()).join(sums)
        return [{"key": key, **sums.as_dict()} for key, sums in sorted(found.items())]


def _spread(before: list[int], after: list[int]) -> list[dict[str, Any]]:
    """How many amounts lie above `above` and up to `upto` (None: no end); the first are those of nothing."""
    edges: list[tuple[Decimal | None, Decimal | None]] = [(None, STEPS[0]), *pairwise(STEPS), (STEPS[-1], None)]
    return [
        {"above": above, "upto": upto, "before": before[place], "after": after[place]}
        for place, (above, upto) in enumerate(edges)
    ]
