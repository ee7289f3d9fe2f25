"""The ground under a simulated fleet: companies, contracts, vouchers and sources in a draft period of their own.

No true period, quota or number is touched. Set-wise; the database's guards of states hold as for everybody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from catalog.models import Clause, Period
from catalog.queries import catalog_of, published_edition
from monitoring.enums import SourceKind
from monitoring.models import Device, Source
from monitoring.queries import terms_for
from monitoring.rules.cheats import Member
from monitoring.rules.factory_shapes import SHANGHAI
from monitoring.rules.fleets import DEVICE_ITEM, METER_ITEM, MODULES, SOFTWARE_ITEM, Fleet
from monitoring.rules.scheme import terms_to_json
from platform_site.accounts.models import City, Organisation
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import bulk_perform
from suppliers.models import Product, Supplier
from suppliers.queries import item_of
from vouchers.models import Contract, Enterprise, Voucher

ITEMS = (DEVICE_ITEM, METER_ITEM, SOFTWARE_ITEM)
SUPPLIERS = 20
CLAUSE = "S19/5.4.12"
AMOUNT = Decimal("1500.00")
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Ground:
    """vouchers: by the member's number; sources: by voucher id and kind."""

    vouchers: dict[int, Voucher]
    sources: dict[tuple[int, str], Source]


def lay_ground(fleet: Fleet, seed: str, at: datetime) -> Ground:
    """Everything that must be there before data come. Raises Refusal when a fleet of this seed was kept before."""
    period = _period(seed, fleet, at)
    products = _products(seed, period, at)
    vouchers = _vouchers(seed, fleet, period, products, at)
    _list_devices(fleet, vouchers, at)
    return Ground(vouchers, _sources(fleet, vouchers, at))


def morning_of(day: date) -> datetime:
    """When the day before is delivered."""
    return datetime.combine(day, time(0, 10), tzinfo=SHANGHAI)


def _period(seed: str, fleet: Fleet, at: datetime) -> Period:
    if Period.objects.filter(code=f"sim-{seed}").exists():
        raise Refusal(_kept(seed))
    edition = published_edition("2020")
    start, end = morning_of(fleet.span.first) - timedelta(days=90), at + timedelta(days=365)
    return Period.objects.create(
        edition=edition,
        catalog_version=catalog_of(edition),
        code=f"sim-{seed}",
        title=f"模拟数据 {seed}",
        apply_from=start,
        apply_to=end,
        redeem_from=start,
        redeem_to=end,
        clause=Clause.objects.get(key=CLAUSE),
        drafted_by=0,
        drafted_by_label="模拟",
        drafted_at=at,
    )


def _kept(seed: str) -> Finding:
    return Finding(
        code="fleet.kept",
        clause="D/8",
        title="已有这个种子的模拟数据",
        reason=f"种子 {seed} 的模拟数据已经保留在数据库里。",
        remedy="换一个种子。",
    )


def _organisations(kind: str, names: Sequence[str], letter: str, seed: str, at: datetime) -> list[Organisation]:
    rows = [
        Organisation(kind=kind, name=name, uscc=_number(letter, seed, place), created_at=at)
        for place, name in enumerate(names)
    ]
    return Organisation.objects.bulk_create(rows, batch_size=_BATCH)


def _number(letter: str, seed: str, place: int) -> str:
    """Eighteen signs that are nobody's credit code: the check digit is no digit of the code's alphabet."""
    return f"SIM{letter}{seed.upper():0>8.8}{place:05d}O"


def _products(seed: str, period: Period, at: datetime) -> dict[tuple[int, int], Product]:
    """One of each item per supplier, by supplier's place and item."""
    names = [f"模拟供应商 {place + 1:02d}" for place in range(SUPPLIERS)]
    organisations = _organisations("supplier", names, "S", seed, at)
    suppliers = Supplier.objects.bulk_create(
        Supplier(organisation=one, name=one.name, uscc=one.uscc, legal_form="company", created_at=at)
        for one in organisations
    )
    rows = {
        (place, item): Product(
            supplier=supplier,
            catalog_version=period.catalog_version,
            item_number=item,
            name=f"模拟产品 {place + 1:02d}-{item}",
            name_key=f"模拟产品{seed}{place + 1:02d}{item}",
            product_class="A",
            created_at=at,
        )
        for place, supplier in enumerate(suppliers)
        for item in ITEMS
    }
    Product.objects.bulk_create(rows.values())
    return rows


