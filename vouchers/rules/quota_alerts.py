"""When little of a quota is left: which thresholds have been crossed, in which direction."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Crossing:
    """threshold: share of the total. down: less than or as much as that is left now; else there is more again."""

    threshold: Decimal
    down: bool


def crossings(
    left: Decimal, total: Decimal, thresholds: Iterable[Decimal], below: frozenset[Decimal]
) -> list[Crossing]:
    """Down at a threshold not yet told of, up at one that was; largest first. `below`: thresholds told of as crossed
    downwards and not upwards since. Nothing where there is no total: an empty budget is not one that ran out."""
    if total <= 0:
        return []
    return [
        Crossing(threshold, down)
        for threshold in sorted(thresholds, reverse=True)
        if (down := left <= total * threshold) != (threshold in below)
    ]
