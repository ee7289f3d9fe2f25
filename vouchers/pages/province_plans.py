"""The province's pages: quota plans typed line by line; one plan with its effect, tranches and signatures."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from catalog.models import Period
from platform_site.audit.queries import trail_of
from platform_site.kit import clock
from platform_site.kit.attachments import excel
from platform_site.kit.findings import Refusal
from vouchers.documents import plan_workbook
from vouchers.domain import Basis, ask_to_stop, discard_plan, drop_stop, plan_quota, sign_plan, stop_tranches
from vouchers.enums import PlanKind, PlanState, TrancheState
from vouchers.forms import QuotaPlanForm, SignForm, StopForm
from vouchers.forms.quota import TranchedForm
from vouchers.models import QuotaPlan
from vouchers.pages.plan_shapes import Lines, chosen_period, effect_context, plan_rows, preview_of
from vouchers.permissions import user_can_draft_quota, user_can_sign_quota
from vouchers.queries import balances_visible_to
from vouchers.queries.plans import effect_of_plan, steps_of
from vouchers.queries.quota import dimension_names, plans_visible_to


@require_http_methods(["GET", "POST"])
def quota_plan_new(request: HttpRequest) -> HttpResponse:
    """Draft new totals line by line; another person signs."""
    period = chosen_period(request)
    if period is None:
        return redirect("province:quota")
    form = QuotaPlanForm(request.POST or None, rows=plan_rows(period))
    preview: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("action") == "preview" and form.lines():
            preview = preview_of(period, form.lines())
        elif (plan := drafted(request, period, form, form.lines())) is not None:
            return redirect("province:quota_plan", pk=plan.pk)
    context = {"period": period, "form": form, "preview": preview, "way": "lines"}
    return render(request, "province/quota_plan_new.html", context, status=status_of(form))


def drafted(
    request: HttpRequest, period: Period, form: TranchedForm, lines: Lines, basis: Basis | None = None
) -> QuotaPlan | None:
    """None: refused, the form says why and keeps everything."""
    at = clock.now()
    try:
        plan = plan_quota(
            period=period,
            title=form.cleaned_data["title"],
            reason=form.cleaned_data["reason"],
            lines=lines,
            tranches=form.tranches(at),
            basis=basis,
            key=request.POST.get("idempotency_key", ""),
            by=request.actor,  # type: ignore[attr-defined]
            at=at,
        )
    except Refusal as refusal:
        form.add_refusal(refusal)
        return None
    messages.success(request, "已拟定，等另一位签发人签发。")
    return plan


def status_of(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


@require_http_methods(["GET", "POST"])
def quota_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan; sign it, let it be, or stop what of it has not gone out."""
    plan = plans_visible_to(request.actor).filter(pk=pk).first()  # type: ignore[attr-defined]
    if plan is None:
        raise Http404
    form = SignForm(request.POST or None, initial={"version": plan.version})
    stop = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and stop.is_valid():
        try:
            _walk(request, plan, form.cleaned_data["version"], stop.cleaned_data["reason"])
            return redirect("province:quota_plan", pk=pk)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = _plan_context(request, plan, form, stop)
    if "export" in request.GET:
        return excel(plan_workbook(plan, context["lines"]), f"quota-plan-{plan.pk}", dated=True)
    return render(request, "province/quota_plan.html", context, status=status_of(form))


def _walk(request: HttpRequest, plan: QuotaPlan, version: int | None, reason: str) -> None:
    around: dict[str, Any] = {"plan": plan, "by": request.actor, "at": clock.now()}  # type: ignore[attr-defined]
    action = request.POST.get("action", "")
    if action == "discard":
        discard_plan(**around)
    elif action == "ask_stop":
        ask_to_stop(reason=reason, **around)
    elif action == "drop_stop":
        drop_stop(**around)
    elif action == "stop":
        stop_tranches(**around)
    else:
        sign_plan(version=version, **around)
    messages.success(request, _DONE.get(action, "已签发，额度按先后顺序核定。"))


_DONE = {
    "discard": "方案已作罢。",
    "ask_stop": "已提出，等另一位签发人决定；在那之前各批照常放出。",
    "drop_stop": "不再停止，各批照常放出。",
    "stop": "后面的批次已停止。",
}


def _plan_context(request: HttpRequest, plan: QuotaPlan, form: SignForm, stop: StopForm) -> dict[str, Any]:
    actor, drafted_now = request.actor, plan.state == PlanState.DRAFT  # type: ignore[attr-defined]
    steps = steps_of(plan) if plan.kind == PlanKind.TRANCHED else []
    left = [step.tranche for step in steps if step.tranche.state == TrancheState.PLANNED]
    asked = next((tranche for tranche in left if tranche.stop_asked_by_id), None)
    running = plan.state == PlanState.SIGNED and bool(left)
    return {
        "plan": plan,
        "lines": _lines(request, plan),
        "steps": steps,
        "form": form,
        "stop": stop,
        "asked": asked,
        "open": drafted_now and user_can_draft_quota(actor),
        "may_sign": drafted_now and user_can_sign_quota(actor, plan),
        "may_stop": running and user_can_draft_quota(actor),
        "may_sign_stop": running and user_can_sign_quota(actor, plan),
        "decision": getattr(plan.event, "decision", None) if plan.event else None,
        "trail": trail_of(plan),
        **(effect_context(plan.period, effect_of_plan(plan)) if drafted_now else {}),
    }


def _lines(request: HttpRequest, plan: QuotaPlan) -> list[dict[str, Any]]:
    lines = list(plan.lines.all())
    names = dimension_names([line.dimension for line in lines])
    now = {row.dimension: row for row in balances_visible_to(request.actor).filter(period=plan.period)}  # type: ignore[attr-defined]
    largest = max((abs(line.amount) for line in lines), default=None)
    return [
        {
            "name": names[one.dimension],
            "amount": one.amount,
            "size": abs(one.amount),
            "now": now.get(one.dimension),
            "largest": largest,
            "basis": one.basis,
        }
        for one in lines
    ]
