"""The parts of the batch log: one a calendar month, by the day of receipt."""

from dataclasses import dataclass
from datetime import date, timedelta

AHEAD = 3  # months made before they are needed
KEPT_DAYS = 400  # a period, its settlement and the spot checks after it


@dataclass(frozen=True, slots=True, order=True)
class Month:
    year: int
    month: int

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def next(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def suffix(self) -> str:
        return f"{self.year:04d}_{self.month:02d}"


def month_of(day: date) -> Month:
    return Month(day.year, day.month)


def wanted(today: date, strays: set[date]) -> list[Month]:
    """Months that shall have a part: this one, those ahead, and those of rows for which there was none."""
    months = {month_of(day) for day in strays}
    month = month_of(today)
    for _ in range(AHEAD + 1):
        months.add(month)
        month = month.next
    return sorted(months)


def is_over(month: Month, today: date) -> bool:
    """Every day of the month is past keeping."""
    return month.next.first <= today - timedelta(days=KEPT_DAYS)
