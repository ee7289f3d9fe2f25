"""Money: `Decimal` yuan with two places, rounded down (platform default 2), never float."""

from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import Any

from django.db import models

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def yuan(value: Decimal | str | int) -> Decimal:
    """An exact amount. Raises ValueError for floats, for more than two places and for what is no number."""
    if isinstance(value, float):
        raise ValueError("money is never a float")
    try:
        amount = Decimal(value)
        exact = amount.quantize(CENT)
    except InvalidOperation as error:
        raise ValueError(f"not an amount: {value!r}") from error
    if exact != amount:
        raise ValueError(f"more than two places: {value!r}")
    return exact


def floor_cents(value: Decimal) -> Decimal:
    """Down to the cent (platform default 2)."""
    return value.quantize(CENT, rounding=ROUND_DOWN)


class MoneyField(models.DecimalField[Any, Any]):
    """numeric(14, 2), yuan."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)
