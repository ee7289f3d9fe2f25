"""What the checks of an application need to know about the world."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from catalog.models import Period
from catalog.queries import item_for, item_terms
from catalog.rules.case import AssessmentCase, CostLine
from catalog.rules.terms import EditionTerms
from platform_site.accounts.enums import Bar, SubjectType
from platform_site.accounts.queries import cities, day_of, standing_of
from suppliers.enums import ProductState, SupplierState
from suppliers.models import Product
from vouchers.enums import PilotState
from vouchers.models import Enterprise, Pilot, PilotClient, Voucher
from vouchers.queries.vouchers import open_applications, unredeemed_count
from vouchers.rules.application import Application, BarFact, OtherVoucher, ProductFacts, Surroundings


def product_with_supplier(product_id: int) -> Product:
    """Raises Product.DoesNotExist."""
    return Product.objects.select_related("supplier").get(pk=product_id)


def product_facts(product: Product, period: Period) -> ProductFacts:
    item = item_for(period, product.item_number)
    return ProductFacts(
        id=product.pk,
        name=product.name,
        supplier_id=product.supplier_id,
        supplier_name=product.supplier.name,
        item_number=item.number,
        item_name=item.name,
        modules=tuple(product.modules),
        minimum_modules=item.requirements.get("min_modules") or 0,
        per_device=item.per_device,
        post_sale=item.post_sale,
        pilot_only=item.pilot_only,
        listed=product.state == ProductState.LISTED,
        supplier_listed=product.supplier.state == SupplierState.LISTED,
        period_catalog=product.catalog_version_id == period.catalog_version_id,
    )


def surroundings(
    *,
    enterprise: Enterprise,
    period: Period,
    product: Product,
    pilot_id: int | None,
    at: datetime,
    but: int | None = None,
) -> Surroundings:
    """`but`: the voucher that is being corrected and does not stand in its own way."""
    running, client = pilot_facts(pilot_id, enterprise, period)
    return Surroundings(
        today=day_of(at),
        period_title=period.title,
        enterprise_state=enterprise.state,
        product=product_facts(product, period),
        others=tuple(_others(enterprise, period, but)),
        unredeemed=unredeemed_count(enterprise.pk),
        open_applications=open_applications(enterprise.pk),
        bars=_grounds(enterprise.uscc, (Bar.ALL, Bar.APPLY), at),
        supplier_bars=_grounds(product.supplier.uscc, (Bar.ALL, Bar.SUPPLY), at),
        province_cities=frozenset(cities().values_list("code", flat=True)),
        pilot_running=running,
        pilot_client=client,
    )


def pilot_facts(pilot_id: int | None, enterprise: Enterprise, period: Period) -> tuple[bool, bool]:
    """Whether the pilot runs in this period, and whether the enterprise is its client; no query without a pilot."""
    pilot = Pilot.objects.filter(pk=pilot_id).first() if pilot_id else None
    if pilot is None:
        return False, False
    running = pilot.state == PilotState.RUNNING and pilot.period_id == period.pk
    return running, PilotClient.objects.filter(pilot=pilot, enterprise=enterprise).exists()


def _others(enterprise: Enterprise, period: Period, but: int | None) -> Iterable[OtherVoucher]:
    rows = Voucher.objects.filter(enterprise=enterprise).select_related("period").order_by("id")
    for row in rows:
        if row.pk == but:
            continue
        yield OtherVoucher(
            number=row.number or "",
            period=row.period.title,
            same_period=row.period_id == period.pk,
            product_id=row.product_id,
            contract_key=row.contract_key,
            state=row.state,
            pilot=row.pilot_id is not None,
        )


def _grounds(uscc: str, bars: Iterable[str], at: datetime) -> tuple[BarFact, ...]:
    wanted = {str(bar) for bar in bars}
    standings = standing_of(SubjectType.COMPANY, uscc, at)
    return tuple(BarFact(one.clause, one.ground) for one in standings if one.bar in wanted)


def enterprise_cap(enterprise_id: int, period_id: int) -> Decimal | None:
    """The raised cap of a running pilot's enterprise (S19/5.6.21); None: the edition's own."""
    places = PilotClient.objects.filter(
        enterprise_id=enterprise_id, pilot__period_id=period_id, pilot__state=PilotState.RUNNING, cap__isnull=False
    )
    return places.order_by("-cap").values_list("cap", flat=True).first()


def case_of(
    *,
    application: Application,
    enterprise: Enterprise,
    period: Period,
    product: Product,
    terms: EditionTerms,
    cap_used: Decimal = Decimal("0.00"),
) -> AssessmentCase:
    """The case as it would be assessed now; `cap_used` 0 gives the prepared amount."""
    kinds = {kind.kind for kind in terms.eligible_costs}
    lines = tuple(CostLine(cost.kind, cost.amount) for cost in application.costs) if kinds else ()
    return AssessmentCase(
        edition=terms.code,
        city=enterprise.city_id,
        item=item_terms(item_for(period, product.item_number)),
        contract_amount=application.total,
        product_class=product.product_class or None,
        unrelated_amount=application.unrelated_amount,
        cost_lines=lines,
        devices=application.devices,
        pilot=application.pilot_id is not None,
        enterprise_cap=enterprise_cap(enterprise.pk, period.pk),
        cap_used=cap_used,
        bonus=application.bonus_claimed,
        revenue=enterprise.revenue,
        enterprise_kind=enterprise.kind,
        signed_on=application.signed_on,
    )


def running_pilots_of(enterprise: Enterprise, period: Period) -> list[Pilot]:
    """Pilots the enterprise may charge an application to."""
    rows = Pilot.objects.filter(clients__enterprise=enterprise, period=period, state=PilotState.RUNNING)
    return list(rows.order_by("pk"))
