"""What sources saw, day by day, as a case of adoption wants it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from monitoring.rules.adoption_case import Course


@dataclass(frozen=True)
class SeenDay:
    """One subject on one day; minutes as each source counted them, None: it said nothing."""

    subject: str
    day: date
    supplier: int | None = None
    operator: int | None = None
    modules: tuple[str, ...] = ()


def courses(seen: Iterable[SeenDay]) -> tuple[Course, ...]:
    by_subject: dict[str, tuple[dict[int, int], dict[int, int]]] = {}
    for one in seen:
        sides = by_subject.setdefault(one.subject, ({}, {}))
        for side, minutes in zip(sides, (one.supplier, one.operator), strict=True):
            if minutes is not None:
                side[one.day.toordinal()] = minutes
    return tuple(Course(subject, *sides) for subject, sides in by_subject.items())


def told(seen: Iterable[SeenDay]) -> Mapping[str, Any]:
    """Fields of the case."""
    days = tuple(seen)
    modules: dict[str, list[int]] = {}
    for one in days:
        for name in one.modules:
            modules.setdefault(name, []).append(one.day.toordinal())
    return {"courses": courses(days), "modules": modules}
