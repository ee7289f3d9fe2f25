"""How amounts, shares and days are written in the sentences of an explanation."""

from decimal import ROUND_DOWN, Decimal
from functools import lru_cache

NO_BREAK = "\u00a0"
_CENT = Decimal("0.01")


def say_money(amount: Decimal) -> str:
    """36,800.00 元, kept on one line; what is beyond the cent is cut, as it will be in the result."""
    return _said(str(amount))


@lru_cache(maxsize=4096)
def _said(amount: str) -> str:
    """Remembered: an explanation names the same few amounts again and again. By text, which is found faster than a
    number that was just worked out."""
    return f"{Decimal(amount).quantize(_CENT, rounding=ROUND_DOWN):,.2f}{NO_BREAK}元"


@lru_cache(maxsize=256)
def say_share(share: Decimal) -> str:
    """0.70 is 70%."""
    return f"{(share * 100).normalize():f}%"


def plain(amount: Decimal) -> str:
    """At least two places, more only where they are not zero: 90000.00, 1234.5678."""
    cents = amount.quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    return str(cents) if cents == amount else f"{amount.normalize():f}"
