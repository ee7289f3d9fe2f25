"""The city's settlement batches."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from platform_site.accounts.queries import cities
from platform_site.kit import clock
from platform_site.kit.attachments import excel
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.work_lists import count_of, key_page, tab_states, tabs_of
from settlement.documents import register_sheet
from settlement.domain import build_batch, cancel_batch, sign_batch
from settlement.enums import BatchState
from settlement.filters import BATCH_TABS
from settlement.forms.money import BatchForm
from settlement.models import Batch
from settlement.pages.answers import carried_out, trail
from settlement.permissions import user_can_handle, user_can_sign
from settlement.queries import batches_visible_to
from settlement.queries.batches import (
    lines_of_batch,
    money_waiting,
    paid_of_batch,
    periods_with_money,
    sum_of_batch,
)
from settlement.queries.sums import batch_sums
from settlement.rules.order import PRIORITY_LABELS


@require_http_methods(["GET", "POST"])
def batches(request: HttpRequest) -> HttpResponse:
    """Batches, and what waits to be paid: POST builds the next one."""
    by = request.actor  # type: ignore[attr-defined]
    form = BatchForm(request.POST or None, periods=periods_with_money(by.area_code))
    if request.method == "POST" and form.is_valid():
        try:
            made = build_batch(city=cities().get(pk=by.area_code), by=by, at=clock.now(), **form.cleaned_data)
            return redirect("city:batch", made.pk)
        except Refusal as refusal:
            form.add_refusal(refusal)
    waiting = money_waiting(by.area_code)
    context = {
        **batch_list(request),
        "form": form,
        "waiting": waiting,
        "may_build": waiting > 0 and user_can_handle(by, by.area_code),
    }
    return render(request, "city/batches.html", context, status=422 if form.errors else 200)


def batch_list(request: HttpRequest) -> dict[str, Any]:
    """The list, for city and finance alike."""
    base = batches_visible_to(request.actor)  # type: ignore[attr-defined]
    view = request.GET.get("view", "all")
    states = tab_states(BATCH_TABS, view)
    found = base.filter(state__in=states) if states else base
    return {
        "page": key_page(found, request.GET),
        "count": count_of(found),
        "tabs": tabs_of(base, BATCH_TABS, view),
    }


@require_GET
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    row = own_batch(request, batch_id)
    if request.GET.get("export"):
        return excel(register_sheet(row), row.number)
    return _page(request, row)


@require_POST
def batch_step(request: HttpRequest, batch_id: int, step: str) -> HttpResponse:
    row = own_batch(request, batch_id)
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    steps: dict[str, tuple[Callable[[], Any], str]] = {
        "sign": (lambda: sign_batch(batch=row, by=by, at=at), "已签名，送财政付款。"),
        "cancel": (lambda: cancel_batch(batch=row, by=by, at=at), "批次已取消，各行顺序不变。"),
    }
    if step not in steps:
        raise Http404
    findings = carried_out(request, *steps[step])
    return _page(request, row, findings, status=422) if findings else redirect("city:batch", row.pk)


def _page(request: HttpRequest, row: Batch, findings: list[Finding] | None = None, status: int = 200) -> HttpResponse:
    by = request.actor  # type: ignore[attr-defined]
    draft = row.state == BatchState.DRAFT
    context = {
        **batch_facts(row),
        "findings": findings or [],
        "may_sign": draft and user_can_sign(by, row.city_id) and row.built_by != by.user_id,
        "waits_for_second": draft and row.built_by == by.user_id,
        "may_cancel": draft and user_can_handle(by, row.city_id),
    }
    return render(request, "city/batch.html", context, status=status)


def batch_facts(row: Batch) -> dict[str, Any]:
    """Lines with their result, and the three sums that must agree."""
    lines = [(line, PRIORITY_LABELS.get(line.priority, line.priority)) for line in lines_of_batch(row)]
    return {
        "batch": row,
        "lines": lines,
        "paying": sum(line.fits for line, _ in lines),
        "carried": sum(not line.fits for line, _ in lines),
        "sum": sum_of_batch(row),
        "sums": batch_sums(row),
        "has_matching": any(line.matching for line, _ in lines),
        "paid": paid_of_batch(row),
        "trail": trail(row),
    }


def own_batch(request: HttpRequest, batch_id: int) -> Batch:
    row = batches_visible_to(request.actor).filter(pk=batch_id).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row