def _enterprises(seed: str, numbers: Iterable[int], at: datetime) -> dict[int, Enterprise]:
    numbers, cities = sorted(set(numbers)), list(City.objects.order_by("pk"))
    organisations = _organisations("enterprise", [f"模拟企业 {one:05d}" for one in numbers], "E", seed, at)
    rows = {
        number: Enterprise(
            organisation=organisation,
            name=organisation.name,
            uscc=organisation.uscc,
            city=cities[number % len(cities)],
            address="模拟地址",
            kind="manufacturing",
            founded_on=date(2010, 1, 1),
            contact_name="模拟",
            contact_phone="000",
            created_at=at,
        )
        for number, organisation in zip(numbers, organisations, strict=True)
    }
    Enterprise.objects.bulk_create(rows.values(), batch_size=_BATCH)
    return rows


def _vouchers(
    seed: str, fleet: Fleet, period: Period, products: dict[tuple[int, int], Product], at: datetime
) -> dict[int, Voucher]:
    enterprises = _enterprises(seed, (member.enterprise for member in fleet.members), at)
    contracts = {
        one.number: _contract(one, enterprises[one.enterprise], products[one.number % SUPPLIERS, one.item])
        for one in fleet.members
    }
    Contract.objects.bulk_create(contracts.values(), batch_size=_BATCH)
    made = {
        number: _voucher(f"SM{seed}-{number:05d}"[:24], number, contract, period, morning_of(fleet.span.first))
        for number, contract in contracts.items()
    }
    Voucher.objects.bulk_create(made.values(), batch_size=_BATCH)
    for verb in ("arrive", "serve", "issue", "start_redeeming"):
        bulk_perform(Voucher, [row.pk for row in made.values()], verb, at=at)
    for paid_on in {member.paid_on for member in fleet.members if member.paid_on}:
        paid = [made[member.number].pk for member in fleet.members if member.paid_on == paid_on]
        bulk_perform(Voucher, paid, "settle", at=morning_of(paid_on), paid_amount=AMOUNT)
    return made


def _contract(member: Member, enterprise: Enterprise, product: Product) -> Contract:
    return Contract(
        enterprise=enterprise,
        supplier=product.supplier,
        product=product,
        number=f"SIM-{member.number:05d}",
        signed_on=date(2020, 5, 6),
        total=AMOUNT * 2,
        modules=list(MODULES),
        devices=len(member.listed) or None,
        place="模拟地址",
        place_city=enterprise.city,
    )


def _voucher(name: str, number: int, contract: Contract, period: Period, at: datetime) -> Voucher:
    return Voucher(
        number=name,
        receipt_no=f"R{name}"[:24],
        period=period,
        enterprise=contract.enterprise,
        product=contract.product,
        supplier=contract.supplier,
        quota_supplier=contract.supplier,
        contract=contract,
        contract_key=contract.number.replace("-", ""),
        edition=period.edition,
        catalog_version=period.catalog_version,
        city=contract.enterprise.city,
        prepared_amount=AMOUNT,
        amount=AMOUNT,
        sequence=number + 1,
        arrived_at=at,
        issued_at=at,
    )


def _list_devices(fleet: Fleet, vouchers: dict[int, Voucher], at: datetime) -> None:
    rows = [
        Device(voucher=vouchers[member.number], device_id=device, added_at=morning_of(fleet.span.first))
        for member in fleet.members
        for device in member.listed
    ]
    Device.objects.bulk_create(rows, batch_size=_BATCH)


def _sources(fleet: Fleet, vouchers: dict[int, Voucher], at: datetime) -> dict[tuple[int, str], Source]:
    schemes: dict[int, dict[str, Any]] = {}
    rows: dict[tuple[int, str], Source] = {}
    for member in fleet.members:
        voucher = vouchers[member.number]
        if member.item not in schemes:
            item = item_of(voucher.product)
            terms = terms_for(voucher.edition.code, member.item, item.per_device if item else None)
            schemes[member.item] = terms_to_json(terms)
        kinds = [SourceKind.SUPPLIER_PUSH, *([SourceKind.OPERATOR_FEED] if member.watched else [])]
        for kind in kinds:
            rows[voucher.pk, kind] = Source(
                voucher=voucher,
                supplier=voucher.supplier,
                product=voucher.product,
                kind=kind,
                scheme=schemes[member.item],
                set_up_at=morning_of(fleet.span.first),
            )
    Source.objects.bulk_create(rows.values(), batch_size=_BATCH)
    bulk_perform(Source, [row.pk for row in rows.values()], "go_live", at=at)
    return rows
