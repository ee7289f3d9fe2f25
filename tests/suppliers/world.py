"""Officials, suppliers and products, made by the real commands."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog import domain as catalog
from catalog.models import CatalogVersion
from catalog.queries import item_in, published_catalog
from platform_site.accounts.models import Membership, Organisation
from platform_site.accounts.queries import bureau_of, province_bureau
from platform_site.kit.actor import Actor
from platform_site.kit.yaml_files import read_yaml
from suppliers import domain
from suppliers.models import Product, Supplier
from suppliers.rules.profile import SupplierProfile
from tests.accounts import people

AT = datetime(2020, 6, 3, 2, 0, tzinfo=UTC)
GUANGZHOU, FOSHAN, OUTSIDE = "440100", "440600", ""
PROFILE: dict[str, Any] = {
    "kind": "service",
    "legal_form": "company",
    "introduction": "为制造企业提供设备物联和生产管理软件。",
    "contact_name": "梁工",
    "contact_phone": "13800000000",
}
_serial = count(50_000)  # out of the way of tests.vouchers.world and of what tests write down


@dataclass(frozen=True)
class House:
    """A supplier with its administrator."""

    supplier: Supplier
    member: Membership

    @property
    def by(self) -> Actor:
        return people.actor(self.member)

    def fresh(self) -> "House":
        return House(Supplier.objects.select_related("organisation").get(pk=self.supplier.pk), self.member)


@dataclass(frozen=True)
class World:
    version: CatalogVersion
    officer: Membership
    approver: Membership
    second_approver: Membership
    reviewers: dict[str, Membership]

    @property
    def by_officer(self) -> Actor:
        return people.actor(self.officer)

    @property
    def by_approver(self) -> Actor:
        return people.actor(self.approver)

    def by_city(self, code: str) -> Actor:
        return people.actor(self.reviewers[code])


def make_world() -> World:
    people.set_up()
    fixtures = Path(settings.BASE_DIR) / "fixtures"
    catalog.load_policy(folder=fixtures / "policy", by=people.SETUP, at=AT)
    catalog.load_catalog(path=fixtures / "catalog" / "2019.yaml", by=people.SETUP, at=AT)
    province = province_bureau()
    return World(
        version=published_catalog("2019"),
        officer=people.member(province, "officer", "province_officer"),
        approver=people.member(province, "approver", "province_approver"),
        second_approver=people.member(province, "second", "province_officer", "province_approver"),
        reviewers={
            code: people.member(bureau_of(code), f"city{code}", "city_reviewer") for code in (GUANGZHOU, FOSHAN)
        },
    )


def later_catalog(folder: Path, *, without: int) -> CatalogVersion:
    """A newer version that lacks one item."""
    data = read_yaml(Path(settings.BASE_DIR) / "fixtures" / "catalog" / "2019.yaml")
    data |= {"version": "2020", "title": "应用产品目录（2020 版）"}
    data["items"] = [row for row in data["items"] if row["number"] != without]
    path = folder / "2020.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True))
    catalog.load_catalog(path=path, by=people.SETUP, at=AT)
    return published_catalog("2020")


def paper(name: str = "材料.pdf") -> SimpleUploadedFile:
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    return SimpleUploadedFile(name, body + b"trailer<</Root 1 0 R>>\n%%EOF" + str(next(_serial)).encode())


def organisation(area_code: str = FOSHAN) -> tuple[Organisation, Membership]:
    return people.company(next(_serial), kind="supplier", area_code=area_code)


def draft(area_code: str = FOSHAN, *, files: tuple[str, ...] = ("licence",), **profile: Any) -> House:
    """Registered, with its evidence, not yet submitted."""
    own, member = organisation(area_code)
    by = people.actor(member)
    made = domain.register_supplier(organisation=own, profile=SupplierProfile(**(PROFILE | profile)), by=by, at=AT)
    for kind in files:
        domain.add_supplier_file(supplier=made, upload=paper(), kind=kind, by=by, at=AT)
    return House(made, member)


def submitted(area_code: str = FOSHAN, **more: Any) -> House:
    house = draft(area_code, **more)
    domain.submit_supplier(supplier=house.supplier, by=house.by, at=AT)
    return house.fresh()


def on_province_desk(world: World, area_code: str = FOSHAN, **more: Any) -> House:
    house = submitted(area_code, **more)
    if area_code:
        domain.review_supplier_by_city(supplier=house.supplier, outcome="pass", by=world.by_city(area_code), at=AT)
    return house.fresh()


def listed(world: World, area_code: str = FOSHAN, **more: Any) -> House:
    house = on_province_desk(world, area_code, **more)
    capable = True if house.supplier.kind == "platform" else None
    proposal = domain.review_supplier_by_province(
        supplier=house.supplier, outcome="pass", platform_capability=capable, by=world.by_officer, at=AT
    )
    domain.sign_supplier_review(proposal=proposal, by=world.by_approver, at=AT)
    return house.fresh()


def platform(world: World) -> House:
    return listed(world, kind="platform", files=("licence", "platform_capability"))


def sheet(world: World, item: int = 5, **changes: Any) -> domain.ProductDraft:
    """A draft that meets everything its item asks."""
    row = item_in(world.version, item)
    values: dict[str, Any] = {
        "item_number": item,
        "name": f"云应用 {next(_serial)} 号",
        "modules": tuple(row.modules),
        "model_name": "空压机负荷预测模型" if row.requirements.get("needs_model") else "",
        "situations": ("设备故障", "保养到期", "客户报修"),
        "channels": tuple(row.requirements.get("notify_by", ())),
        "own_work": True,
    }
    return domain.ProductDraft(**(values | changes))


def product(world: World, house: House, item: int = 5, *, files: tuple[str, ...] = (), **changes: Any) -> Product:
    """A saved draft; `changes` make it wrong."""
    made = domain.save_product(
        supplier=house.supplier, catalog_version=world.version, draft=sheet(world, item, **changes), by=house.by, at=AT
    )
    for kind in files:
        domain.add_product_file(product=made, upload=paper(), kind=kind, by=house.by, at=AT)
    return Product.objects.select_related("supplier").get(pk=made.pk)


def product_on_desk(world: World, house: House, item: int = 5, **changes: Any) -> Product:
    made = product(world, house, item, **changes)
    domain.submit_product(product=made, by=house.by, at=AT)
    return Product.objects.select_related("supplier").get(pk=made.pk)


def listed_product(world: World, house: House, item: int = 5, *, product_class: str = "A", **changes: Any) -> Product:
    made = product_on_desk(world, house, item, **changes)
    proposal = domain.review_product(
        product=made, outcome="pass", product_class=product_class, by=world.by_officer, at=AT
    )
    domain.sign_product_review(proposal=proposal, by=world.by_approver, at=AT)
    return Product.objects.select_related("supplier", "catalog_version").get(pk=made.pk)
