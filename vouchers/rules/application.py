"""The application as a value: what the applicant declares, and what the platform knows when it is handed in."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost line; amount in yuan."""

    name: str
    kind: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class AttachedFile:
    file_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What binds an application to the rest of the world, and may collide with it. `supplier_id`: the other party of
    the contract. `pilot_id` None: charged to the city."""

    product_id: int
    supplier_id: int
    contract_number: str
    pilot_id: int | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Application(HandedIn):
    """Everything on the form. Amounts in yuan. `devices` None: the item does not count devices. `place_city` "": the
    service is delivered outside the province."""

    signed_on: date
    total: Decimal
    costs: tuple[Cost, ...]
    modules: tuple[str, ...]
    place: str
    place_city: str
    files: tuple[AttachedFile, ...]
    unrelated_amount: Decimal = ZERO
    other_modules: tuple[str, ...] = ()
    devices: int | None = None
    bonus_claimed: bool = False
    declares_no_other_funds: bool = False
    commits: bool = False


@dataclass(frozen=True, slots=True)
class OtherVoucher:
    """A voucher the enterprise has already, as far as it may stand in the way."""

    number: str
    period: str
    same_period: bool
    product_id: int
    contract_key: str
    state: str
    pilot: bool = False


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """The product as listed. `period_catalog`: it belongs to the catalog version of the period."""

    id: int
    name: str
    supplier_id: int
    supplier_name: str
    item_number: int
    item_name: str
    modules: tuple[str, ...]
    minimum_modules: int
    per_device: Decimal | None
    post_sale: bool
    pilot_only: bool
    listed: bool
    supplier_listed: bool
    period_catalog: bool


@dataclass(frozen=True, slots=True)
class BarFact:
    """A bar in force: the rule it rests on and why, in a sentence."""

    clause: str
    ground: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the platform knows at the moment of submitting. `today`: the day in Shanghai."""

    today: date
    period_title: str
    enterprise_state: str
    product: ProductFacts
    others: tuple[OtherVoucher, ...] = ()
    unredeemed: int = 0
    open_applications: int = 0
    bars: tuple[BarFact, ...] = ()
    supplier_bars: tuple[BarFact, ...] = ()
    province_cities: frozenset[str] = field(default_factory=frozenset)
    pilot_running: bool | None = None
    pilot_client: bool = True
