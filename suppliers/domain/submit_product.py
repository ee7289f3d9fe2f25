"""A supplier writes a product and submits it to the province (S19/5.2.3, S19/5.2.4)."""

from dataclasses import dataclass
from datetime import datetime

from catalog.models import CatalogVersion
from platform_site.accounts.rules.company_number import compact
from platform_site.accounts.rules.search_text import search_text
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one
from suppliers.domain.tell import tell_province
from suppliers.enums import Event, OfferKind
from suppliers.models import Product, Supplier
from suppliers.permissions import check_may_edit_supplier
from suppliers.policies import editable_findings, product_submission_findings
from suppliers.queries import own_name_taken
from suppliers.rules.uniqueness import name_key

FIELDS = [
    "catalog_version",
    "item_number",
    "name",
    "name_key",
    "search_text",
    "modules",
    "model_name",
    "situations",
    "channels",
    "introduction",
    "price_note",
    "offer",
    "partner_name",
    "partner_uscc",
    "origin",
    "own_work",
]


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """What the supplier fills in. `origin`: the independent partner's listed product, for offer "partner_listed"."""

    item_number: int
    name: str
    modules: tuple[str, ...] = ()
    model_name: str = ""
    situations: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    introduction: str = ""
    price_note: str = ""
    offer: str = OfferKind.OWN
    partner_name: str = ""
    partner_uscc: str = ""
    origin: Product | None = None
    own_work: bool = False


@command
def save_product(
    *,
    supplier: Supplier,
    catalog_version: CatalogVersion,
    draft: ProductDraft,
    by: Actor,
    at: datetime,
    product: Product | None = None,
    version: int | None = None,
) -> Product:
    """A new draft, or changes to a draft or returned one. Only the name must be right; submitting checks the rest."""
    supplier = lock_one(Rank.SUPPLIER, Supplier.objects.all(), pk=supplier.pk)
    check_may_edit_supplier(by, supplier)
    fresh = product is None
    if product is None:
        product = Product(supplier=supplier, created_at=at, state_since=at)
    else:
        product = lock_one(Rank.SUPPLIER, Product.objects.filter(supplier=supplier), pk=product.pk)
        check_version(product, version)
    _write(product, catalog_version, draft)
    refuse_if([*editable_findings(product), *_name_findings(product)])
    if fresh:
        product.save()
    else:
        product.version += 1
        product.save(update_fields=[*FIELDS, "version"])
    data = {"item_number": product.item_number, "name": product.name}
    record(by=by, at=at, event=Event.PRODUCT_SAVED, subject=product, data=data)
    return product


def _write(product: Product, catalog_version: CatalogVersion, draft: ProductDraft) -> None:
    product.catalog_version = catalog_version
    product.item_number = draft.item_number
    product.name = " ".join(draft.name.split())
    product.name_key = name_key(product.name)
    product.search_text = search_text(product.name, product.supplier.name)
    product.modules = _once(draft.modules)
    product.model_name = draft.model_name.strip()
    product.situations = _once(draft.situations)
    product.channels = _once(draft.channels)
    product.introduction = draft.introduction.strip()
    product.price_note = draft.price_note.strip()
    product.offer = draft.offer
    product.partner_name = draft.partner_name.strip() if draft.offer == OfferKind.PARTNER else ""
    product.partner_uscc = compact(draft.partner_uscc) if draft.offer == OfferKind.PARTNER else ""
    product.origin = draft.origin if draft.offer == OfferKind.PARTNER_LISTED else None
    product.own_work = draft.own_work


def _once(lines: tuple[str, ...]) -> list[str]:
    """In order, without blanks and repetitions."""
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _name_findings(product: Product) -> list[Finding]:
    if not product.name_key:
        reason, code = "产品名称是空的，合同里的产品名称要与它一致。", "product.name_missing"
    elif own_name_taken(product):
        reason, code = f"您已经有一个产品叫“{product.name}”。", "product.name_taken"
    else:
        return []
    remedy = "请填写与合同、软件著作权一致的名称；两个产品请用能区别的名称。"
    clause = "S19/5.3.6" if code == "product.name_missing" else "S19/5.2.3(4)"
    return [Finding(code=code, clause=clause, title="产品名称", reason=reason, remedy=remedy, field="name")]


@command
def submit_product(*, product: Product, by: Actor, at: datetime, version: int | None = None) -> Product:
    """To the province. Refused with everything the item of the catalog asks for and the product lacks."""
    product = lock_one(Rank.SUPPLIER, Product.objects.select_related("supplier", "origin"), pk=product.pk)
    check_may_edit_supplier(by, product.supplier)
    check_version(product, version)
    refuse_if([*editable_findings(product), *product_submission_findings(product)])
    product.submitted_at = at
    perform(product, "submit", at=at, save=["submitted_at"])
    record(by=by, at=at, event=Event.PRODUCT_SUBMITTED, subject=product, data={"item_number": product.item_number})
    tell_province(title=f"产品待审核：{product.name}", link=f"/province/products/{product.pk}/", at=at)
    return product
