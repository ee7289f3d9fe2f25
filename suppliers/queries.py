"""Reading suppliers, products, agents. Lists that a person sees begin at `…_visible_to(actor)`.

There is no way to ask for suppliers by their city, apart from the city's own duty to review those registered with it
(S19/5.2.4): no city may set terms against suppliers from elsewhere (P18/2.4).
"""

from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from catalog.models import CatalogVersion, Item, Period
from catalog.queries import catalog_versions_visible_to, current_period
from platform_site.accounts.enums import PROVINCE, Bar, Role
from platform_site.accounts.queries import barred, city_of
from platform_site.kit.actor import ANONYMOUS, Actor
from platform_site.kit.findings import Finding
from suppliers.enums import FileKind, OfferKind, ProductState, ProposalState, SupplierState
from suppliers.models import Agent, Product, ProductFile, Proposal, Review, Supplier, SupplierFile
from suppliers.rules import quota_owner as owner_rule
from suppliers.rules.uniqueness import Company, ListedAgent, ProductName

LIVING = [
    SupplierState.CITY_REVIEW,
    SupplierState.PROVINCE_REVIEW,
    SupplierState.RETURNED,
    SupplierState.LISTED,
    SupplierState.SUSPENDED,
]
OFFERED = [ProductState.PROVINCE_REVIEW, ProductState.LISTED, ProductState.SUSPENDED]
_READS_ALL = (*PROVINCE, Role.ALLIANCE_STAFF, Role.AUDITOR)


# -- suppliers -------------------------------------------------------------------------------------------------------


def suppliers_visible_to(actor: Actor) -> QuerySet[Supplier]:
    """Province, alliance and auditor all that was ever submitted; a city those it reviews; a supplier itself; and
    everybody the listed ones."""
    found = Supplier.objects.select_related("organisation", "city")
    if actor.has(*_READS_ALL):
        return found.exclude(state=SupplierState.DRAFT)
    seen = Q(state=SupplierState.LISTED)
    if actor.organisation_id is not None:
        seen |= Q(organisation_id=actor.organisation_id)
    if actor.organisation_kind == "city":
        seen |= Q(city_id=actor.area_code) & ~Q(state=SupplierState.DRAFT)
    return found.filter(seen)


def suppliers_reviewed_by(actor: Actor) -> QuerySet[Supplier]:
    """What the city's compliance review has on its desk or had (S19/5.2.4)."""
    if actor.organisation_kind != "city":
        return Supplier.objects.none()
    return suppliers_visible_to(actor).filter(city_id=actor.area_code).exclude(state=SupplierState.DRAFT)


def own_supplier(actor: Actor) -> Supplier | None:
    """The record of the actor's organisation; None before registration."""
    if actor.organisation_kind != "supplier" or actor.organisation_id is None:
        return None
    return Supplier.objects.select_related("organisation", "city").filter(organisation_id=actor.organisation_id).first()


def supplier_of_organisation(organisation_id: int) -> Supplier | None:
    return Supplier.objects.filter(organisation_id=organisation_id).first()


def listed_suppliers() -> QuerySet[Supplier]:
    """The public directory (P18/2.5)."""
    return Supplier.objects.select_related("city").filter(state=SupplierState.LISTED)


def offering(found: QuerySet[Supplier], item_number: int) -> QuerySet[Supplier]:
    """Those with a listed product of the catalog's item."""
    listed = Product.objects.filter(state=ProductState.LISTED, item_number=item_number)
    return found.filter(pk__in=listed.values("supplier_id"))


def may_take_part(supplier: Supplier, at: datetime) -> bool:
    """Listed, and no bar in force."""
    return supplier.state == SupplierState.LISTED and barred(supplier.uscc, Bar.SUPPLY, at) is None


def bar_finding(uscc: str, at: datetime) -> Finding | None:
    """Why a company may not be a supplier now; None where nothing stands against it."""
    bar = barred(uscc, Bar.SUPPLY, at)
    if bar is None:
        return None
    until = f"，到 {bar.until_day} 为止" if bar.until_day else ""
    return Finding(
        code="supplier.barred",
        clause=bar.clause,
        title="处于限制期",
        reason=f"{bar.ground}{until}。",
        remedy="期满后再提交；对限制有异议的，按处理决定书上的办法申诉。",
    )


