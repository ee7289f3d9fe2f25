"""Working days of the mainland: National Day 2020, Spring Festival 2021, overrides, and years nobody knows yet."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from platform_site.working_calendar.models import DayOverride
from platform_site.working_calendar.queries import (
    add_working_days,
    deadline,
    deadlines,
    end_of_day,
    is_working_day,
    roll_on,
    working_days_between,
    working_days_until,
)

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def october(day: int) -> date:
    return date(2020, 10, day)


def february(day: int) -> date:
    return date(2021, 2, day)


def test_national_day_and_mid_autumn_2020_are_eight_days_off() -> None:
    assert [day for day in range(1, 12) if is_working_day(october(day))] == [9, 10]


@pytest.mark.parametrize("day", [date(2020, 9, 27), date(2020, 10, 10), date(2021, 2, 7), date(2021, 2, 20)])
def test_weekends_that_are_worked_in_exchange_count(day: date) -> None:
    assert (day.weekday() >= 5, is_working_day(day)) == (True, True)


def test_spring_festival_2021_is_seven_days_off() -> None:
    assert [day for day in range(8, 22) if not is_working_day(february(day))] == [11, 12, 13, 14, 15, 16, 17, 21]


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        (date(2020, 9, 25), 0, date(2020, 9, 25)),
        (date(2020, 9, 26), 1, date(2020, 9, 27)),  # a Sunday that is worked
        (date(2020, 9, 30), 1, october(9)),
        (date(2020, 9, 30), 2, october(10)),  # a Saturday that is worked
        (date(2020, 9, 30), 3, october(12)),
        (october(4), 1, october(9)),  # received in the holiday: that day is not counted, nor the rest
        (date(2020, 9, 28), 5, october(12)),
        (february(10), 1, february(18)),
        (february(10), 3, february(20)),
        (february(10), 4, february(22)),
        (date(2020, 12, 31), 1, date(2021, 1, 4)),
    ],
)
def test_working_days_are_counted_from_the_day_after(day: date, count: int, last: date) -> None:
    assert add_working_days(day, count) == last
    assert working_days_between(day, last) == count


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (october(1), october(8), 0),
        (date(2020, 9, 30), october(31), 17),
        (october(12), date(2020, 9, 30), -3),
        (october(9), october(9), 0),
        (february(10), february(28), 8),
    ],
)
def test_working_days_between_two_days(first: date, last: date, count: int) -> None:
    assert working_days_between(first, last) == count


def test_a_whole_list_is_counted_with_one_query(django_assert_num_queries: Callable[[int], Any]) -> None:
    days = [october(8), october(31), date(2020, 9, 28)]
    with django_assert_num_queries(1):
        counted = working_days_until(date(2020, 9, 30), days)
    assert counted == {october(8): 0, october(31): 17, date(2020, 9, 28): -2}


@pytest.mark.parametrize(
    ("at", "last"),
    [
        (datetime(2020, 9, 30, 16, 59, tzinfo=SHANGHAI), october(9)),
        (datetime(2020, 9, 30, 15, 59, 59, tzinfo=UTC), october(9)),  # still the 30th in Shanghai
        (datetime(2020, 10, 8, 16, 0, tzinfo=UTC), october(10)),  # already the 9th in Shanghai
        (datetime(2021, 2, 10, 9, 0, tzinfo=SHANGHAI), february(18)),
    ],
)
def test_a_deadline_is_the_end_of_the_day_in_shanghai(at: datetime, last: date) -> None:
    assert deadline(at, working_days=1) == datetime(last.year, last.month, last.day, 23, 59, 59, 999999, SHANGHAI)


def test_the_end_of_a_day_is_its_last_moment_in_shanghai() -> None:
    assert end_of_day(october(9)).astimezone(UTC) == datetime(2020, 10, 9, 15, 59, 59, 999999, UTC)


@pytest.mark.parametrize(
    ("day", "rolled"),
    [
        (october(1), october(9)),
        (october(10), october(10)),
        (october(11), october(12)),
        (date(2020, 9, 27), date(2020, 9, 27)),
        (february(13), february(18)),
    ],
)
def test_a_last_day_on_a_holiday_rolls_on(day: date, rolled: date) -> None:
    assert roll_on(day) == rolled


def test_what_the_province_enters_wins_over_the_calendar() -> None:
    DayOverride.objects.create(day=october(9), working=False, reason="台风停工")
    DayOverride.objects.create(day=october(8), working=True, reason="补班")
    assert [is_working_day(october(day)) for day in (8, 9)] == [True, False]
    assert add_working_days(date(2020, 9, 30), 2) == october(10)
    assert working_days_between(date(2020, 9, 30), october(10)) == 2
    assert (roll_on(october(1)), roll_on(october(9))) == (october(8), october(10))


def test_a_year_without_a_published_arrangement_counts_monday_to_friday() -> None:
    assert [is_working_day(date(2040, 10, day)) for day in range(1, 8)] == [True, True, True, True, True, False, False]
    assert add_working_days(date(2040, 9, 28), 5) == date(2040, 10, 5)


def test_overrides_win_in_a_year_without_an_arrangement_too() -> None:
    DayOverride.objects.create(day=date(2040, 10, 1), working=False, reason="国庆节")
    assert roll_on(date(2040, 10, 1)) == date(2040, 10, 2)


def test_counting_asks_the_database_once(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        add_working_days(date(2020, 9, 30), 20)


def test_the_deadlines_of_a_list_are_those_of_each_and_cost_one_query(django_assert_num_queries: Any) -> None:
    DayOverride.objects.create(day=october(9), working=False, reason="台风")
    moments = [datetime(2020, month, day, 3, tzinfo=UTC) for month, day in ((9, 25), (9, 30), (10, 8), (12, 31))]
    with django_assert_num_queries(1):
        found = deadlines(moments, 5)
    assert found == {moment: deadline(moment, 5) for moment in moments}
    assert found[moments[1]].date() == october(15)
    with django_assert_num_queries(0):
        assert deadlines([], 5) == {}
