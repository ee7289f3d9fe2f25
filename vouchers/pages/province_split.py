"""The province's pages: a plan by formula over the cities, and limits of suppliers by class and rating."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from catalog.models import Period
from catalog.queries import terms_of_period
from platform_site.kit.attachments import excel
from vouchers.documents import preview_workbook
from vouchers.domain import Basis
from vouchers.forms import FormulaForm, SupplierLimitsForm
from vouchers.pages.plan_shapes import chosen_period, preview_of, preview_rows
from vouchers.pages.province_plans import drafted, status_of
from vouchers.queries.plan_inputs import (
    early_terms,
    figures_note,
    formula_inputs,
    past_progress,
    period_before,
    plan_minimum,
    plan_unit,
    planned_cities,
    running_pilots,
    sample_figures,
    supplier_ratings,
)
from vouchers.queries.plans_suppliers import PlannedSupplier, planned_suppliers
from vouchers.rules.dimensions import city_dimension, supplier_dimension
from vouchers.rules.quota_split import SplitLine, issuable, split_findings, split_over_cities
from vouchers.rules.supplier_limits import LimitLine, RatedSupplier, supplier_limits

Made = tuple[list[tuple[str, Decimal]], Basis]


# -- cities by formula -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def quota_plan_formula(request: HttpRequest) -> HttpResponse:
    """Target, weights and figures in, lines with their explanation out; then the same way as every plan."""
    period = chosen_period(request)
    if period is None:
        return redirect("province:quota")
    terms, before = terms_of_period(period), period_before(period)
    form = FormulaForm(
        request.POST or None,
        inputs=formula_inputs(),
        cities=planned_cities(terms.excluded_cities),
        pilots=running_pilots(period),
        initial=_formula_initial(period, before),
    )
    answer, preview = _answered(request, period, form, _split) if request.method == "POST" else (None, {})
    context = {
        "period": period,
        "form": form,
        "preview": preview,
        "way": "formula",
        "factor": terms.over_issue_factor,
        "factor_clause": terms.clause("over_issue_factor"),
        "excluded": [city.short for city in planned_cities(frozenset()) if city.code in terms.excluded_cities],
        "before": before,
        "progress": past_progress(before),
        "note": figures_note(),
        "early": early_terms(),
    }
    return answer or render(request, "province/quota_plan_formula.html", context, status=status_of(form))


def _formula_initial(period: Period, before: Period | None) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "title": f"{period.title}地市额度",
        "minimum": plan_minimum(),
        **{f"w:{row.key}": (row.weight * 100).quantize(Decimal("0.1")) for row in formula_inputs()},
    }
    for code, figures in sample_figures().items():
        initial |= {f"v:{key}:{code}": value for key, value in figures.items()}
    return initial | {
        f"v:progress:{code}": one.counted.quantize(Decimal("0.1")) for code, one in past_progress(before).items()
    }


def _answered(request: HttpRequest, period: Period, form: Any, make: Any) -> tuple[HttpResponse | None, dict[str, Any]]:
    """Preview, Excel file or draft, as the pressed button says; nothing of it while the form has errors."""
    if not form.is_valid():
        return None, {}
    made: Made | None = make(period, form)
    if made is None:
        return None, {}
    lines, basis = made
    action = request.POST.get("action", "")
    if action == "export":
        return excel(preview_workbook(preview_rows(period, lines, basis.lines)), "quota-preview", dated=True), {}
    if action == "draft" and (plan := drafted(request, period, form, lines, basis)) is not None:
        return redirect("province:quota_plan", pk=plan.pk), {}
    return None, preview_of(period, lines, basis.lines) | {"basis": basis.plan}


def _split(period: Period, form: FormulaForm) -> Made | None:
    factor, data = terms_of_period(period).over_issue_factor, form.cleaned_data
    figures: dict[str, Any] = {
        "total": issuable(data["target"], factor),
        "minimum": data["minimum"],
        "unit": plan_unit(),
        "weights": form.weights(),
        "cities": form.figures(),
    }
    found = split_findings(**figures)
    if found:
        form.add_findings(found)
        return None
    rows, adjusted = split_over_cities(**figures), form.adjusted()
    lines = [(city_dimension(row.city), adjusted.get(row.city, row.amount)) for row in rows]
    plan = {
        "way": "formula",
        "target": str(data["target"]),
        "factor": str(factor),
        "total": str(figures["total"]),
        "minimum": str(data["minimum"]),
        "weights": [{"title": row.title, "weight": str(row.weight)} for row in figures["weights"]],
        "adjust_reason": data["adjust_reason"] if adjusted else "",
    }
    bases = {city_dimension(row.city): _city_basis(row, adjusted.get(row.city)) for row in rows}
    return [*lines, *form.pilot_lines()], Basis(plan, bases)


def _city_basis(row: SplitLine, adjusted: Decimal | None) -> dict[str, Any]:
    parts = [
        {
            "title": part.title,
            "value": f"{part.value.normalize():f}",
            "assumed": part.assumed,
            "share": str(part.share),
            "weight": str(part.weight),
            "product": str(part.product),
        }
        for part in row.parts
    ]
    return {
        "way": "formula",
        "parts": parts,
        "weight": str(row.weight),
        "minimum": str(row.minimum),
        "exact": str(row.exact),
        "rounding": str(row.rounding),
        "computed": str(row.amount),
        "adjusted": None if adjusted is None else str(adjusted - row.amount),
    }


# -- suppliers by class and rating -----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def quota_plan_suppliers(request: HttpRequest) -> HttpResponse:
    """Limits by class (N20/3.2) and rating, with a reserve for excellent suppliers; whole classes or single lines."""
    period = chosen_period(request)
    if period is None:
        return redirect("province:quota")
    terms, rows = terms_of_period(period), planned_suppliers(period)
    form = SupplierLimitsForm(
        request.POST or None,
        ratings=supplier_ratings(),
        suppliers=[(row.pk, row.name) for row in rows],
        initial=_supplier_initial(period, rows),
    )
    answer, preview = _answered(request, period, form, _limits) if request.method == "POST" else (None, {})
    context = {
        "period": period,
        "form": form,
        "preview": preview,
        "way": "suppliers",
        "limits": terms.supplier_limits,
        "limits_clause": terms.clause("supplier_limits"),
        "rows": [(row, form[f"r:{row.pk}"], form[f"a:{row.pk}"]) for row in rows],
    }
    return answer or render(request, "province/quota_plan_suppliers.html", context, status=status_of(form))


def _supplier_initial(period: Period, rows: list[PlannedSupplier]) -> dict[str, Any]:
    initial: dict[str, Any] = {"title": f"{period.title}供应商限额", "reserve": Decimal("0.00")}
    initial |= {f"f:{row.key}": row.factor for row in supplier_ratings()}
    return initial | {f"r:{row.pk}": "excellent" if row.excellent else "qualified" for row in rows}


def _limits(period: Period, form: SupplierLimitsForm) -> Made | None:
    rated, factors = form.rated(), form.factors()
    rows = [
        RatedSupplier(one.pk, one.base, rated[one.pk], rated[one.pk] == "excellent")
        for one in planned_suppliers(period)
        if one.pk in rated
    ]
    limits = supplier_limits(rows, factors=factors, reserve=form.cleaned_data["reserve"], unit=plan_unit())
    adjusted, titles = form.adjusted(), {row.key: row.title for row in form.ratings}
    lines = [(supplier_dimension(row.supplier), adjusted.get(str(row.supplier), row.amount)) for row in limits]
    plan = {
        "way": "suppliers",
        "factors": [{"title": titles[key], "factor": str(factor)} for key, factor in factors.items()],
        "reserve": str(form.cleaned_data["reserve"]),
        "adjust_reason": form.cleaned_data["adjust_reason"] if adjusted else "",
    }
    bases = {
        supplier_dimension(row.supplier): _limit_basis(row, titles[row.rating], adjusted.get(str(row.supplier)))
        for row in limits
    }
    return lines, Basis(plan, bases)


def _limit_basis(row: LimitLine, rating: str, adjusted: Decimal | None) -> dict[str, Any]:
    return {
        "way": "suppliers",
        "base": str(row.base),
        "rating": rating,
        "factor": str(row.factor),
        "reserve": str(row.reserve),
        "computed": str(row.amount),
        "adjusted": None if adjusted is None else str(adjusted - row.amount),
    }
