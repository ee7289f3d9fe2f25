"""The heat map: subject × day as levels 0–4, or x where the two sources disagree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from monitoring.rules.adoption_case import Course
from monitoring.rules.cross_check import Checked, checked_days
from monitoring.rules.scheme import AdoptionTerms

CONFLICT = "x"
# Shades of the picture only; whether a day counts is the scheme's `min_minutes`, the edge between 1 and 2.
_EIGHT_HOURS = 480
_SIXTEEN_HOURS = 960
_USE_EDGES = (1, 60, 120, 240)
_NAME_SIGNS = 12


@dataclass(frozen=True, slots=True)
class HeatCell:
    """level: 0 nothing, 1 too little, 2 counts, 3 from 8 h, 4 from 16 h, x sources disagree."""

    day: date
    level: str
    minutes: int

    @property
    def hours(self) -> str:
        return f"{self.minutes / 60:.1f}"


@dataclass(frozen=True, slots=True)
class HeatRow:
    subject: str
    cells: tuple[HeatCell, ...]
    days: int
    met: bool


def short_name(subject: str) -> str:
    """For the narrow first column: long numbers keep their beginning and, which tells them apart, their end."""
    return subject if len(subject) <= _NAME_SIGNS else f"{subject[:3]}…{subject[4 - _NAME_SIGNS :]}"


def heat_rows(
    courses: Iterable[Course], subjects: Iterable[str], window: tuple[date, date], terms: AdoptionTerms
) -> list[HeatRow]:
    """Worst first. Subjects listed but never seen have empty rows; unlisted ones only show where software is judged."""
    listed = list(subjects)
    by_subject: dict[str, dict[int, Checked]] = {subject: {} for subject in listed}
    for course in courses:
        if course.subject in by_subject or not terms.by_device:
            by_subject[course.subject] = checked_days(course, terms.min_minutes)
    days = [window[0] + timedelta(days=step) for step in range((window[1] - window[0]).days + 1)]
    rows = [_row(subject, checks, days, terms) for subject, checks in by_subject.items()]
    return sorted(rows, key=lambda row: (row.met, row.days, row.subject))


def _row(subject: str, checks: dict[int, Checked], days: list[date], terms: AdoptionTerms) -> HeatRow:
    cells = tuple(_cell(day, checks.get(day.toordinal()), terms) for day in days)
    counted = sum(cell.minutes >= max(terms.min_minutes, 1) for cell in cells)
    return HeatRow(subject, cells, counted, counted >= (terms.min_days if terms.by_device else 1))


def _cell(day: date, check: Checked | None, terms: AdoptionTerms) -> HeatCell:
    if check is None:
        return HeatCell(day, "0", 0)
    if check.conflict:
        return HeatCell(day, CONFLICT, check.minutes)
    return HeatCell(day, str(_level(check.minutes, terms)), check.minutes)


def heat_levels(terms: AdoptionTerms) -> list[str]:
    """The legend, from level 0 on."""
    if not terms.by_device:
        return ["没有", "有使用", "1 小时以上", "2 小时以上", "4 小时以上"]
    hours = f"{terms.min_hours:f}"
    return ["没有", f"不足 {hours} 小时", f"{hours}–8", "8–16", "16 以上"]


def _level(minutes: int, terms: AdoptionTerms) -> int:
    edges = _USE_EDGES
    if terms.by_device:
        edges = (1, terms.min_minutes, max(_EIGHT_HOURS, terms.min_minutes), _SIXTEEN_HOURS)
    return sum(minutes >= edge for edge in edges)
