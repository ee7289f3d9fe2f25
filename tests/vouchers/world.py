"""A small world for the voucher floor, made by the real commands: policy, cities, officials, a listed product, an
open period."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog import domain as catalog
from catalog.models import Edition, Period
from catalog.queries import parameters_of, published_catalog, published_edition
from platform_site.accounts import domain as accounts
from platform_site.accounts.models import Organisation, User
from platform_site.accounts.queries import actor_for, bureau_of, province_bureau
from platform_site.files.domain import store_bytes
from platform_site.kit import clock
from platform_site.kit.actor import Actor, system_actor
from platform_site.kit.yaml_files import read_yaml
from suppliers import domain as suppliers
from suppliers.models import Product, Supplier
from suppliers.rules.profile import SupplierProfile
from tests.accounts.people import company_number
from vouchers import domain
from vouchers.models import Enterprise
from vouchers.rules.application import Application, AttachedFile, Cost

SETUP = system_actor("tests")
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)
FOSHAN, GUANGZHOU, MEIZHOU, SHENZHEN = "440600", "440100", "441400", "440300"
_serial = count(10_000)  # numbers below are those that tests write down themselves


@dataclass
class World:
    """Officials by role, one supplier, its products by item, one open period."""

    at: datetime
    period: Period
    officer: Actor
    approver: Actor
    supplier: Supplier
    supplier_actor: Actor
    products: dict[int, Product] = field(default_factory=dict)
    cities: dict[str, dict[str, Actor]] = field(default_factory=dict)

    def city(self, code: str) -> dict[str, Actor]:
        """reviewer, approver and second approver of a city's bureau."""
        if code not in self.cities:
            bureau = bureau_of(code)
            self.cities[code] = {
                "reviewer": _official(bureau, "city_reviewer"),
                "approver": _official(bureau, "city_approver"),
                "both": _official(bureau, "city_reviewer", "city_approver"),
            }
        return self.cities[code]


def official(organisation: Organisation, *roles: str) -> Actor:
    return _official(organisation, *roles)


def _official(organisation: Organisation, *roles: str) -> Actor:
    user = _person()
    membership = accounts.add_member(
        organisation=organisation, user=user, roles=roles, by=SETUP, at=clock.now() - timedelta(days=60)
    )
    return actor_for(user, membership)


def _person() -> User:
    number = next(_serial)
    return accounts.create_person(
        username=f"person{number}",
        name=f"经办{number}",
        email=f"person{number}@example.com",
        password=None,
        by=SETUP,
        at=clock.now(),
    )


def make_world(
    *,
    edition: str = "2020",
    items: tuple[int, ...] = (7,),
    city_total: str = "5000000.00",
    numbers: Mapping[str, object] | None = None,
) -> World:
    """Everything up to an open period with quota for Foshan, Guangzhou and Meizhou. numbers: of a new edition made
    from `edition`, key to value."""
    at = clock.now()
    _load(at - timedelta(days=90))
    province = province_bureau()
    officer, approver = _official(province, "province_officer"), _official(province, "province_approver")
    if numbers:
        edition = new_edition(edition, numbers, officer, approver, at - timedelta(days=60)).code
    period = _open_period(edition, officer, approver, at)
    supplier, actor = make_supplier(officer, approver, at)
    world = World(at, period, officer, approver, supplier, actor)
    for item in items:
        world.products[item] = make_product(world, item)
    if city_total:
        lines = [(f"city:{code}", Decimal(city_total)) for code in (FOSHAN, GUANGZHOU, MEIZHOU)]
        grant(world, lines)
    return world


def grant(world: World, lines: list[tuple[str, Decimal]]) -> None:
    plan = domain.plan_quota(
        period=world.period, title="下达额度", reason="测试", lines=lines, by=world.officer, at=clock.now()
    )
    domain.sign_plan(plan=plan, by=world.approver, at=clock.now())
    domain.allocate(period_id=world.period.pk)


