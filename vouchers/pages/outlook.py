"""The side of the application form: the amount so far, what would happen now, and every check."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from catalog.models import Period
from catalog.queries import terms_of_period
from catalog.rules.assessment import Assessment
from catalog.rules.terms import EditionTerms
from suppliers.models import Product
from suppliers.queries import quota_owner
from vouchers import policies
from vouchers.forms import ApplicationForm
from vouchers.models import Enterprise, Voucher
from vouchers.pages.shapes import ladder_steps, outlook_rows
from vouchers.queries import cap_used, outlook
from vouchers.rules.application import Application

NEEDED = ("contract_number", "signed_on", "total", "place")


def aside_of(
    *,
    enterprise: Enterprise,
    period: Period,
    product: Product | None,
    form: ApplicationForm,
    costs: Any,
    files: Iterable[Mapping[str, Any]],
    correcting: Voucher | None,
    at: datetime,
) -> dict[str, Any]:
    """`form` and `costs` are bound to what is typed; only what is typed well is used."""
    form.is_valid()
    costs.is_valid()
    missing = [str(form.fields[name].label) for name in NEEDED if form.cleaned_data.get(name) in (None, "")]
    context: dict[str, Any] = {"missing": missing, "checks": [], "assessment": None, "steps": [], "outlook": None}
    context["window"] = [] if correcting else policies.window(period, at)
    if product is None or missing:
        return context
    application = form.application(product=product, costs=_lines(costs), files=files)
    terms = terms_of_period(period)
    around: dict[str, Any] = {
        "form": application,
        "enterprise": enterprise,
        "period": period,
        "product": product,
        "terms": terms,
    }
    assessment = _assessed(around, enterprise, period, correcting)
    checks = policies.application(**around, at=at, correcting=correcting.pk if correcting else None)
    context |= {"checks": checks, "assessment": assessment, "steps": ladder_steps(assessment)}
    if assessment.amount > 0 and correcting is None:
        context["outlook"] = _outlook(application, enterprise, period, product, assessment, terms)
    return context


def _lines(costs: Any) -> list[dict[str, Any]]:
    return [line.cleaned_data for line in costs if not line.errors and line.cleaned_data.get("amount") is not None]


def _assessed(around: dict[str, Any], enterprise: Enterprise, period: Period, correcting: Voucher | None) -> Assessment:
    used = cap_used(enterprise.pk, period, but=correcting.pk if correcting else None)
    return policies.prepared(**around, cap_used=used)


def _outlook(
    application: Application,
    enterprise: Enterprise,
    period: Period,
    product: Product,
    assessment: Assessment,
    terms: EditionTerms,
) -> dict[str, Any]:
    found = outlook(
        period=period,
        city_code=enterprise.city_id,
        supplier_id=quota_owner(product).pk,
        amount=assessment.amount,
        pilot_id=application.pilot_id,
    )
    return outlook_rows(found)
