"""The province's pages: quota plans and transfers, the ledger, all enterprises."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from catalog.models import Period
from catalog.queries import current_period, periods_visible_to
from platform_site.accounts.queries import cities
from platform_site.audit.queries import trail_of
from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from platform_site.kit.work_lists import chips_of, count_of, key_page
from suppliers.queries import listed_suppliers
from vouchers.domain import discard_plan, initial_supplier_lines, plan_quota, reallocate_quota, sign_plan
from vouchers.enums import PlanState
from vouchers.filters import narrowed_enterprises
from vouchers.forms import ProvinceEnterpriseFilter, QuotaPlanForm, SignForm, TransferForm
from vouchers.models import QuotaPlan
from vouchers.pages.city_enterprises import enterprise_context
from vouchers.permissions import user_can_sign_quota
from vouchers.queries import balances_visible_to, enterprises_visible_to, ledger_differences, queue_board
from vouchers.queries.quota import dimension_names, largest_waiting, movements_visible_to, plans_visible_to
from vouchers.rules.dimensions import city_dimension, supplier_dimension


def _period(request: HttpRequest) -> Period | None:
    seen = periods_visible_to(request.actor).exclude(state="draft")  # type: ignore[attr-defined]
    return seen.filter(code=request.GET.get("period", "")).first() or current_period(clock.now())


@require_GET
def quota(request: HttpRequest) -> HttpResponse:
    """Every city and supplier: total, used, left, waiting; what stands in the way; drafts to sign."""
    period, actor = _period(request), request.actor  # type: ignore[attr-defined]
    if period is None:
        return render(request, "province/quota.html", {"period": None})
    suppliers = balances_visible_to(actor).filter(period=period, dimension__startswith="supplier:")
    rows = list(suppliers.order_by("-reserved")[:100])
    names = dimension_names([row.dimension for row in rows])
    board = queue_board(period)
    context = {
        "period": period,
        "periods": list(periods_visible_to(actor).exclude(state="draft")),
        "board": board,
        "tiles": [_tile(row) for row in board],
        "totals": {name: sum((row[name] for row in board), Decimal(0)) for name in ("total", "used", "waiting_sum")},
        "suppliers": [{"row": row, "name": names[row.dimension]} for row in rows],
        "plans": list(plans_visible_to(actor).filter(period=period)[:20]),
        "blocking": largest_waiting(period),
        "differences": ledger_differences(period),
    }
    return render(request, "province/quota.html", context)


TILE_STEPS = (40, 60, 85, 99)  # per cent, as the legend of the map says


def _tile(row: dict[str, Any]) -> dict[str, Any]:
    share = row["used"] / row["total"] if row["total"] else Decimal(0)
    return {
        "name": row["city"].short,
        "level": 1 + sum(share * 100 >= step for step in TILE_STEPS),
        "text": f"{share:.0%}" if row["total"] else "—",
        "mark": row["waiting"] or "",
        "absent": not row["total"],
    }


@require_http_methods(["GET", "POST"])
def quota_plan_new(request: HttpRequest) -> HttpResponse:
    """Draft new totals; another person signs."""
    period = _period(request)
    if period is None:
        return redirect("province:quota")
    form = QuotaPlanForm(request.POST or None, dimensions=_dimensions(request, period))
    if request.method == "POST" and form.is_valid():
        try:
            plan = plan_quota(
                period=period,
                title=form.cleaned_data["title"],
                reason=form.cleaned_data["reason"],
                lines=form.lines(),
                by=request.actor,  # type: ignore[attr-defined]
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "已拟定，等另一位签发人签发。")
            return redirect("province:quota_plan", pk=plan.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "province/quota_plan_new.html", {"period": period, "form": form}, status=status)


def _dimensions(request: HttpRequest, period: Period) -> list[tuple[str, str, Decimal]]:
    rows = {row.dimension: row.total for row in balances_visible_to(request.actor).filter(period=period)}  # type: ignore[attr-defined]
    limits = dict(initial_supplier_lines(period))
    of_cities = [
        (city_dimension(city.code), city.name, rows.get(city_dimension(city.code), Decimal(0))) for city in cities()
    ]
    of_suppliers = [
        (key, one.name, rows.get(key, limits.get(key, Decimal(0))))
        for one in listed_suppliers().order_by("name")
        for key in [supplier_dimension(one.pk)]
    ]
    return of_cities + of_suppliers


@require_http_methods(["GET", "POST"])
def quota_transfer(request: HttpRequest) -> HttpResponse:
    """Move what one has left to another; another person signs."""
    period = _period(request)
    if period is None:
        return redirect("province:quota")
    choices = [(key, f"{name}（{total:,.2f} 元）") for key, name, total in _dimensions(request, period)]
    form = TransferForm(request.POST or None, choices=choices, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            plan = reallocate_quota(period=period, by=request.actor, at=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "已拟定调剂，等另一位签发人签发。")
            return redirect("province:quota_plan", pk=plan.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "province/quota_transfer.html", {"period": period, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def quota_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan; sign it, or let it be."""
    plan = plans_visible_to(request.actor).filter(pk=pk).first()  # type: ignore[attr-defined]
    if plan is None:
        raise Http404
    form = SignForm(request.POST or None, initial={"version": plan.version})
    if request.method == "POST" and form.is_valid():
        try:
            _walk(request, plan, form.cleaned_data["version"])
            return redirect("province:quota_plan", pk=pk)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return render(
        request,
        "province/quota_plan.html",
        _plan_context(request, plan, form),
        status=422 if request.method == "POST" else 200,
    )


