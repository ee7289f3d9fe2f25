"""Suppliers come in: registration, review by city and province, products, review and class."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from catalog.models import CatalogVersion, Item
from catalog.queries import item_in
from platform_site.accounts.domain import create_organisation
from platform_site.accounts.enums import Kind, Role
from platform_site.kit.findings import Finding
from platform_site.management.season.cast import Offices
from platform_site.management.season.papers import Party, plain_paper
from platform_site.management.season.stage import Player, Stage
from suppliers.domain import (
    ProductDraft,
    add_product_file,
    add_supplier_file,
    register_supplier,
    review_product,
    review_supplier_by_city,
    review_supplier_by_province,
    save_product,
    sign_product_review,
    sign_supplier_review,
    submit_product,
    submit_supplier,
)
from suppliers.models import Product, Supplier
from suppliers.rules.profile import SupplierProfile

NATIONAL, OTHER = "national", "other"


@dataclass(frozen=True, slots=True)
class Offer:
    """A listed product and what contracts for it look like. devices None: no device count in the contract."""

    product: Product
    item: Item
    price: Decimal
    devices: int | None


@dataclass(slots=True)
class House:
    """A supplier on the stage."""

    supplier: Supplier
    staff: Player
    offers: list[Offer] = field(default_factory=list)

    @property
    def party(self) -> Party:
        return Party(self.supplier.name, self.supplier.uscc)


def register(stage: Stage, offices: Offices, row: dict[str, Any]) -> House:
    """A supplier's own steps, up to having submitted its information."""
    place = offices.city_names.get(row["place"], "长沙").removesuffix("市")
    company = stage.names.company_number(row["place"] or "430104")
    organisation = create_organisation(
        kind=Kind.SUPPLIER,
        name=f"{row['mark']}{row['trade']}（{place}）有限公司",
        area_code=row["place"],
        uscc=company,
        by=stage.director,
        at=stage.now,
    )
    staff = stage.person(organisation, Role.SUPPLIER_ADMIN, username=row.get("login", ""))
    supplier = register_supplier(
        organisation=organisation, profile=_profile(stage, staff, row), by=staff.actor, at=stage.now
    )
    _hand_in(stage, supplier, staff, row)
    return House(submit_supplier(supplier=supplier, by=staff.actor, at=stage.now), staff)


def _profile(stage: Stage, staff: Player, row: dict[str, Any]) -> SupplierProfile:
    return SupplierProfile(
        kind=row.get("kind", "service"),
        legal_form="company",
        introduction=f"为制造企业提供{row['trade']}产品和本地实施服务，有稳定的交付和运维队伍。",
        contact_name=staff.user.name,
        contact_phone=stage.names.phone(),
    )


def _hand_in(stage: Stage, supplier: Supplier, staff: Player, row: dict[str, Any]) -> None:
    kinds = ["licence", *(["platform_capability"] if row.get("kind") == "platform" else [])]
    for kind in kinds:
        paper = plain_paper(
            "营业执照（副本）" if kind == "licence" else "平台服务能力证明", [supplier.name, supplier.uscc]
        )
        add_supplier_file(
            supplier=supplier, upload=stage.upload(f"{kind}.pdf", paper), kind=kind, by=staff.actor, at=stage.now
        )


def admit(stage: Stage, offices: Offices, house: House, row: dict[str, Any]) -> None:
    """City passes it on (not for outsiders, S19/5.2.5), the province lists it with two people."""
    stage.wait(hours=3)
    if row["place"]:
        reviewer = offices.city(row["place"]).reviewer
        review_supplier_by_city(
            supplier=house.supplier, outcome="pass", opinion="资料齐全", by=reviewer.actor, at=stage.now
        )
    proposal = review_supplier_by_province(
        supplier=house.supplier,
        outcome="pass",
        opinion="符合入库要求",
        quota_class=NATIONAL if row.get("national") else OTHER,
        platform_capability=True if row.get("kind") == "platform" else None,
        by=offices.officer.actor,
        at=stage.now,
    )
    house.supplier = sign_supplier_review(proposal=proposal, by=offices.approver.actor, at=stage.now)


def offer_products(
    stage: Stage, offices: Offices, house: House, rows: list[dict[str, Any]], version: CatalogVersion
) -> None:
    """Each product is submitted, classed and listed."""
    for row in rows:
        product = submitted_product(stage, house, row, version)
        proposal = review_product(
            product=product,
            outcome="pass",
            product_class=row["class"],
            opinion="功能与目录要求相符",
            by=offices.officer.actor,
            at=stage.now,
        )
        product = sign_product_review(proposal=proposal, by=offices.approver.actor, at=stage.now)
        item = item_in(version, row["item"])
        house.offers.append(Offer(product, item, Decimal(row["price"]), row.get("devices")))


def submitted_product(stage: Stage, house: House, row: dict[str, Any], version: CatalogVersion) -> Product:
    """A product on the province's desk."""
    item = item_in(version, row["item"])
    asked = item.requirements
    draft = ProductDraft(
        item_number=item.number,
        name=row["name"],
        modules=tuple(item.modules),
        model_name=row.get("model", ""),
        situations=("设备故障报警", "保养到期", "客户报修")[: max(int(asked.get("work_order_situations", 0)), 0)],
        channels=tuple(asked.get("notify_by", ())),
        introduction=f"{row['name']}：{item.scene}",
        own_work=True,
    )
    by, at = house.staff.actor, stage.now
    product = save_product(supplier=house.supplier, catalog_version=version, draft=draft, by=by, at=at)
    paper = plain_paper("计算机软件著作权登记证书", [row["name"], house.supplier.name])
    add_product_file(
        product=product, upload=stage.upload("著作权.pdf", paper), kind="intellectual_property", by=by, at=stage.now
    )
    return submit_product(product=product, by=by, at=stage.now)


def send_back(stage: Stage, offices: Offices, house: House, place: str) -> None:
    """The city returns the information with its reasons."""
    reasons = [
        Finding(
            code="supplier.licence_unreadable",
            clause="S19/5.2.4",
            title="营业执照看不清",
            reason="扫描件下半页是黑的，经营范围读不出来。",
            remedy="请重新扫描营业执照副本后上传。",
            field="licence",
        )
    ]
    reviewer = offices.city(place).reviewer
    review_supplier_by_city(
        supplier=house.supplier, outcome="return", findings=reasons, by=reviewer.actor, at=stage.now
    )
