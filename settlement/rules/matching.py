"""A city's own money on top of a voucher (T18/4.4.5): a line of its own, off where the edition forbids it."""

from decimal import ROUND_DOWN, Decimal

ZERO, CENT = Decimal("0.00"), Decimal("0.01")


def matching_amount(amount: Decimal, declared: Decimal, rate: Decimal | None) -> Decimal:
    """The city's share of the approved amount, yuan, rounded down; voucher and matching never exceed the contract.

    rate: a fraction of the approved amount; None where the city adds nothing.
    """
    if rate is None or amount <= ZERO:
        return ZERO
    share = (amount * rate).quantize(CENT, rounding=ROUND_DOWN)
    return min(share, max(declared - amount, ZERO))
