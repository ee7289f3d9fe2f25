"""The case that is assessed, and its form in JSON: what a voucher freezes so that its amount can be computed again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from catalog.rules.terms import ItemTerms

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class CostLine:
    """A cost line of the contract; `kind` is one of the edition's cost kinds (2018 only)."""

    kind: str
    amount: Decimal


class AssessmentCase(msgspec.Struct, frozen=True, gc=False, rename={"product_class": "class", "enterprise_cap": "cap"}):
    """One product under one contract. Amounts in yuan.

    city: six-digit code of city or county. product_class None: not set yet. devices None: the number is not known yet.
    enterprise_cap None: the edition's own. cap_used: what the enterprise's earlier vouchers of the period took.
    revenue, enterprise_kind ("manufacturing", "maintenance"), signed_on: None is not asked and not checked.

    A struct of msgspec, because a trial reads hundreds of thousands: the JSON is read into it by one pass of C.
    """

    edition: str
    city: str
    item: ItemTerms
    contract_amount: Decimal
    product_class: str | None = None
    unrelated_amount: Decimal = ZERO
    cost_lines: tuple[CostLine, ...] = ()
    devices: int | None = None
    pilot: bool = False
    enterprise_cap: Decimal | None = None
    cap_used: Decimal = ZERO
    bonus: bool = False
    revenue: Decimal | None = None
    enterprise_kind: str | None = None
    signed_on: date | None = None

    @property
    def declared(self) -> Decimal:
        """Contract amount without what has nothing to do with the voucher (S19/5.3.6)."""
        return self.contract_amount - self.unrelated_amount


def case_to_json(case: AssessmentCase) -> dict[str, Any]:
    """Plain JSON with amounts as text; the item's terms are frozen in it."""
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(case))
    return told


def case_from_json(data: Mapping[str, Any]) -> AssessmentCase:
    """The inverse of `case_to_json`. Raises msgspec.ValidationError for foreign data."""
    return msgspec.convert(data, AssessmentCase)


def case_from_text(text: str) -> AssessmentCase:
    """As `case_from_json`, of JSON that nobody has read yet: a third of the time. Raises msgspec.DecodeError."""
    return _READER.decode(text)


_READER = msgspec.json.Decoder(AssessmentCase)
