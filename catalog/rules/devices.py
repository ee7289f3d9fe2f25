"""Items paid by the device: how much the devices allow, and how many an amount needs (S19/annex.note2)."""

from decimal import ROUND_CEILING, Decimal


def device_ceiling(per_device: Decimal, devices: int) -> Decimal:
    return per_device * devices


def devices_needed(amount: Decimal, per_device: Decimal) -> int:
    """The least number of devices that carries the amount at redemption."""
    return int((amount / per_device).to_integral_value(rounding=ROUND_CEILING))
