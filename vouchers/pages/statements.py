"""Statements of quota: a city's, a supplier's, and the province's ledger; as pages and as Excel files."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from catalog.models import Period
from catalog.queries import current_period, periods_visible_to
from platform_site.kit import clock
from platform_site.kit.actor import ANONYMOUS
from platform_site.kit.attachments import excel
from platform_site.kit.work_lists import PAGE_SIZE, chips_of, count_of, key_page
from vouchers.documents import statement_workbook
from vouchers.enums import VoucherState
from vouchers.filters import narrowed_movements
from vouchers.forms import StatementFilter
from vouchers.models import QuotaMovement
from vouchers.pages.pace_chart import pace_chart
from vouchers.pages.plan_shapes import chosen_period
from vouchers.queries import vouchers_visible_to
from vouchers.queries.pace import outflow_of, pace
from vouchers.queries.plans import published_steps, still_to_come
from vouchers.queries.quota import dimension_names
from vouchers.queries.statements import Account, accounts_of, movements_visible_to, own_dimensions
from vouchers.rules.dimensions import parse_dimension


def _announced(request: HttpRequest) -> Period | None:
    published = periods_visible_to(ANONYMOUS)
    return published.filter(code=request.GET.get("period", "")).first() or current_period(clock.now())


def _statement(request: HttpRequest, found: QuerySet[QuotaMovement], size: int = PAGE_SIZE) -> dict[str, Any]:
    """The page of a statement: newest first, narrowed by what the address says."""
    narrow = StatementFilter(request.GET)
    found = narrowed_movements(found, narrow)
    page = key_page(found, request.GET, size=size)
    names = dimension_names({row.dimension for row in page.rows})
    return {
        "page": page,
        "count": count_of(found),
        "rows": [{"row": row, "name": names[row.dimension]} for row in page.rows],
        "filter": narrow,
        "chips": chips_of(narrow, request.GET),
    }


def _file(request: HttpRequest, found: QuerySet[QuotaMovement]) -> HttpResponse:
    found = narrowed_movements(found, StatementFilter(request.GET)).order_by("sequence")
    names = dimension_names(found.order_by().values_list("dimension", flat=True).distinct())
    return excel(statement_workbook(found.iterator(500), names), "quota-statement", dated=True)


def _own(request: HttpRequest, period: Period | None) -> dict[str, Any]:
    """Balances and movements of whoever looks."""
    actor = request.actor  # type: ignore[attr-defined]
    if period is None:
        return {"period": None, "accounts": []}
    dimensions = own_dimensions(actor)
    coming = still_to_come(period, dimensions)
    return {
        "period": period,
        "accounts": [(one, coming.get(one.dimension)) for one in accounts_of(period, dimensions)],
        **_statement(request, movements_visible_to(actor).filter(period=period)),
    }


@require_GET
def city_quota(request: HttpRequest) -> HttpResponse:
    """What the city has, what it has used, who waits for it, what is still to come, and every movement."""
    actor, period = request.actor, _announced(request)  # type: ignore[attr-defined]
    if period is not None and "export" in request.GET:
        return _file(request, movements_visible_to(actor).filter(period=period))
    waiting = vouchers_visible_to(actor).filter(period=period, state=VoucherState.WAITING)
    context = _own(request, period) | {
        "waiting": list(waiting.order_by("sequence")[:PAGE_SIZE]),
        "steps": published_steps(period) if period else [],
    }
    if period is not None and context["accounts"]:
        context |= _pace(period, context["accounts"][0][0])
    return render(request, "city/quota.html", context)


def _pace(period: Period, account: Account) -> dict[str, Any]:
    """How fast the city's quota goes and when it runs out."""
    at = clock.now()
    days = pace(period, at, parse_dimension(account.dimension).key)
    return {"flow": outflow_of(period, at, account, days), "pace": days, "chart": pace_chart(days)}


@require_GET
def supplier_quota(request: HttpRequest) -> HttpResponse:
    """The supplier's own limit, or the one it shares as an agent (S19/5.2.3(1)), and every movement."""
    actor, period = request.actor, _announced(request)  # type: ignore[attr-defined]
    if period is not None and "export" in request.GET:
        return _file(request, movements_visible_to(actor).filter(period=period))
    context = _own(request, period)
    return render(request, "supplier/quota.html", context | {"several": len(context["accounts"]) > 1})


@require_GET
def quota_movements(request: HttpRequest) -> HttpResponse:
    """The whole ledger; `?dimension=` for one statement."""
    period = chosen_period(request)
    if period is None:
        return redirect("province:quota")
    found = movements_visible_to(request.actor).filter(period=period)  # type: ignore[attr-defined]
    dimension = _dimension(request)
    found = found.filter(dimension=dimension) if dimension else found
    if "export" in request.GET:
        return _file(request, found)
    named = dimension_names([dimension])[dimension] if dimension else ""
    context = {"period": period, "dimension": named, "key": dimension, **_statement(request, found, size=50)}
    return render(request, "province/quota_movements.html", context)


def _dimension(request: HttpRequest) -> str:
    """ "" for what names none."""
    try:
        return str(parse_dimension(request.GET.get("dimension", "")))
    except ValueError:
        return ""
