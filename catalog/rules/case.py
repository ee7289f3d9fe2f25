"""The case that is assessed, and its form in JSON: what a voucher freezes so that its amount can be computed again."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, make_dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from catalog.rules.terms import ItemTerms

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class CostLine:
    """A cost line of the contract; `kind` is one of the edition's cost kinds (2018 only)."""

    kind: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class AssessmentCase:
    """One product under one contract. Amounts in yuan.

    city: six-digit code of city or county. product_class None: not set yet. devices None: the number is not known yet.
    enterprise_cap None: the edition's own. cap_used: what the enterprise's earlier vouchers of the period took.
    revenue, enterprise_kind ("manufacturing", "maintenance"), signed_on: None is not asked and not checked.
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


# The same slots, not frozen yet: filled as usual and then made an AssessmentCase, a case takes a fifth of the time that
# the frozen class's own constructor needs, and a trial makes hundreds of thousands.
_OpenCase: Any = make_dataclass("_OpenCase", [(one.name, one.type) for one in fields(AssessmentCase)], slots=True)


def _frozen(case: Any) -> AssessmentCase:
    case.__class__ = AssessmentCase
    return case  # type: ignore[no-any-return]


def case_under(case: AssessmentCase, edition: str, item: ItemTerms, cap_used: Decimal) -> AssessmentCase:
    """The same facts under another edition, item or use of the cap. (`dataclasses.replace` takes far longer.)"""
    made = _OpenCase(
        edition,
        case.city,
        item,
        case.contract_amount,
        case.product_class,
        case.unrelated_amount,
        case.cost_lines,
        case.devices,
        case.pilot,
        case.enterprise_cap,
        cap_used,
        case.bonus,
        case.revenue,
        case.enterprise_kind,
        case.signed_on,
    )
    return _frozen(made)


def case_to_json(case: AssessmentCase) -> dict[str, Any]:
    """Plain JSON with amounts as text; the item's terms are frozen in it."""
    return {
        "edition": case.edition,
        "city": case.city,
        "item": _item_to_json(case.item),
        "class": case.product_class,
        "contract_amount": str(case.contract_amount),
        "unrelated_amount": str(case.unrelated_amount),
        "cost_lines": [{"kind": line.kind, "amount": str(line.amount)} for line in case.cost_lines],
        "devices": case.devices,
        "pilot": case.pilot,
        "cap": _text(case.enterprise_cap),
        "cap_used": str(case.cap_used),
        "bonus": case.bonus,
        "revenue": _text(case.revenue),
        "enterprise_kind": case.enterprise_kind,
        "signed_on": case.signed_on.isoformat() if case.signed_on else None,
    }


def case_from_json(data: Mapping[str, Any]) -> AssessmentCase:
    """The inverse of `case_to_json`. Raises KeyError or decimal.InvalidOperation for foreign data."""
    signed_on, lines = data["signed_on"], data["cost_lines"]
    made = _OpenCase(
        data["edition"],
        data["city"],
        _item_from_json(data["item"]),
        Decimal(data["contract_amount"]),
        data["class"],
        Decimal(data["unrelated_amount"]),
        tuple([CostLine(line["kind"], Decimal(line["amount"])) for line in lines]) if lines else (),
        data["devices"],
        data["pilot"],
        _decimal(data["cap"]),
        Decimal(data["cap_used"]),
        data["bonus"],
        _decimal(data["revenue"]),
        data["enterprise_kind"],
        date.fromisoformat(signed_on) if signed_on else None,
    )
    return _frozen(made)


def _item_to_json(item: ItemTerms) -> dict[str, Any]:
    return {
        "number": item.number,
        "name": item.name,
        "cap": str(item.cap),
        "clause": item.clause,
        "per_device": _text(item.per_device),
        "pilot_only": item.pilot_only,
        "post_sale": item.post_sale,
    }


def _item_from_json(data: Mapping[str, Any]) -> ItemTerms:
    return _item(
        data["number"],
        data["name"],
        data["cap"],
        data["clause"],
        data["per_device"],
        data["pilot_only"],
        data["post_sale"],
    )


@lru_cache(maxsize=256)
def _item(
    number: int, name: str, cap: str, clause: str, per_device: str | None, pilot_only: bool, post_sale: bool
) -> ItemTerms:
    """Thousands of cases share the few items of a catalog."""
    return ItemTerms(number, name, Decimal(cap), clause, _decimal(per_device), pilot_only, post_sale)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
