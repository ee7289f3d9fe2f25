"""Money is exact, or it is refused."""

from decimal import Decimal

import pytest

from platform_site.kit.money import MoneyField, floor_cents, yuan


@pytest.mark.parametrize(
    ("given", "amount"),
    [("300000", "300000.00"), ("0.1", "0.10"), (8, "8.00"), (Decimal("12.340"), "12.34"), ("-0.01", "-0.01")],
)
def test_an_exact_amount_has_two_places(given: Decimal | str | int, amount: str) -> None:
    assert str(yuan(given)) == amount


@pytest.mark.parametrize("given", [0.1, "0.001", Decimal("1.005"), "NaN", "Infinity", "三万", "", "1e40"])
def test_what_is_no_exact_amount_raises(given: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        yuan(given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("exact", "amount"), [("0.019", "0.01"), ("99999.999", "99999.99"), ("5", "5.00"), ("33333.3333333333", "33333.33")]
)
def test_fractions_of_a_cent_are_dropped_never_rounded_up(exact: str, amount: str) -> None:
    assert str(floor_cents(Decimal(exact))) == amount


def test_the_field_holds_fourteen_digits_with_two_places() -> None:
    field = MoneyField()
    assert (field.max_digits, field.decimal_places) == (14, 2)
