"""Vouchers under monitoring.

Reference data and people come by the real commands; the voucher itself is walked along its own edges, because how it is
applied for is not what these tests are about.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import call_command

from catalog.models import CatalogVersion, Clause, Edition, Period
from monitoring.domain import (
    DeviceRow,
    SetUp,
    amend_scheme,
    draft_schemes,
    hand_in_schemes,
    publish_schemes,
    set_up_source,
    sign_schemes,
)
from monitoring.models import SchemeSet
from platform_site.accounts import domain as accounts
from platform_site.accounts.enums import Role
from platform_site.accounts.models import City, Membership, Organisation
from platform_site.kit.actor import Actor, system_actor
from platform_site.kit.fsm import perform
from suppliers.models import Product, Supplier
from tests.accounts import people
from vouchers.models import Contract, Enterprise, Voucher

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2020, 11, 12, 2, 0, tzinfo=UTC)  # Thursday, 10:00 in Shanghai
SYSTEM = system_actor("tests")


@dataclass(frozen=True)
class Monitored:
    voucher: Voucher
    supplier: Membership
    enterprise: Membership
    devices: tuple[str, ...] = ()
    set_up: SetUp | None = None

    @property
    def by(self) -> Actor:
        return people.actor(self.supplier)

    @property
    def source(self) -> Any:
        assert self.set_up is not None
        return self.set_up.source

    @property
    def key(self) -> tuple[str, str]:
        assert self.set_up is not None
        return self.set_up.key_id, self.set_up.secret


def reference() -> None:
    """Places, policy, catalog, schemes."""
    people.set_up()
    for command in ("load_policy", "load_catalog", "load_monitoring"):
        call_command(command, verbosity=0)


def rows(*names: str) -> list[DeviceRow]:
    return [DeviceRow(name) for name in names]


def new_schemes(*, edition: str = "2020", item: int = 5, at: datetime = AT, **changes: Any) -> SchemeSet:
    """The province changes an item's numbers: one drafts, another signs; in force from `at`."""
    officer, approver = (
        Actor(user_id=number, label=role, roles=frozenset({role}), organisation_kind="province")
        for number, role in ((901, "province_officer"), (902, "province_approver"))
    )
    made = draft_schemes(edition_code=edition, note="试点反馈", by=officer, at=at)
    amend_scheme(scheme_set=made, item_number=item, changes=changes, by=officer, at=at)
    hand_in_schemes(scheme_set=made, by=officer, at=at)
    sign_schemes(scheme_set=made, by=approver, at=at)
    return publish_schemes(scheme_set=made, by=approver, at=at)


def device_names(number: int, prefix: str = "SY-CNC") -> tuple[str, ...]:
    return tuple(f"{prefix}-{index:03d}" for index in range(1, number + 1))


def voucher(serial: int = 1, *, item: int = 5, amount: str = "81950.00", modules: tuple[str, ...] = ()) -> Monitored:
    """An issued voucher that is being redeemed."""
    _, enterprise_member = people.company(serial * 2)
    organisation, supplier_member = people.company(serial * 2 + 1, kind="supplier")
    supplier, product = _offer(organisation, item)
    enterprise = _enterprise(enterprise_member.organisation)
    contract = Contract.objects.create(
        enterprise=enterprise,
        supplier=supplier,
        product=product,
        number=f"HT-{serial}",
        signed_on=date(2020, 5, 6),
        total=Decimal("148000.00"),
        modules=list(modules or ("实时产量", "运维管理", "设备 OEE 分析", "停机管理及分析")),
        devices=64,
        place="广州市甲区",
        place_city=City.objects.get(pk="440100"),
    )
    made = _walked(_draft(serial, enterprise, contract, Decimal(amount)))
    return Monitored(made, supplier_member, enterprise_member)


def monitored(serial: int = 1, *, devices: int = 60, **kind: Any) -> Monitored:
    """The same with its interface set up by the supplier."""
    made = voucher(serial, **kind)
    names = device_names(devices, f"SY{serial}-CNC")
    rows = [DeviceRow(name) for name in names]
    set_up = set_up_source(
        voucher=made.voucher, supplier=made.voucher.supplier, devices=rows, by=made.by, at=AT - timedelta(days=40)
    )
    return Monitored(made.voucher, made.supplier, made.enterprise, names, set_up)


def operator() -> Membership:
    """A telecom operator's person."""
    organisation = accounts.create_organisation(
        kind="operator", name="岭南通信有限公司", area_code="440000", by=SYSTEM, at=AT
    )
    return people.member(organisation, "operator", Role.OPERATOR_STAFF)


def _offer(organisation: Organisation, item: int) -> tuple[Supplier, Product]:
    supplier = Supplier.objects.create(
        organisation=organisation,
        name=organisation.name,
        uscc=organisation.uscc,
        legal_form="company",
        contact_name="苏工",
        contact_phone="020-0000",
        created_at=AT,
    )
    product = Product.objects.create(
        supplier=supplier,
        catalog_version=CatalogVersion.objects.get(code="2019"),
        item_number=item,
        name=f"牧联设备云 {organisation.pk}",
        name_key=f"牧联设备云{organisation.pk}",
        product_class="A",
        created_at=AT,
    )
    return supplier, product


def _enterprise(organisation: Organisation) -> Enterprise:
    return Enterprise.objects.create(
        organisation=organisation,
        name=organisation.name,
        uscc=organisation.uscc,
        city=City.objects.get(pk="440100"),
        address="广州市",
        kind="manufacturing",
        founded_on=date(2010, 1, 1),
        contact_name="何工",
        contact_phone="020-0001",
        created_at=AT,
    )


def _period() -> Period:
    edition, version = Edition.objects.get(code="2020"), CatalogVersion.objects.get(code="2019")
    times = dict.fromkeys(("apply_from", "redeem_from", "drafted_at"), AT)
    ends = {name: AT + timedelta(days=90) for name in ("apply_to", "redeem_to")}
    found, _ = Period.objects.get_or_create(
        code="2020",
        defaults={
            "edition": edition,
            "catalog_version": version,
            "title": "2020",
            "clause": Clause.objects.get(key="N20/1"),
            "drafted_by": 1,
            "drafted_by_label": "tests",
            **times,
            **ends,
        },
    )
    return found


def _draft(serial: int, enterprise: Enterprise, contract: Contract, amount: Decimal) -> Voucher:
    period = _period()
    return Voucher.objects.create(
        number=f"SQ2020-{serial:06d}",
        receipt_no=f"HZ2020-{serial:06d}",
        period=period,
        enterprise=enterprise,
        product=contract.product,
        supplier=contract.supplier,
        quota_supplier=contract.supplier,
        contract=contract,
        contract_key=f"HT{serial}",
        edition=period.edition,
        catalog_version=period.catalog_version,
        city=enterprise.city,
        prepared_amount=amount,
        amount=amount,
        sequence=serial,
        arrived_at=AT,
        issued_at=AT,
    )


def _walked(made: Voucher) -> Voucher:
    for verb in ("arrive", "serve", "issue", "start_redeeming"):
        perform(made, verb, at=AT)
    return made
