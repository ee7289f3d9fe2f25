"""The province's page: reallocation between cities, suppliers or pilots, with its effect shown first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from catalog.models import Period
from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from vouchers.domain import reallocate_quota
from vouchers.forms import ReallocationForm
from vouchers.models import QuotaPlan
from vouchers.pages.plan_shapes import chosen_period, effect_context
from vouchers.pages.province_plans import status_of
from vouchers.queries.plan_inputs import kept_share
from vouchers.queries.reallocation import KINDS, Place, places, suggested
from vouchers.queries.what_if import effect_of


@require_http_methods(["GET", "POST"])
def quota_transfer(request: HttpRequest) -> HttpResponse:
    """Several at once; `?kind=` says between whom, `?suggest=1` fills the suggestion in. Another person signs."""
    period = chosen_period(request)
    if period is None:
        return redirect("province:quota")
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else "city"
    rows = places(period, kind)
    names = [(place.line.room.dimension, place.name) for place in rows]
    form = ReallocationForm(request.POST or None, rows=names, initial=_initial(request, rows))
    effect: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("action") == "preview" and form.lines():
            effect = effect_context(period, effect_of(period, dict(form.lines())))
        elif (plan := _drafted(request, period, form)) is not None:
            return redirect("province:quota_plan", pk=plan.pk)
    context = {
        "period": period,
        "form": form,
        "kind": kind,
        "tabs": [
            {"label": label, "url": f"?period={period.code}&kind={key}", "current": key == kind}
            for key, label in KINDS.items()
        ],
        "rows": [(place, form[f"c:{place.line.room.dimension}"]) for place in rows],
        "suggestions": _named(rows),
        "kept": kept_share(),
        **effect,
    }
    return render(request, "province/quota_transfer.html", context, status=status_of(form))


def _initial(request: HttpRequest, rows: list[Place]) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    if "suggest" in request.GET:
        for one in suggested(rows):
            initial[f"c:{one.source}"] = initial.get(f"c:{one.source}", 0) - one.amount
            initial[f"c:{one.target}"] = initial.get(f"c:{one.target}", 0) + one.amount
    return initial


def _named(rows: list[Place]) -> list[dict[str, Any]]:
    names = {place.line.room.dimension: place.name for place in rows}
    return [{"source": names[one.source], "target": names[one.target], "amount": one.amount} for one in suggested(rows)]


def _drafted(request: HttpRequest, period: Period, form: ReallocationForm) -> QuotaPlan | None:
    try:
        plan = reallocate_quota(
            period=period,
            lines=form.lines(),
            reason=form.cleaned_data["reason"],
            key=request.POST.get("idempotency_key", ""),
            by=request.actor,  # type: ignore[attr-defined]
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_refusal(refusal)
        return None
    messages.success(request, "已拟定调剂，等另一位签发人签发。")
    return plan
