"""Factories come in and apply: profile, review, contract, application."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from catalog.models import Period
from platform_site.accounts.domain import create_organisation
from platform_site.accounts.enums import Kind, Role
from platform_site.accounts.queries import day_of
from platform_site.kit.findings import Finding
from platform_site.management.season.cast import CityOffice
from platform_site.management.season.papers import Party, contract, plain_paper
from platform_site.management.season.stage import Player, Stage
from platform_site.management.season.suppliers import House, Offer
from vouchers.domain import register_enterprise, review_enterprise, submit_application, submit_enterprise
from vouchers.models import Enterprise, Voucher
from vouchers.rules.application import Application, AttachedFile, Cost

BANKS = ("中国工商银行", "中国建设银行", "中国农业银行", "广发银行", "广东农信")


@dataclass(slots=True)
class Factory:
    """An enterprise on the stage. `papers` counts its contracts."""

    enterprise: Enterprise
    staff: Player
    office: CityOffice
    address: str
    papers: int = 0
    vouchers: list[Voucher] = field(default_factory=list)

    @property
    def party(self) -> Party:
        return Party(self.enterprise.name, self.enterprise.uscc)


def found_factory(stage: Stage, office: CityOffice, *, username: str = "") -> Factory:
    """Organisation, contact person and the profile handed in."""
    county = stage.dice.choice(office.counties) if office.counties else ("", "")
    company = stage.names.factory(office.city.name, county[0] or office.city.code)
    organisation = create_organisation(
        kind=Kind.ENTERPRISE,
        name=company.name,
        area_code=office.city.code,
        uscc=company.code,
        by=stage.director,
        at=stage.now,
    )
    staff = stage.person(organisation, Role.ENTERPRISE_ADMIN, username=username)
    address = f"{office.city.name}{county[1]}示例路 {stage.dice.randrange(1, 200)} 号"
    licence = stage.paper(
        "营业执照.pdf",
        plain_paper("营业执照（副本）", [company.name, company.code, address]),
        purpose="enterprise",
        by=staff.actor,
    )
    profile = _profile(stage, staff, company.name, company.industry, company.trade, address, county[0])
    enterprise = register_enterprise(
        organisation=organisation, profile={**profile, "licence_file_id": licence.pk}, by=staff.actor, at=stage.now
    )
    enterprise = submit_enterprise(enterprise=enterprise, by=staff.actor, at=stage.now)
    return Factory(enterprise, staff, office, address)


def _profile(
    stage: Stage, staff: Player, name: str, industry: str, trade: str, address: str, county: str
) -> dict[str, Any]:
    dice = stage.dice
    return {
        "county_id": county or None,
        "address": address,
        "kind": "manufacturing",
        "industry_code": industry,
        "business_scope": f"{trade}的研发、生产、销售",
        "founded_on": date(dice.randrange(1996, 2017), dice.randrange(1, 13), dice.randrange(1, 28)),
        "size": dice.choice(("small", "small", "medium")),
        "employees": dice.randrange(40, 600),
        "revenue": Decimal(dice.randrange(1200, 30000)) * 10000,
        "contact_name": staff.user.name,
        "contact_phone": stage.names.phone(),
        "bank_name": f"{dice.choice(BANKS)}（演示）支行",
        "bank_account_name": name,
        "bank_account": f"6200{dice.randrange(10**11, 10**12)}",
        "declared_no_violation": True,
        "declared_no_other_funds": True,
        "commitment": True,
    }


def approve_factory(stage: Stage, factory: Factory) -> None:
    factory.enterprise = review_enterprise(
        enterprise=factory.enterprise, outcome="approve", by=factory.office.reviewer.actor, at=stage.now
    )


def return_factory(stage: Stage, factory: Factory) -> None:
    """The city wants the scope of business."""
    reason = Finding(
        code="enterprise.scope_unclear",
        clause="S19/5.3.6",
        title="看不出有生产环节",
        reason="经营范围只写了销售，执照照片也不完整。",
        remedy="请上传完整的营业执照，经营范围按执照填写。",
        field="business_scope",
    )
    factory.enterprise = review_enterprise(
        enterprise=factory.enterprise,
        outcome="return",
        findings=[reason],
        by=factory.office.reviewer.actor,
        at=stage.now,
    )


@dataclass(frozen=True, slots=True)
class Deal:
    """What an application says; kept for the papers of the redemption."""

    house: House
    offer: Offer
    number: str
    signed_on: date
    costs: tuple[Cost, ...]
    unrelated: Decimal
    modules: tuple[str, ...]
    devices: int | None

    @property
    def total(self) -> Decimal:
        return sum((cost.amount for cost in self.costs), Decimal("0.00"))

    @property
    def declared(self) -> Decimal:
        return self.total - self.unrelated


def strike_deal(stage: Stage, factory: Factory, house: House, offer: Offer, *, scale: Decimal | None = None) -> Deal:
    """A contract around the product's usual price; sometimes with a part that has nothing to do with the voucher."""
    dice = stage.dice
    factory.papers += 1
    factor = scale or Decimal(dice.randrange(75, 116)) / 100
    whole = (offer.price * factor).quantize(Decimal("100")).quantize(Decimal("0.01"))
    implementation = (whole * Decimal("0.22")).quantize(Decimal("100")).quantize(Decimal("0.01"))
    costs = [
        Cost("软件订阅（两年）", "application", whole - implementation),
        Cost("实施与培训", "implementation", implementation),
    ]
    unrelated = Decimal("0.00")
    if dice.random() < 0.25:
        unrelated = Decimal(dice.randrange(50, 300) * 100).quantize(Decimal("0.01"))
        costs.append(Cost("办公电脑", "unrelated", unrelated))
    day = day_of(stage.now) - timedelta(days=dice.randrange(8, 50))
    devices = offer.devices and max(8, int(offer.devices * factor))
    number = f"{factory.enterprise.uscc[-4:]}-{day:%Y%m}-{factory.papers:02d}"
    modules = tuple(offer.product.modules)
    return Deal(house, offer, number, day, tuple(costs), unrelated, modules, devices)


