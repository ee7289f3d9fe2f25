"""Two sources, one result: where an operator reported on a device's day, the operator's result wins (REF)."""

from dataclasses import dataclass
from functools import lru_cache

from monitoring.rules.adoption_case import Course


@dataclass(frozen=True, slots=True)
class Checked:
    """minutes: what counts. conflict: the sources disagree on whether the day counts. watched: an operator reported."""

    minutes: int
    conflict: bool
    watched: bool


@lru_cache(maxsize=4096)  # a night asks for millions of days, and few pairs of minutes are different
def cross_check(supplier: int | None, operator: int | None, min_minutes: int) -> Checked:
    """None: that source said nothing about the day; a zero of the operator says "watched, no connection"."""
    if operator is None:
        return Checked(minutes=supplier or 0, conflict=False, watched=False)
    disagree = supplier is not None and (supplier >= min_minutes) != (operator >= min_minutes)
    return Checked(minutes=operator, conflict=disagree, watched=True)


def checked_days(course: Course, min_minutes: int) -> dict[int, Checked]:
    """Every day of which any source said something, by its ordinal."""
    supplier, operator = course.supplier, course.operator
    if not operator:
        alone = {minutes: cross_check(minutes, None, min_minutes) for minutes in set(supplier.values())}
        return {day: alone[minutes] for day, minutes in supplier.items()}
    days = supplier.keys() | operator.keys()
    return {day: cross_check(supplier.get(day), operator.get(day), min_minutes) for day in days}