def files_of(supplier: Supplier) -> list[SupplierFile]:
    return list(SupplierFile.objects.filter(supplier=supplier).select_related("file").order_by("pk"))


def supplier_file_kinds(supplier: Supplier) -> frozenset[str]:
    return frozenset(SupplierFile.objects.filter(supplier=supplier).values_list("kind", flat=True))


def companies_beside(supplier: Supplier) -> list[Company]:
    """Living suppliers that share a company number or a head company with this one."""
    numbers = [number for number in (supplier.uscc, supplier.parent_uscc) if number]
    found = Supplier.objects.filter(Q(uscc__in=numbers) | Q(parent_uscc__in=numbers), state__in=LIVING)
    return [company(one) for one in found.exclude(pk=supplier.pk).order_by("pk")]


def company(supplier: Supplier) -> Company:
    return Company(supplier.pk, supplier.name, supplier.uscc, supplier.parent_uscc)


def companies_numbered(uscc: str) -> list[Company]:
    """Living suppliers with this company number."""
    return [company(one) for one in Supplier.objects.filter(uscc=uscc, state__in=LIVING)]


# -- agents ----------------------------------------------------------------------------------------------------------


def agents_of(supplier: Supplier) -> QuerySet[Agent]:
    """Agents in force."""
    return Agent.objects.filter(supplier=supplier, removed_at__isnull=True).order_by("name", "pk")


def listed_agents(uscc: str) -> list[ListedAgent]:
    """Entries in force with this company number, at living suppliers."""
    found = Agent.objects.filter(uscc=uscc, removed_at__isnull=True, supplier__state__in=LIVING).select_related(
        "supplier"
    )
    return [listed_agent(one) for one in found.order_by("pk")]


def listed_agent(agent: Agent) -> ListedAgent:
    of_group = agent.kind == "group_company"
    return ListedAgent(agent.supplier_id, agent.supplier.name, agent.name, agent.uscc, of_group)


# -- products --------------------------------------------------------------------------------------------------------


def products_visible_to(actor: Actor) -> QuerySet[Product]:
    """Province, alliance and auditor all that was ever submitted; a supplier its own; everybody the listed ones."""
    found = Product.objects.select_related("supplier", "supplier__city", "catalog_version", "origin__supplier")
    if actor.has(*_READS_ALL):
        return found.exclude(state=ProductState.DRAFT)
    seen = Q(state=ProductState.LISTED, supplier__state=SupplierState.LISTED)
    if actor.organisation_id is not None:
        seen |= Q(supplier__organisation_id=actor.organisation_id)
    return found.filter(seen)


def own_products(actor: Actor) -> QuerySet[Product]:
    found = Product.objects.select_related("supplier", "catalog_version", "origin__supplier")
    return found.filter(supplier__organisation_id=actor.organisation_id) if actor.organisation_id else found.none()


def listed_products(period: Period) -> QuerySet[Product]:
    """What enterprises may choose from in this period: listed products of listed suppliers."""
    return listed_products_of(period.catalog_version)


def listed_products_of(version: CatalogVersion) -> QuerySet[Product]:
    found = Product.objects.select_related("supplier", "supplier__city")
    return found.filter(catalog_version=version, state=ProductState.LISTED, supplier__state=SupplierState.LISTED)


def listed_products_by(supplier: Supplier) -> QuerySet[Product]:
    found = supplier.products.filter(state=ProductState.LISTED).select_related("catalog_version")
    return found.order_by("-catalog_version", "item_number", "pk")


def partner_products(version: CatalogVersion, supplier: Supplier) -> QuerySet[Product]:
    """Listed products of other suppliers, which a platform provider may list beside them (S19/5.2.3(3))."""
    return listed_products_of(version).exclude(supplier=supplier).filter(offer=OfferKind.OWN).order_by("name", "pk")


def files_of_product(product: Product) -> list[ProductFile]:
    return list(ProductFile.objects.filter(product=product).select_related("file").order_by("pk"))


def product_file_kinds(product: Product) -> frozenset[FileKind]:
    kinds = ProductFile.objects.filter(product=product).values_list("kind", flat=True)
    return frozenset(FileKind(kind) for kind in kinds)


