"""The province's pages: the state of all quota, and all enterprises."""

from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from catalog.queries import periods_visible_to
from platform_site.kit.work_lists import chips_of, count_of, key_page
from vouchers.filters import narrowed_enterprises
from vouchers.forms import ProvinceEnterpriseFilter
from vouchers.pages.city_enterprises import enterprise_context
from vouchers.pages.plan_shapes import chosen_period, tile
from vouchers.queries import balances_visible_to, enterprises_visible_to, ledger_differences, queue_board
from vouchers.queries.plans import published_steps
from vouchers.queries.quota import dimension_names, largest_waiting, plans_visible_to


@require_GET
def quota(request: HttpRequest) -> HttpResponse:
    """Every city and supplier: total, used, left, waiting; what stands in the way; drafts to sign."""
    period, actor = chosen_period(request), request.actor  # type: ignore[attr-defined]
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
        "tiles": [tile(period, row["city"], row["total"], row["used"], row["waiting"]) for row in board],
        "totals": {name: sum((row[name] for row in board), Decimal(0)) for name in ("total", "used", "waiting_sum")},
        "suppliers": [{"row": row, "name": names[row.dimension]} for row in rows],
        "plans": list(plans_visible_to(actor).filter(period=period)[:20]),
        "steps": published_steps(period),
        "blocking": largest_waiting(period),
        "differences": ledger_differences(period),
    }
    return render(request, "province/quota.html", context)


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