def apply(
    stage: Stage, factory: Factory, deal: Deal, period: Period, *, changes: Mapping[str, Any] | None = None
) -> Voucher:
    """Hand the application in with its contract as PDF."""
    number = f"{len(factory.vouchers):02d}-{deal.number}"
    receipt = submit_application(
        enterprise=factory.enterprise,
        period=period,
        form=application_form(stage, factory, deal, dict(changes or {})),
        key=f"season-{factory.enterprise.pk}-{number}",
        by=factory.staff.actor,
        at=stage.now,
    )
    factory.vouchers.append(receipt.voucher)
    return receipt.voucher


def application_form(stage: Stage, factory: Factory, deal: Deal, changes: Mapping[str, Any]) -> Application:
    values: dict[str, Any] = {
        "product_id": deal.offer.product.pk,
        "supplier_id": deal.house.supplier.pk,
        "contract_number": deal.number,
        "signed_on": deal.signed_on,
        "total": deal.total,
        "costs": deal.costs,
        "modules": deal.modules,
        "place": factory.address,
        "place_city": factory.office.city.code,
        "files": (AttachedFile(contract_paper(stage, factory, deal), "contract"),),
        "unrelated_amount": deal.unrelated,
        "devices": deal.devices,
        "declares_no_other_funds": True,
        "commits": True,
    }
    return Application(**{**values, **changes})


def contract_paper(stage: Stage, factory: Factory, deal: Deal) -> Any:
    """Id of the stored contract."""
    content = contract(
        number=deal.number,
        signed_on=deal.signed_on,
        buyer=factory.party,
        seller=deal.house.party,
        product=deal.offer.product.name,
        modules=deal.modules,
        costs=[(cost.name, cost.amount) for cost in deal.costs],
        place=factory.address,
        devices=deal.devices,
    )
    return stage.paper(f"合同 {deal.number}.pdf", content, purpose="contract", by=factory.staff.actor).pk