def names_beside(product: Product) -> list[ProductName]:
    """Products of the same catalog version with the same name that are under review or listed."""
    found = Product.objects.filter(
        catalog_version_id=product.catalog_version_id, name_key=product.name_key, state__in=OFFERED
    )
    return [product_name(one) for one in found.exclude(pk=product.pk).select_related("supplier").order_by("pk")]


def own_name_taken(product: Product) -> bool:
    """Whether the supplier has another product of this name in the same catalog version, drafts included."""
    same = Product.objects.filter(
        supplier_id=product.supplier_id, catalog_version=product.catalog_version, name_key=product.name_key
    )
    gone = [ProductState.REFUSED, ProductState.DELISTED]
    return same.exclude(pk=product.pk).exclude(state__in=gone).exists()


def to_carry_over(source: CatalogVersion, target: CatalogVersion) -> QuerySet[Product]:
    """Ordinary products listed in `source` and not yet in `target`."""
    listed = Product.objects.filter(catalog_version=source, state=ProductState.LISTED, pilot_key="")
    return listed.exclude(carried_to__catalog_version=target)


def item_numbers(version: CatalogVersion) -> list[int]:
    return list(Item.objects.filter(version=version).values_list("number", flat=True))


def product_name(product: Product) -> ProductName:
    return ProductName(product.pk, product.supplier_id, product.supplier.name, product.name, product.origin_id)


def catalog_for_products(at: datetime) -> CatalogVersion | None:
    """New products are written for the catalog of the current period, before any period for the newest one."""
    period = current_period(at)
    if period is not None:
        return period.catalog_version
    return catalog_versions_visible_to(ANONYMOUS).order_by("-code").first()


def item_of(product: Product) -> Item | None:
    return Item.objects.filter(version_id=product.catalog_version_id, number=product.item_number).first()


def quota_owner(product: Product) -> Supplier:
    """Whose quota a voucher for this product uses; agents, companies of the group and partners without registration
    of their own share it (`rules.quota_owner`)."""
    seller: owner_rule.Seller = "partner" if product.offer == OfferKind.PARTNER else "owner"
    owner = owner_rule.quota_owner(owner_rule.Offer(listed_by=product.supplier_id, seller=seller))
    return product.supplier if owner.supplier_id == product.supplier_id else Supplier.objects.get(pk=owner.supplier_id)


# -- reviews ---------------------------------------------------------------------------------------------------------


def open_proposal(subject: Supplier | Product) -> Proposal | None:
    """What waits for the second signature."""
    return proposals_of(subject).filter(state=ProposalState.OPEN).first()


def proposals_of(subject: Supplier | Product) -> QuerySet[Proposal]:
    mine = Q(supplier=subject) if isinstance(subject, Supplier) else Q(product=subject)
    return Proposal.objects.filter(mine).select_related("proposed_by", "signed_by").order_by("-pk")


def proposals_visible_to(actor: Actor) -> QuerySet[Proposal]:
    found = Proposal.objects.select_related("supplier", "product__supplier", "proposed_by", "signed_by")
    return found if actor.has(*_READS_ALL) else found.none()


def reviews_of(subject: Supplier | Product) -> list[Review]:
    """Finished reviews, newest first."""
    mine = Q(supplier=subject) if isinstance(subject, Supplier) else Q(product=subject)
    return list(Review.objects.filter(mine).order_by("-pk"))


def with_open_proposals(found: QuerySet[Product] | QuerySet[Supplier]) -> QuerySet[Product] | QuerySet[Supplier]:
    """For work lists: `open_proposals` holds what waits for the second signature."""
    waiting = Proposal.objects.filter(state=ProposalState.OPEN).select_related("proposed_by")
    return found.prefetch_related(Prefetch("proposals", queryset=waiting, to_attr="open_proposals"))


def city_code_of(area_code: str) -> str | None:
    """The city a company is registered in; None from outside the province."""
    return city_of(area_code) or None


def find(found: "QuerySet[Supplier] | QuerySet[Product]", words: str) -> "QuerySet[Supplier] | QuerySet[Product]":
    """By name, pinyin, initials or company number; every word must occur."""
    for word in words.lower().split():
        found = found.filter(search_text__contains=word)
    return found
