"""The terms by which a voucher's adoption is judged: a scheme row as a value, and how it is frozen as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from monitoring.enums import SchemeKind


@dataclass(frozen=True, slots=True)
class AdoptionTerms:
    """Thresholds of one item in one edition; `per_device` None: the item is not paid by the device.

    min_minutes: a day counts from so many active minutes (0: any activity). late_days: how much later data may be
    sent by the supplier, operator_late_days by operators. Shares are fractions of 1: operators' least coverage, most
    disagreement, most activity outside the province. fresh_days: passing data must not be older, 0: not looked at.
    """

    edition_code: str
    item_number: int
    kind: str
    clause: str
    window_days: int
    min_days: int
    min_minutes: int
    slot_minutes: int
    min_devices: int
    min_users: int
    min_modules: int
    late_days: int
    operator_late_days: int
    operator_share: Decimal
    conflict_share: Decimal
    outside_share: Decimal
    per_device: Decimal | None = None
    fresh_days: int = 0

    @property
    def by_device(self) -> bool:
        return self.kind == SchemeKind.DEVICE

    @property
    def min_hours(self) -> Decimal:
        """For people: 240 minutes are 4 hours."""
        return (Decimal(self.min_minutes) / 60).normalize()


_DECIMALS = ("operator_share", "conflict_share", "outside_share", "per_device")


def terms_to_json(terms: AdoptionTerms) -> dict[str, Any]:
    values = {name: getattr(terms, name) for name in AdoptionTerms.__slots__}
    return {**values, **{name: None if values[name] is None else str(values[name]) for name in _DECIMALS}}


def terms_from_json(values: Mapping[str, Any]) -> AdoptionTerms:
    decimals = {name: None if values.get(name) is None else Decimal(values[name]) for name in _DECIMALS}
    return AdoptionTerms(**{**values, **decimals})
