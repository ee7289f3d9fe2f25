"""When a quota runs out: an estimate from the recent pace, with its basis, or the plain word that there is none."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from vouchers.rules.forecast import Forecast, forecast

YUAN = Decimal
FIRST, TODAY, LAST = date(2020, 9, 1), date(2020, 9, 24), date(2020, 10, 31)


def estimate(**changes) -> Forecast:
    around = {"total": YUAN("1000000"), "available": YUAN("140000"), "today": TODAY, "first": FIRST, "last": LAST}
    return forecast(**{"taken": {TODAY: YUAN("140000")}, **around, **changes})


def test_the_recent_pace_names_the_day_and_its_basis():
    found = estimate()
    assert (found.per_day, found.days, found.on) == (YUAN("10000.00"), 14, date(2020, 10, 8))
    assert found.words == "按近 14 天速度，约 10 月 8 日用完"


def test_a_part_of_a_day_counts_as_a_whole_one():
    assert estimate(available=YUAN("140000.01")).on == date(2020, 10, 9)


def test_only_the_last_days_count():
    taken = {TODAY - timedelta(days=13): YUAN("14"), TODAY - timedelta(days=14): YUAN("999999")}
    assert estimate(taken=taken).per_day == YUAN("1.00")


def test_a_young_period_is_measured_from_its_first_day():
    found = estimate(today=FIRST + timedelta(days=1), taken={FIRST: YUAN("100000")})
    assert (found.days, found.per_day) == (2, YUAN("50000.00"))


@pytest.mark.parametrize(
    ("changes", "outlook", "words"),
    [
        ({"total": YUAN("0"), "available": YUAN("0")}, "empty", "没有下达额度"),
        ({"available": YUAN("0")}, "used_up", "已用完"),
        ({"taken": {}}, "no_pace", "近 14 天没有占用，无法估计"),
        ({"taken": {TODAY: YUAN("-5")}}, "no_pace", "近 14 天没有占用，无法估计"),
        ({"available": YUAN("999999")}, "lasts", "按近 14 天每天约 10,000.00 元，到截止用不完"),
        ({"today": LAST + timedelta(days=1)}, "closed", "申领已截止"),
    ],
)
def test_where_there_is_no_day_to_name_it_says_why(changes, outlook, words):
    found = estimate(**changes)
    assert (found.outlook, found.on, found.words) == (outlook, None, words)


def test_the_last_day_of_the_window_still_counts():
    days = (LAST - TODAY).days
    assert estimate(available=YUAN("10000") * days).on == LAST
    assert estimate(available=YUAN("10000") * (days + 1)).outlook == "lasts"
