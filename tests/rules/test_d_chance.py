"""The estimated chance: carried forward from what came back, in words, never without its basis (platform default 4)."""

from decimal import Decimal

import pytest

from vouchers.rules.chance import Chance, Given, Line, chance_of


def line(*, ahead: int = 3, before: str = "180000.00", own: str = "20000.00", left: str = "50000.00") -> Line:
    return Line("佛山市", ahead, Decimal(before), Decimal(own), Decimal(left))


def given(days: int, reserved: str, released: str, title: str = "2020 年") -> Given:
    return Given(title, days, Decimal(reserved), Decimal(released))


def said(found: Chance) -> str:
    return found.where + found.basis + found.outlook


def test_what_must_become_free_is_those_ahead_and_the_own_amount_beyond_what_is_left():
    assert line().short == Decimal("150000.00")
    assert line(ahead=0, before="0.00", left="30000.00").short == 0


@pytest.mark.parametrize(
    ("released", "days_left", "expected", "likely"),
    [
        ("320000.00", 4, "128000.00", False),
        ("320000.00", 5, "160000.00", True),
        ("320000.00", 0, "0.00", False),
        ("100.00", 3, "30.00", False),
    ],
)
def test_this_periods_pace_is_carried_forward_to_the_closing(released, days_left, expected, likely):
    found = chance_of(line(), given(10, "900000.00", released), [], days_left)
    assert (found.expected, found.likely) == (Decimal(expected), likely)
    assert "平均每天" in found.basis
    assert ("有可能轮到本件" if likely else "可能轮不到本件") in found.outlook


def test_before_a_whole_day_has_passed_earlier_periods_speak():
    earlier = [given(0, "600000.00", "60000.00", "2018 年"), given(0, "400000.00", "140000.00", "2019 年")]
    found = chance_of(line(), given(0, "1000000.00", "50000.00"), earlier, 30)
    assert (found.expected, found.likely) == (Decimal("150000.00"), True)
    assert "2018 年、2019 年" in found.basis
    assert "20.0%" in found.basis


def test_where_nothing_ever_came_back_it_says_that_there_is_no_basis():
    for earlier in ([], [given(0, "0.00", "0.00")]):
        found = chance_of(line(), given(5, "900000.00", "0.00"), earlier, 30)
        assert (found.expected, found.likely) == (None, None)
        assert "没有可以推算的依据" in found.basis


def test_more_than_was_expected_has_come_back_already():
    found = chance_of(line(), given(0, "100000.00", "90000.00"), [given(0, "500000.00", "50000.00")], 30)
    assert (found.expected, found.likely) == (Decimal("0.00"), False)


def test_the_words_carry_the_figures():
    text = said(chance_of(line(), given(10, "900000.00", "320000.00"), [], 20)).replace("\u00a0", " ")
    for figure in ("3 件共 180,000.00 元", "余 50,000.00 元", "还差 150,000.00 元", "10 天", "32,000.00 元", "20 天"):
        assert figure in text
    assert "前面没有别的申请" in said(chance_of(line(ahead=0, before="0.00"), given(1, "1.00", "1.00"), [], 1))
