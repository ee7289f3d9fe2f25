"""The days behind a verdict: how many devices (or accounts) were in use on each, and the gaps between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from monitoring.rules.heat import HeatRow
from monitoring.rules.scheme import AdoptionTerms

HEIGHT = 48  # of the drawing, in its own units
STEP = 12
SHOWN_GAPS = 8


@dataclass(frozen=True, slots=True)
class TimelineDay:
    """count: in use that day; enough: as many as are needed. x, y, height: its bar, as the drawing's attributes."""

    day: date
    count: int
    enough: bool
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row on which nothing was in use long enough."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Timeline:
    days: list[TimelineDay]
    gaps: list[Gap]
    more_gaps: int
    needed: int
    line: int
    width: int
    height: int = HEIGHT

    @property
    def used(self) -> int:
        """Days with any use."""
        return sum(day.count > 0 for day in self.days)

    @property
    def most(self) -> int:
        return max((day.count for day in self.days), default=0)


def timeline_of(rows: Sequence[HeatRow], days: Sequence[date], terms: AdoptionTerms, needed: int) -> Timeline:
    """From the rows of the heat map, which hold the same days. needed: devices or users in use at the same time is
    not what is asked; the line only shows how far a day was from it. Gaps are listed longest first."""
    least = max(terms.min_minutes, 1)
    counts = [sum(row.cells[place].minutes >= least for row in rows) for place in range(len(days))]
    top = max([*counts, needed, 1])
    drawn = [_day(day, count, needed, top, place) for place, (day, count) in enumerate(zip(days, counts, strict=True))]
    gaps = sorted(_gaps(drawn), key=lambda gap: (-gap.days, gap.first))
    return Timeline(
        days=drawn,
        gaps=sorted(gaps[:SHOWN_GAPS], key=lambda gap: gap.first),
        more_gaps=max(len(gaps) - SHOWN_GAPS, 0),
        needed=needed,
        line=HEIGHT - _height(needed, top),
        width=STEP * len(drawn),
    )


def _day(day: date, count: int, needed: int, top: int, place: int) -> TimelineDay:
    height = _height(count, top)
    return TimelineDay(day, count, 0 < needed <= count, place * STEP + 1, HEIGHT - height, height)


def _height(count: int, top: int) -> int:
    return round(count * HEIGHT / top)


def _gaps(days: Sequence[TimelineDay]) -> Iterator[Gap]:
    for used, run in groupby(days, key=lambda one: one.count > 0):
        if not used:
            found = [one.day for one in run]
            yield Gap(found[0], found[-1])