def _load(at: datetime) -> None:
    fixtures = Path(settings.BASE_DIR) / "fixtures"
    catalog.load_policy(folder=fixtures / "policy", by=SETUP, at=at)
    for path in sorted((fixtures / "catalog").glob("*.yaml")):
        catalog.load_catalog(path=path, by=SETUP, at=at)
    cities = read_yaml(fixtures / "cities.yaml")["cities"]
    wanted = {FOSHAN, GUANGZHOU, MEIZHOU, SHENZHEN}
    accounts.set_up_places(cities=[row for row in cities if row["code"] in wanted], by=SETUP, at=at)


def new_edition(parent: str, numbers: Mapping[str, object], officer: Actor, approver: Actor, at: datetime) -> Edition:
    """Drafted, changed, signed and published, in force from the next day on."""
    old = published_edition(parent)
    edition = catalog.draft_edition(parent=old, code=f"{parent}a", title=f"{parent} 年甲", by=officer, at=at)
    rows = [replace(row, value=numbers[row.key]) for row in parameters_of(old) if row.key in numbers]
    edition = catalog.amend_edition(edition=edition, parameters=rows, by=officer, at=at)
    edition = catalog.hand_in_edition(edition=edition, by=officer, at=at)
    edition = catalog.sign_edition(edition=edition, by=approver, at=at)
    day = (at + timedelta(days=1)).date()
    return catalog.publish_edition(edition=edition, effective_from=day, by=approver, at=at)


def _open_period(edition: str, officer: Actor, approver: Actor, at: datetime) -> Period:
    chosen = published_edition(edition)
    period = catalog.draft_period(
        edition=chosen,
        catalog_version=published_catalog(chosen.catalog_code),
        code=edition,
        title=f"{edition} 年申领期",
        apply_from=at - timedelta(days=1),
        apply_to=at + timedelta(days=30),
        redeem_from=at + timedelta(days=31),
        redeem_to=at + timedelta(days=200),
        clause="S19/6.1",
        assumptions_confirmed=True,
        by=officer,
        at=at - timedelta(days=50),
    )
    catalog.sign_period(period=period, by=approver, at=at - timedelta(days=49))
    catalog.publish_period(period=period, by=approver, at=at - timedelta(days=48))
    return Period.objects.select_related("edition", "catalog_version").get(pk=period.pk)


def _company(kind: str, area_code: str) -> tuple[Organisation, Actor]:
    number = next(_serial)
    user = accounts.sign_up(
        kind=kind,
        organisation_name=f"第{number}机械有限公司",
        uscc=company_number(number),
        area_code=area_code,
        name=f"联系人{number}",
        phone="13800000000",
        email=f"{kind}{number}@example.com",
        username=f"{kind}{number}",
        password="shan-shui-tian-yuan-8",
        by=SETUP,
        at=clock.now() - timedelta(days=60),
    )
    membership = user.memberships.get()
    return membership.organisation, actor_for(user, membership)


