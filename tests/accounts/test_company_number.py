"""What is wrong with a company number, exactly."""

import pytest

from platform_site.accounts.rules.company_number import compact, fault
from tests.accounts.people import company_number

GOOD = company_number(1)


def test_a_right_number_has_no_fault_however_it_is_typed() -> None:
    full_width = GOOD.translate({ord(letter): ord(letter) + 0xFEE0 for letter in GOOD})
    assert fault(GOOD) is None
    assert fault(f" {GOOD[:6].lower()} {GOOD[6:]} ") is None
    assert compact(full_width) == GOOD


@pytest.mark.parametrize(
    ("typed", "code", "names"),
    [
        (GOOD[:-1], "uscc.length", "17"),
        (GOOD[:9] + "O" + GOOD[10:], "uscc.characters", "O"),
        ("9144O101" + GOOD[8:], "uscc.characters", "O"),
        ("9144A101" + GOOD[8:], "uscc.characters", "5"),
        (GOOD[:-1] + ("1" if GOOD[-1] != "1" else "2"), "uscc.check_digit", "校验码"),
    ],
)
def test_the_fault_names_what_is_wrong(typed: str, code: str, names: str) -> None:
    """S19/4.1.1"""
    found = fault(typed)
    assert found is not None
    assert found[0] == code
    assert names in found[1]
