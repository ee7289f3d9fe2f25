"""Money asked back: city and province propose and sign, finance records what came in. One set of pages for all."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from platform_site.accounts.queries import day_of
from platform_site.kit import clock
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.work_lists import count_of, key_page, tab_states, tabs_of
from settlement.domain import order_clawback, propose_clawback, record_receipt, withdraw_clawback
from settlement.enums import ClawbackState
from settlement.filters import CLAWBACK_TABS
from settlement.forms.clawback import DemandForm, ReceiptForm
from settlement.forms.review import ReasonForm
from settlement.models import Clawback, Redemption
from settlement.pages.answers import carried_out, trail
from settlement.permissions import user_can_claw_back, user_can_order_clawback, user_can_pay
from settlement.queries import redemptions_visible_to
from settlement.queries.clawbacks import clawbacks_visible_to, owed, paid_parts, receipts_of, received_parts
from settlement.rules.clawback import GROUNDS


@require_GET
def clawbacks(request: HttpRequest) -> HttpResponse:
    base = clawbacks_visible_to(request.actor)  # type: ignore[attr-defined]
    view = request.GET.get("view", "open")
    states = tab_states(CLAWBACK_TABS, view)
    found = base.filter(state__in=states) if states else base
    context = {
        "page": key_page(found, request.GET),
        "count": count_of(found),
        "tabs": tabs_of(base, CLAWBACK_TABS, view),
        "portal": _portal(request),
    }
    return render(request, "city/clawbacks.html", context)


@require_http_methods(["GET", "POST"])
def clawback_new(request: HttpRequest) -> HttpResponse:
    """`?number=`: the redemption that was paid."""
    number = request.GET.get("number", "").strip()
    row = redemptions_visible_to(request.actor).filter(number=number).first()  # type: ignore[attr-defined]
    if row is None:
        return render(request, "city/clawback_new.html", {"number": number, "portal": _portal(request)})
    form = DemandForm(request.POST or None, initial=_initial(row))
    if request.method == "POST" and form.is_valid():
        made = _proposed(request, row, form)
        if made is not None:
            return redirect(f"{_portal(request)}:clawback", made.pk)
    context = {"number": number, "redemption": row, "paid": paid_parts(row), "form": form, "portal": _portal(request)}
    return render(request, "city/clawback_new.html", context, status=422 if form.errors else 200)


def _initial(row: Redemption) -> dict[str, Any]:
    paid = paid_parts(row)
    return {"amount": paid.amount, "bonus": paid.bonus, "matching": paid.matching}


def _proposed(request: HttpRequest, row: Redemption, form: DemandForm) -> Clawback | None:
    data = form.cleaned_data
    try:
        return propose_clawback(
            redemption=row,
            parts=form.parts(),
            reason=data["reason"],
            clause=data["clause"],
            due_on=data["due_on"],
            by=request.actor,  # type: ignore[attr-defined]
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_refusal(refusal)
        return None


@require_GET
def clawback(request: HttpRequest, clawback_id: int) -> HttpResponse:
    return _page(request, _own(request, clawback_id))


@require_POST
def clawback_step(request: HttpRequest, clawback_id: int, step: str) -> HttpResponse:
    row = _own(request, clawback_id)
    by, at, reason = request.actor, clock.now(), request.POST.get("reason", "")  # type: ignore[attr-defined]
    steps: dict[str, tuple[Callable[[], Any], str]] = {
        "order": (lambda: order_clawback(clawback=row, by=by, at=at), "已签名，已通知企业缴回。"),
        "withdraw": (lambda: withdraw_clawback(clawback=row, reason=reason, by=by, at=at), "已撤回。"),
    }
    if step not in steps:
        raise Http404
    findings = carried_out(request, *steps[step])
    return _page(request, row, findings, 422) if findings else redirect(f"{_portal(request)}:clawback", row.pk)


@require_POST
def clawback_receipt(request: HttpRequest, clawback_id: int) -> HttpResponse:
    """What came in, by its bank reference."""
    row = _own(request, clawback_id)
    form = ReceiptForm(request.POST)
    if form.is_valid():
        try:
            record_receipt(clawback=row, by=request.actor, at=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
            return redirect(f"{_portal(request)}:clawback", row.pk)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return _page(request, row, status=422, form=form)


def _page(
    request: HttpRequest,
    row: Clawback,
    findings: list[Finding] | None = None,
    status: int = 200,
    form: ReceiptForm | None = None,
) -> HttpResponse:
    by, city = request.actor, row.redemption.city_id  # type: ignore[attr-defined]
    proposed = row.state == ClawbackState.PROPOSED
    context = {
        "clawback": row,
        "ground": GROUNDS.get(row.clause, ""),
        "received": received_parts(row),
        "owed": owed(row),
        "receipts": receipts_of(row),
        "findings": findings or [],
        "form": form or ReceiptForm(initial={"received_on": day_of(clock.now())}),
        "reason_form": ReasonForm(),
        "may_sign": proposed and user_can_order_clawback(by, city) and row.proposed_by != by.user_id,
        "waits_for_second": proposed and row.proposed_by == by.user_id,
        "may_withdraw": proposed and user_can_claw_back(by, city),
        "may_record": row.state == ClawbackState.ORDERED and user_can_pay(by, city),
        "trail": trail(row.redemption),
        "portal": _portal(request),
    }
    return render(request, "city/clawback.html", context, status=status)


def _portal(request: HttpRequest) -> str:
    """Under which of the mounts this page was asked for."""
    return request.resolver_match.namespace if request.resolver_match else ""


def _own(request: HttpRequest, clawback_id: int) -> Clawback:
    row = clawbacks_visible_to(request.actor).filter(pk=clawback_id).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row