def _walk(request: HttpRequest, plan: QuotaPlan, version: int | None) -> None:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    if request.POST.get("action") == "discard":
        discard_plan(plan=plan, by=actor, at=at)
        messages.success(request, "方案已作罢。")
    else:
        sign_plan(plan=plan, by=actor, at=at, version=version)
        messages.success(request, "已签发，额度按先后顺序核定。")


def _plan_context(request: HttpRequest, plan: QuotaPlan, form: SignForm) -> dict[str, Any]:
    lines = list(plan.lines.all())
    names = dimension_names([line.dimension for line in lines])
    now = {row.dimension: row for row in balances_visible_to(request.actor).filter(period=plan.period)}  # type: ignore[attr-defined]
    return {
        "plan": plan,
        "lines": [{"name": names[one.dimension], "amount": one.amount, "now": now.get(one.dimension)} for one in lines],
        "form": form,
        "open": plan.state == PlanState.DRAFT,
        "may_sign": plan.state == PlanState.DRAFT and user_can_sign_quota(request.actor, plan),  # type: ignore[attr-defined]
        "decision": getattr(plan.event, "decision", None) if plan.event else None,
        "trail": trail_of(plan),
    }


@require_GET
def quota_movements(request: HttpRequest) -> HttpResponse:
    """The ledger, newest first; `?dimension=` for one statement."""
    period, actor = _period(request), request.actor  # type: ignore[attr-defined]
    if period is None:
        return redirect("province:quota")
    found = movements_visible_to(actor).filter(period=period)
    dimension = request.GET.get("dimension", "")
    found = found.filter(dimension=dimension) if dimension else found
    page = key_page(found, request.GET, size=50)
    names = dimension_names({row.dimension for row in page.rows} | ({dimension} if dimension else set()))
    context = {
        "period": period,
        "page": page,
        "count": count_of(found),
        "rows": [{"row": row, "name": names[row.dimension]} for row in page.rows],
        "dimension": names.get(dimension, ""),
    }
    return render(request, "province/quota_movements.html", context)


@require_GET
def enterprises(request: HttpRequest) -> HttpResponse:
    form = ProvinceEnterpriseFilter(request.GET)
    found = narrowed_enterprises(enterprises_visible_to(request.actor), form)  # type: ignore[attr-defined]
    context = {
        "page": key_page(found, request.GET),
        "count": count_of(found),
        "filter": form,
        "chips": chips_of(form, request.GET),
    }
    return render(request, "province/enterprises.html", context)


@require_GET
def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """Read only: the city decides."""
    found = enterprises_visible_to(request.actor).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return render(request, "province/enterprises_one.html", enterprise_context(request, found, [], None))
