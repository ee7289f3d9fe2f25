"""The numbers of a policy edition and of a catalog item, typed. They are data: no policy number stands in code."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from msgspec import Struct


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of edition data: a JSON value beside its clause. `assumed`: taken over or set by the platform.
    `may_vary`: a period may carry a value of its own."""

    key: str
    value: Any
    clause: str
    note: str = ""
    assumed: bool = False
    may_vary: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of the contract amount; None fits every class, region, or voucher in and outside a pilot."""

    share: Decimal
    clause: str
    product_class: str | None = None
    region: str | None = None
    pilot: bool | None = None

    def fits(self, product_class: str | None, region: str | None, pilot: bool) -> bool:
        return (
            self.product_class in (None, product_class)
            and self.region in (None, region)
            and self.pilot in (None, pilot)
        )


@dataclass(frozen=True, slots=True)
class Region:
    """Cities that share a rate: code to short name."""

    key: str
    title: str
    cities: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CostKind:
    kind: str
    title: str
    eligible: bool


@dataclass(frozen=True, slots=True)
class Tier:
    """A size class of 2018: revenue from (included) to below (excluded, None: no limit); amounts per item and total."""

    key: str
    title: str
    revenue_from: Decimal
    revenue_below: Decimal | None
    total: Decimal
    items: Mapping[int, Decimal]

    def holds(self, revenue: Decimal) -> bool:
        return self.revenue_from <= revenue and (self.revenue_below is None or revenue < self.revenue_below)


class ItemTerms(Struct, frozen=True, gc=False):
    """What the assessment needs of a catalog item. `per_device` None: not paid by the device."""

    number: int
    name: str
    cap: Decimal
    clause: str
    per_device: Decimal | None = None
    pilot_only: bool = False
    post_sale: bool = False


@dataclass(frozen=True)
class EditionTerms:
    """Everything an edition sets. Field names are the parameter keys; `clause(key)` gives the rule a value rests on.

    Amounts in yuan, shares as fractions, days as the name says. None: the edition sets nothing here.
    """

    code: str
    method: str
    rates: tuple[Rate, ...]
    regions: tuple[Region, ...]
    excluded_cities: frozenset[str]
    enterprise_cap: Decimal | None
    cap_span: str
    pilot_enterprise_cap_max: Decimal | None
    bonus_amount: Decimal | None
    bonus_in_cap: bool
    bonus_quota: str
    eligible_costs: tuple[CostKind, ...]
    tiers: tuple[Tier, ...]
    tiers_are_sample: bool
    amount_places: int
    earliest_contract_day: date
    minimum_revenue: Decimal | None
    violation_years: int | None
    maintenance_items: frozenset[int]
    unredeemed_limit: int | None
    supplier_confirms_application: bool
    pool_members_reviewed: bool
    products_carried_from: str | None
    unreviewed_hold_working_days: int
    max_open_unreviewed: int
    announce_opening_days: int
    announce_closing_days: int
    implementation_days: int
    review_working_days: int
    returned_keep_working_days: int
    supplier_confirm_working_days: int
    objection_reply_working_days: int
    notice_days: int
    notice_days_minimum: int
    payment_share: Mapping[str, Decimal]
    invoices_equal_contract: bool
    invoices_equal_payments: bool
    settlement_order: tuple[str, ...]
    over_issue_factor: Decimal
    supplier_limits: Mapping[str, Decimal]
    waiting_order: tuple[str, ...]
    city_matching: bool
    targets: Mapping[str, int]
    pilot_uses_city_quota: bool
    pilot_enterprises_min: int
    pilot_joint_min: int
    pilot_showcases_min: int
    pilot_city_share_max: Decimal | None
    pilot_local_share_min: Decimal | None
    clauses: Mapping[str, str] = field(default_factory=dict)
    assumed: frozenset[str] = frozenset()

    def clause(self, key: str) -> str:
        """Key of the rule that a value rests on. Raises KeyError for a name that is no parameter."""
        return self.clauses[key]

    def city_code(self, area_code: str) -> str:
        """The prefecture city of a county's code; the code itself for a city."""
        return f"{area_code[:4]}00"

    def region_of(self, area_code: str) -> Region | None:
        """None: not a city of the province."""
        return self._region_by_city.get(f"{area_code[:4]}00")

    @cached_property
    def _region_by_city(self) -> dict[str, Region]:
        """The first region that has a city counts."""
        return {city: region for region in reversed(self.regions) for city in region.cities}

    @cached_property
    def smallest(self) -> Decimal:
        """The least amount that is written: 0.01 at two places."""
        return Decimal(1).scaleb(-self.amount_places)

    def city_name(self, area_code: str) -> str:
        region = self.region_of(area_code)
        return region.cities[self.city_code(area_code)] if region else area_code

    def rate_for(self, product_class: str | None, area_code: str, pilot: bool) -> Rate | None:
        """The first rate that fits, in the order of the edition; None: none does."""
        region = self.region_of(area_code)
        wanted = (product_class, region.key if region else None, pilot)
        if wanted not in self._rate_by:
            self._rate_by[wanted] = next((rate for rate in self.rates if rate.fits(*wanted)), None)
        return self._rate_by[wanted]

    @cached_property
    def _rate_by(self) -> dict[tuple[str | None, str | None, bool], Rate | None]:
        """Found before; there are few classes and regions."""
        return {}

    def tier_for(self, revenue: Decimal | None) -> Tier | None:
        return None if revenue is None else next((tier for tier in self.tiers if tier.holds(revenue)), None)


