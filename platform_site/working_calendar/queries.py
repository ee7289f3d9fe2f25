"""Counting working days. The day on which something is received is not counted.

A year without a published holiday arrangement counts Monday to Friday (a warning is logged once); overrides always win.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar

from platform_site.working_calendar.models import DayOverride

log = logging.getLogger(__name__)
SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST = 400  # days looked at in one count


def is_working_day(day: date) -> bool:
    """One day; asks the overrides first."""
    return _working(day, _overrides(day, day))


def add_working_days(day: date, n: int) -> date:
    """The n-th working day after `day`; n = 0 gives `day` itself."""
    return _after(day, n, _overrides(day, day + timedelta(days=LONGEST)))


def working_days_between(first: date, last: date) -> int:
    """Working days after `first` up to and with `last`; negative when `last` lies before."""
    return working_days_until(first, [last])[last]


def working_days_until(first: date, lasts: Iterable[date]) -> dict[date, int]:
    """`working_days_between(first, …)` for the days of a whole list, with one query."""
    wanted = set(lasts)
    overrides = _overrides(min({first, *wanted}), max({first, *wanted}))
    return {last: _count(first, last, overrides) for last in wanted}


def days_left(due: datetime | None, at: datetime) -> int | None:
    """Working days left: 0 today, below zero late, None without a deadline."""
    if due is None:
        return None
    return working_days_between(at.astimezone(SHANGHAI).date(), due.astimezone(SHANGHAI).date())


def all_days_left(dues: Iterable[datetime | None], at: datetime) -> list[int | None]:
    """`days_left` for a whole list, with one query."""
    days = [due.astimezone(SHANGHAI).date() if due else None for due in dues]
    left = working_days_until(at.astimezone(SHANGHAI).date(), [day for day in days if day])
    return [left[day] if day else None for day in days]


def deadline(at: datetime, working_days: int) -> datetime:
    """End (23:59:59.999999, Shanghai) of the n-th working day after the day of `at`."""
    return end_of_day(add_working_days(at.astimezone(SHANGHAI).date(), working_days))


def deadlines(moments: Iterable[datetime], working_days: int) -> dict[datetime, datetime]:
    """`deadline` for the moments of a whole list, with one query."""
    days = {at: at.astimezone(SHANGHAI).date() for at in moments}
    if not days:
        return {}
    overrides = _overrides(min(days.values()), max(days.values()) + timedelta(days=LONGEST))
    return {at: end_of_day(_after(day, working_days, overrides)) for at, day in days.items()}


def roll_on(day: date) -> date:
    """`day`, or the next working day when it is a holiday (platform default 6)."""
    overrides = _overrides(day, day + timedelta(days=LONGEST))
    while not _working(day, overrides):
        day += timedelta(days=1)
    return day


def end_of_day(day: date) -> datetime:
    return datetime.combine(day, time.max, tzinfo=SHANGHAI)


def _overrides(first: date, last: date) -> dict[date, bool]:
    return dict(DayOverride.objects.filter(day__range=(first, last)).values_list("day", "working"))


def _after(day: date, n: int, overrides: dict[date, bool]) -> date:
    while n > 0:
        day += timedelta(days=1)
        n -= _working(day, overrides)
    return day


def _count(first: date, last: date, overrides: dict[date, bool]) -> int:
    if last < first:
        return -_count(last, first, overrides)
    return sum(_working(first + timedelta(days=n), overrides) for n in range(1, (last - first).days + 1))


def _working(day: date, overrides: dict[date, bool]) -> bool:
    if day in overrides:
        return overrides[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        _warn_once(day.year)
        return day.weekday() < 5


@lru_cache(maxsize=16)
def _warn_once(year: int) -> None:
    log.warning("no holiday arrangement known for %s: counting Monday to Friday until overrides are entered", year)
