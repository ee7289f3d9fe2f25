"""What may have changed between preparing an application and pressing the button, in as few queries as can be."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from catalog.rules.case import case_from_json
from platform_site.accounts.enums import Bar, SubjectType
from platform_site.accounts.queries import day_of, standings_of
from platform_site.kit.compiled import Compiled, given
from suppliers.enums import ProductState, SupplierState
from vouchers.enums import ENTERPRISE_FAULTS, UNDECIDED_STATES, VoucherState
from vouchers.models import ContractFile, Enterprise, Voucher
from vouchers.queries.surroundings import pilot_facts
from vouchers.rules.application import BarFact, HandedIn, OtherVoucher, ProductFacts, Surroundings


def prepared_vouchers() -> QuerySet[Voucher]:
    """With everything the press needs, files included, in one row."""
    files = ContractFile.objects.filter(contract_id=OuterRef("contract_id")).values("file_id")
    around = ("period__edition", "product__supplier", "supplier", "contract")
    return Voucher.objects.select_related(*around).annotate(contract_file_ids=ArraySubquery(files))


# What `policies.at_the_press`, the window's wording and the arrival read; anything else is loaded when asked for.
_READ = (
    *("state", "version", "state_since", "period", "enterprise", "product", "supplier", "contract", "pilot", "city"),
    *("edition", "catalog_version", "case", "prepared_amount", "contract_key", "contract__number"),
    *("contract__supplier", "period__title", "period__state", "period__apply_from", "period__apply_to"),
    *("period__edition", "period__catalog_version", "product__name", "product__supplier", "product__modules"),
    *("product__state", "product__catalog_version", "product__supplier__name", "product__supplier__uscc"),
    *("product__supplier__state", "supplier__organisation"),
)
_JOINED = ("period", "product__supplier", "supplier", "contract")

# Both lock the row they give: for `lock_compiled`.
ENTERPRISE_OF_VOUCHER = Compiled(
    lambda: (
        Enterprise.objects.filter(vouchers=given("voucher"))
        .only("organisation", "uscc", "city", "county", "kind", "revenue", "state")
        .select_for_update(no_key=True, of=("self",))
    )
)
VOUCHER_AT_PRESS = Compiled(
    lambda: (
        prepared_vouchers()
        .filter(pk=given("voucher"))
        .select_related(None)
        .select_related(*_JOINED)
        .only(*_READ)
        .select_for_update(no_key=True, of=("self",))
    )
)
_OTHERS = Compiled(
    lambda: (
        Voucher.objects.filter(enterprise_id=given("enterprise"))
        .exclude(pk=given("but"))
        .select_related("period")
        .only("number", "period__title", "product", "contract_key", "state", "pilot", "void_ground")
        .order_by("id")
    )
)


def file_ids_of(voucher: Voucher) -> list[UUID]:
    """Of a voucher that `prepared_vouchers` gave."""
    return list(voucher.contract_file_ids)  # type: ignore[attr-defined]


def handed_in(voucher: Voucher) -> HandedIn:
    return HandedIn(
        product_id=voucher.product_id,
        supplier_id=voucher.contract.supplier_id,
        contract_number=voucher.contract.number,
        pilot_id=voucher.pilot_id,
    )


def surroundings_at_press(voucher: Voucher, enterprise: Enterprise, at: datetime) -> Surroundings:
    """Two queries, two more for clients of pilots. The item's terms are those frozen in the case."""
    rows = _other_vouchers(voucher)
    bars = _grounds((enterprise.uscc, voucher.product.supplier.uscc), at)
    running, client = pilot_facts(voucher.pilot_id, enterprise, voucher.period)
    return Surroundings(
        today=day_of(at),
        period_title=voucher.period.title,
        enterprise_state=enterprise.state,
        product=_product_facts(voucher),
        others=tuple(other for other, _ in rows),
        unredeemed=sum(_own_doing(other.state, ground) for other, ground in rows),
        open_applications=sum(other.state in UNDECIDED_STATES for other, _ in rows),
        bars=bars.get((enterprise.uscc, Bar.APPLY), ()),
        supplier_bars=bars.get((voucher.product.supplier.uscc, Bar.SUPPLY), ()),
        pilot_running=running,
        pilot_client=client,
    )


def _other_vouchers(voucher: Voucher) -> list[tuple[OtherVoucher, str]]:
    """The enterprise's other vouchers, each with the ground on which it fell away ("" for none)."""
    return [
        (
            OtherVoucher(
                one.number or "",
                one.period.title,
                one.period_id == voucher.period_id,
                one.product_id,
                one.contract_key,
                one.state,
                one.pilot_id is not None,
            ),
            one.void_ground,
        )
        for one in _OTHERS.rows(enterprise=voucher.enterprise_id, but=voucher.pk)
    ]


def _own_doing(state: str, ground: str) -> bool:
    """Issued and not redeemed by the enterprise's own doing (S19/7.5.2); `queries.vouchers.unredeemed_count` in
    Python."""
    return state == VoucherState.GIVEN_UP or (state == VoucherState.VOID and ground in ENTERPRISE_FAULTS)


def _grounds(companies: Iterable[str], at: datetime) -> dict[tuple[str, str], tuple[BarFact, ...]]:
    """(company, bar) → grounds; a bar from everything stands under each."""
    found: dict[tuple[str, str], tuple[BarFact, ...]] = {}
    for company, standings in standings_of(SubjectType.COMPANY, companies, at).items():
        for bar in (Bar.APPLY, Bar.SUPPLY):
            grounds = tuple(BarFact(one.clause, one.ground) for one in standings if one.bar in (Bar.ALL, bar))
            found[(company, bar)] = grounds
    return found


def _product_facts(voucher: Voucher) -> ProductFacts:
    product, item = voucher.product, case_from_json(voucher.case).item
    return ProductFacts(
        id=product.pk,
        name=product.name,
        supplier_id=product.supplier_id,
        supplier_name=product.supplier.name,
        item_number=item.number,
        item_name=item.name,
        modules=tuple(product.modules),
        minimum_modules=0,
        per_device=item.per_device,
        post_sale=False,
        pilot_only=False,
        listed=product.state == ProductState.LISTED,
        supplier_listed=product.supplier.state == SupplierState.LISTED,
        period_catalog=product.catalog_version_id == voucher.period.catalog_version_id,
    )