def edition_terms(code: str, parameters: Iterable[Parameter]) -> EditionTerms:
    """Type the rows of an edition. Raises ValueError naming every key that is missing or unknown."""
    rows = {parameter.key: parameter for parameter in parameters}
    wrong = sorted(set(_READ) ^ set(rows))
    if wrong:
        raise ValueError(f"edition {code}: parameters missing or unknown: {', '.join(wrong)}")
    return EditionTerms(
        code=code,
        clauses={key: row.clause for key, row in rows.items()},
        assumed=frozenset(key for key, row in rows.items() if row.assumed),
        **{key: read(rows[key].value) for key, read in _READ.items()},
    )


def read_value(key: str, value: Any) -> Any:
    """One parameter typed. Raises KeyError for an unknown key, ValueError or TypeError for an unreadable value."""
    return _READ[key](value)


def parameter_keys() -> tuple[str, ...]:
    return tuple(_READ)


def _money(value: Any) -> Decimal:
    if isinstance(value, float):
        raise ValueError("amounts and shares are written as text, never as a float")
    return Decimal(value)


def _maybe(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"true or false expected, not {value!r}")
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"a whole number expected, not {value!r}")
    return value


def _amounts(value: Mapping[str, Any] | None) -> dict[str, Decimal]:
    return {key: _money(amount) for key, amount in (value or {}).items()}


def _rates(rows: Iterable[Mapping[str, Any]]) -> tuple[Rate, ...]:
    return tuple(
        Rate(_money(row["rate"]), row["clause"], row.get("class"), row.get("region"), row.get("pilot")) for row in rows
    )


def _regions(rows: Iterable[Mapping[str, Any]]) -> tuple[Region, ...]:
    return tuple(Region(row["region"], row["title"], dict(row["cities"])) for row in rows)


def _costs(rows: Iterable[Mapping[str, Any]]) -> tuple[CostKind, ...]:
    return tuple(CostKind(row["kind"], row["title"], _flag(row["eligible"])) for row in rows)


def _tiers(rows: Iterable[Mapping[str, Any]]) -> tuple[Tier, ...]:
    return tuple(
        Tier(
            key=row["tier"],
            title=row["title"],
            revenue_from=_money(row["revenue_from"]),
            revenue_below=_maybe(_money)(row["revenue_below"]),
            total=_money(row["total"]),
            items={int(number): _money(amount) for number, amount in row["items"].items()},
        )
        for row in rows
    )


_READ: dict[str, Callable[[Any], Any]] = {
    "method": str,
    "rates": _rates,
    "regions": _regions,
    "excluded_cities": frozenset,
    "enterprise_cap": _maybe(_money),
    "cap_span": str,
    "pilot_enterprise_cap_max": _maybe(_money),
    "bonus_amount": _maybe(_money),
    "bonus_in_cap": _flag,
    "bonus_quota": str,
    "eligible_costs": _costs,
    "tiers": _tiers,
    "tiers_are_sample": _flag,
    "amount_places": _count,
    "earliest_contract_day": date.fromisoformat,
    "minimum_revenue": _maybe(_money),
    "violation_years": _maybe(_count),
    "maintenance_items": frozenset,
    "unredeemed_limit": _maybe(_count),
    "supplier_confirms_application": _flag,
    "pool_members_reviewed": _flag,
    "products_carried_from": _maybe(str),
    "unreviewed_hold_working_days": _count,
    "max_open_unreviewed": _count,
    "announce_opening_days": _count,
    "announce_closing_days": _count,
    "implementation_days": _count,
    "review_working_days": _count,
    "returned_keep_working_days": _count,
    "supplier_confirm_working_days": _count,
    "objection_reply_working_days": _count,
    "notice_days": _count,
    "notice_days_minimum": _count,
    "payment_share": _amounts,
    "invoices_equal_contract": _flag,
    "invoices_equal_payments": _flag,
    "settlement_order": tuple,
    "over_issue_factor": _money,
    "supplier_limits": _amounts,
    "waiting_order": tuple,
    "city_matching": _flag,
    "targets": dict,
    "pilot_uses_city_quota": _flag,
    "pilot_enterprises_min": _count,
    "pilot_joint_min": _count,
    "pilot_showcases_min": _count,
    "pilot_city_share_max": _maybe(_money),
    "pilot_local_share_min": _maybe(_money),
}