def upload(name: str = "合同.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + str(next(_serial)).encode(), content_type="application/pdf")


def make_supplier(officer: Actor, approver: Actor, at: datetime, area_code: str = GUANGZHOU) -> tuple[Supplier, Actor]:
    """Listed, by city and province."""
    organisation, actor = _company("supplier", area_code)
    profile = SupplierProfile(
        kind="service", legal_form="company", introduction="工业软件", contact_name="甲", contact_phone="13800000000"
    )
    supplier = suppliers.register_supplier(organisation=organisation, profile=profile, by=actor, at=at)
    suppliers.add_supplier_file(supplier=supplier, upload=upload(), kind="licence", by=actor, at=at)
    suppliers.submit_supplier(supplier=supplier, by=actor, at=at)
    reviewer = _official(bureau_of(area_code), "city_reviewer")
    suppliers.review_supplier_by_city(supplier=supplier, outcome="pass", opinion="合规", by=reviewer, at=at)
    proposal = suppliers.review_supplier_by_province(
        supplier=supplier,
        outcome="pass",
        opinion="同意",
        quota_class="other",
        platform_capability=False,
        by=officer,
        at=at,
    )
    return suppliers.sign_supplier_review(proposal=proposal, by=approver, at=at), actor


def make_product(
    world: World, item: int, *, supplier: Supplier | None = None, actor: Actor | None = None, product_class: str = "A"
) -> Product:
    """Listed under one item, with all of its modules."""
    supplier, actor = supplier or world.supplier, actor or world.supplier_actor
    version = world.period.catalog_version
    row = version.items.get(number=item)
    draft = suppliers.ProductDraft(
        item_number=item,
        name=f"云应用 {next(_serial)} 号",
        modules=tuple(row.modules),
        model_name="能耗模型",
        situations=("故障", "到期", "巡检"),
        channels=("邮件", "短信", "APP"),
        own_work=True,
    )
    product = suppliers.save_product(supplier=supplier, catalog_version=version, draft=draft, by=actor, at=world.at)
    suppliers.add_product_file(product=product, upload=upload(), kind="intellectual_property", by=actor, at=world.at)
    suppliers.submit_product(product=product, by=actor, at=world.at)
    proposal = suppliers.review_product(
        product=product, outcome="pass", product_class=product_class, opinion="同意", by=world.officer, at=world.at
    )
    suppliers.sign_product_review(proposal=proposal, by=world.approver, at=world.at)
    return Product.objects.select_related("supplier").get(pk=product.pk)


PROFILE = {
    "address": "佛山市顺德区示例路 8 号",
    "kind": "manufacturing",
    "industry_code": "3311",
    "business_scope": "五金制品制造",
    "founded_on": date(2010, 5, 1),
    "contact_name": "梁工",
    "contact_phone": "13800000000",
    "declared_no_violation": True,
    "declared_no_other_funds": True,
    "commitment": True,
}


def make_enterprise(
    world: World, *, city: str = FOSHAN, approved: bool = True, submitted: bool = True, **profile: object
) -> tuple[Enterprise, Actor]:
    organisation, actor = _company("enterprise", city)
    at = clock.now()
    enterprise = domain.register_enterprise(organisation=organisation, profile=PROFILE | profile, by=actor, at=at)
    if submitted:
        enterprise = domain.submit_enterprise(enterprise=enterprise, by=actor, at=at)
    if approved and submitted:
        enterprise = domain.review_enterprise(
            enterprise=enterprise, outcome="approve", by=world.city(city)["reviewer"], at=at
        )
    return enterprise, actor


def make_form(world: World, actor: Actor, *, item: int = 7, total: str = "300000.00", **changes: object) -> Application:
    """A form without fault."""
    product = world.products[item]
    file = store_bytes(
        name="合同.pdf", content=PDF, content_type="application/pdf", purpose="contract", by=actor, at=clock.now()
    )
    form = Application(
        product_id=product.pk,
        supplier_id=product.supplier_id,
        contract_number=f"HT-{next(_serial):05d}",
        signed_on=date(2020, 4, 16),
        total=Decimal(total),
        costs=(Cost("软件订阅", "application", Decimal(total)),),
        modules=tuple(product.modules[:5]),
        place="佛山市顺德区示例路 8 号 2 号厂房",
        place_city=FOSHAN,
        files=(AttachedFile(file.pk, "contract"),),
        declares_no_other_funds=True,
        commits=True,
    )
    return replace(form, **changes)


def apply(
    world: World,
    enterprise: Enterprise,
    actor: Actor,
    *,
    key: str | None = None,
    form: Application | None = None,
    **changes,
) -> domain.Receipt:
    form = form or make_form(world, actor, **changes)
    return domain.submit_application(
        enterprise=enterprise, period=world.period, form=form, key=key or uuid4().hex, by=actor, at=clock.now()
    )


def issue(world: World, voucher, *, at: datetime | None = None):
    """Reviewer proposes, approver signs."""
    people, at = world.city(voucher.city_id), at or clock.now()
    domain.propose_decision(voucher=voucher, proposal="approve", opinion="符合", by=people["reviewer"], at=at)
    return domain.decide_application(voucher=voucher, agree=True, by=people["approver"], at=at)
