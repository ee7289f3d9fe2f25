"""The city reviews redemptions: the list, the one-page check, the two signatures."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from monitoring.queries import verdict_view
from monitoring.queries.signs import questions_of, signs_of
from platform_site.accounts.enums import Role
from platform_site.accounts.queries import bureau_of, day_of, members_visible_to
from platform_site.kit import clock
from platform_site.kit.actor import Actor
from platform_site.kit.attachments import excel
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.page_keys import key_from
from platform_site.kit.work_lists import chips_of, count_of, key_page, tab_states, tabs_of
from platform_site.working_calendar.queries import all_days_left, days_left, end_of_day
from settlement.documents import redemptions_sheet
from settlement.domain import (
    check_clean,
    check_redemption,
    decide_redemption,
    hold_redemption,
    judge_again,
    release_redemption,
    retry_payment,
    send_back_to_reviewer,
    take_up_redemption,
    urge_supplier,
)
from settlement.enums import HOLDABLE_STATES, RedemptionState
from settlement.filters import CITY_TABS, RedemptionFilter, by_due, by_words
from settlement.forms.review import CheckForm, ReasonForm, SignForm
from settlement.models import Redemption
from settlement.pages.answers import carried_out, life_line, trail
from settlement.pages.enterprise import paper_rows
from settlement.permissions import user_can_handle, user_can_sign
from settlement.policies import claim_findings, judging_findings
from settlement.queries import redemptions_visible_to
from settlement.queries.claim import comparisons
from settlement.queries.redemptions import contract_files, files_of, other_uses
from settlement.queries.review import next_case, reason_texts
from vouchers.queries.contract_text import contract_text_findings
from vouchers.rules.returns import earlier_reasons

S = RedemptionState


@require_GET
def redemptions(request: HttpRequest) -> HttpResponse:
    return (
        render(request, "city/redemptions.html", _list_context(request))
        if not request.GET.get("export")
        else excel(redemptions_sheet(_narrowed(request).order_by("-pk").iterator(500)), "redemptions", dated=True)
    )


def _narrowed(request: HttpRequest) -> QuerySet[Redemption]:
    base = redemptions_visible_to(request.actor)  # type: ignore[attr-defined]
    view, at = request.GET.get("view", "review"), clock.now()
    states = tab_states(CITY_TABS, view)
    found = _of_view(base.filter(state__in=states) if states else base, view)
    return by_due(by_words(found, request.GET.get("q", "")), request.GET.get("due", ""), at, end_of_day(day_of(at)))


def _of_view(rows: QuerySet[Redemption], view: str) -> QuerySet[Redemption]:
    """Two tabs share a state: what nobody checked yet, and what was checked and waits for the second person."""
    return rows.filter(checked_by__isnull=view == "review") if view in ("review", "sign") else rows


def _list_context(request: HttpRequest, results: dict[int, list[Finding]] | None = None) -> dict[str, Any]:
    view, at = request.GET.get("view", "review"), clock.now()
    found = _narrowed(request)
    page = key_page(found, request.GET, newest=view not in ("review", "sign"))
    form = RedemptionFilter(request.GET)
    told = results or {}
    return {
        "page": page,
        "rows": _list_rows(page.rows, at, told),
        "count": count_of(found),
        "tabs": tabs_of(redemptions_visible_to(request.actor), CITY_TABS, view, _of_view),  # type: ignore[attr-defined]
        "filter": form,
        "chips": chips_of(form, request.GET),
        "view": view,
        "may_sign": user_can_sign(request.actor, request.actor.area_code),  # type: ignore[attr-defined]
        "notice": _notice(told),
    }


def _list_rows(rows: list[Redemption], at: datetime, told: dict[int, list[Finding]]) -> list[dict[str, Any]]:
    dues = [row.review_due_at if row.state in (S.MONITORED, S.UNDER_REVIEW) else None for row in rows]
    return [
        {"redemption": row, "left": left, "told": row.pk in told, "findings": told.get(row.pk, [])}
        for row, left in zip(rows, all_days_left(dues, at), strict=True)
    ]


def _notice(told: dict[int, list[Finding]]) -> str:
    if not told:
        return ""
    bad = sum(bool(findings) for findings in told.values())
    return f"办成 {len(told) - bad} 件，没有办成 {bad} 件，原因在各行下面。"


@require_POST
def redemptions_bulk(request: HttpRequest) -> HttpResponse:
    """Take up, or sign what is proposed; each on its own, failures stay visible."""
    verbs = {"take_up": take_up_redemption, "check_clean": check_clean, "decide": decide_redemption}
    verb = verbs.get(request.POST.get("action", ""))
    ids = [key for text in request.POST.getlist("ids") if (key := key_from(text))][:200]
    if verb is None or not ids:
        return redirect("city:redemptions")
    rows = redemptions_visible_to(request.actor).filter(pk__in=ids).order_by("pk")  # type: ignore[attr-defined]
    told = {row.pk: _one(verb, row, request.actor) for row in rows}  # type: ignore[attr-defined]
    return render(request, "city/redemptions.html", _list_context(request, told))


def _one(verb: Callable[..., Any], row: Redemption, by: Actor) -> list[Finding]:
    try:
        verb(redemption=row, by=by, at=clock.now())
    except Refusal as refusal:
        return refusal.findings
    return []


@require_http_methods(["GET", "POST"])
def redemption(request: HttpRequest, redemption_id: int) -> HttpResponse:
    """One page: checklist, papers, read and typed, verdict, opinions."""
    row = _own(request, redemption_id)
    if request.method == "GET":
        return _page(request, row, _form(request, row))
    form = CheckForm(request.POST, kept=reason_texts(request.actor))  # type: ignore[attr-defined]
    if "tick" in request.POST:  # nothing is signed: the ticks of what is fine, and the form as typed
        return _page(request, row, _form(request, row, typed=True))
    if form.is_valid() and _checked(request, row, form):
        return redirect("city:redemption", row.pk)
    return _page(request, row, form, status=422)


def _checked(request: HttpRequest, row: Redemption, form: CheckForm) -> bool:
    at, data = clock.now(), form.cleaned_data
    try:
        check_redemption(
            redemption=row,
            opinion=data["opinion"],
            checked=form.ticked(),
            note=data["note"],
            findings=form.reasons(claim_findings(row, at)),
            still_open=form.still_open(),
            look_reason=data["look_reason"],
            fault=data["fault"],
            version=data["version"],
            by=request.actor,  # type: ignore[attr-defined]
            at=at,
        )
    except Refusal as refusal:
        form.add_refusal(refusal)
        return False
    return True


@require_POST
def redemption_sign(request: HttpRequest, redemption_id: int) -> HttpResponse:
    """Second signature, or back to the reviewer."""
    row = _own(request, redemption_id)
    form = SignForm(request.POST)
    if not form.is_valid():
        return _page(request, row, _form(request, row), sign_form=form, status=422)
    disagreed = request.POST.get("action") == "send_back"
    verb = send_back_to_reviewer if disagreed else decide_redemption
    findings = carried_out(
        request,
        lambda: verb(redemption=row, by=request.actor, at=clock.now(), **form.cleaned_data),  # type: ignore[attr-defined]
        "已退给经办。" if disagreed else "已签名，决定生效。",
    )
    if findings:
        form.add_findings(findings)
        return _page(request, row, _form(request, row), sign_form=form, status=422)
    return redirect("city:redemption", row.pk)


@require_POST
def redemption_step(request: HttpRequest, redemption_id: int, step: str) -> HttpResponse:
    """Small steps with a reason or none."""
    row = _own(request, redemption_id)
    by, at, reason = request.actor, clock.now(), request.POST.get("reason", "")  # type: ignore[attr-defined]
    steps: dict[str, tuple[Callable[[], Any], str]] = {
        "take-up": (lambda: take_up_redemption(redemption=row, by=by, at=at), "已开始审核。"),
        "urge": (lambda: urge_supplier(redemption=row, by=by, at=at), "已催请供应商。"),
        "hold": (lambda: hold_redemption(redemption=row, reason=reason, by=by, at=at), "已暂停办理。"),
        "release": (lambda: release_redemption(redemption=row, by=by, at=at), "继续办理。"),
        "judge": (lambda: judge_again(redemption=row, by=by, at=at), "已按最新数据判定。"),
        "retry": (lambda: retry_payment(redemption=row, by=by, at=at), "下一批重新付款。"),
    }
    if step not in steps:
        raise Http404
    findings = carried_out(request, *steps[step])
    if findings:
        return _page(request, row, _form(request, row), findings=findings, status=422)
    return redirect("city:redemption", row.pk)


def _page(
    request: HttpRequest,
    row: Redemption,
    form: CheckForm,
    *,
    sign_form: SignForm | None = None,
    findings: list[Finding] | None = None,
    status: int = 200,
) -> HttpResponse:
    at, by = clock.now(), request.actor  # type: ignore[attr-defined]
    context = {
        **_checks(request, row, at),
        **_doors(row, by),
        "redemption": row,
        "form": form,
        "sign_form": sign_form or SignForm(initial={"version": row.version}),
        "hold_form": ReasonForm(),
        "findings": findings or [],
        "files": paper_rows(files_of(row)),
        "contract_files": contract_files(row),
        "invoices": [(invoice, comparisons(invoice)) for invoice in row.invoices.all()],
        "payments": list(row.payments.all()),
        "other_uses": other_uses(row, by),
        "text_checks": contract_text_findings(row.voucher.contract),
        "verdict": verdict_view(row.voucher, at, amount=row.claimed_amount),
        "signs": signs_of(row.voucher),
        "questions": questions_of(row.voucher),
        "life": life_line(row),
        "left": days_left(row.review_due_at, at),
        "signers": _signers(row),
        "next_case": next_case(by, row, to_sign=row.checked_by is not None),
        "trail": trail(row),
    }
    return render(request, "city/redemption.html", context, status=status)


def _checks(request: HttpRequest, row: Redemption, at: datetime) -> dict[str, Any]:
    """What the reviewer goes through, with the ticks as typed, else as kept."""
    checks = claim_findings(row, at)
    ticked = set(request.POST.getlist("checked")) or {code for code, yes in row.checklist.items() if yes}
    if "tick" in request.POST:
        ticked |= {finding.code for finding in checks if finding.severity == "ok"}
    named = {code for code, _ in earlier_reasons(row.returns)}
    return {
        "checks": [
            {
                "finding": finding,
                "ticked": finding.code in ticked,
                "key": f"{number}:{finding.code}",
                "named": finding.code in named,
            }
            for number, finding in enumerate(checks)
        ],
        "ticked_count": sum(finding.code in ticked for finding in checks),
    }


def _doors(row: Redemption, by: Actor) -> dict[str, bool]:
    """What this person may do with the claim now."""
    handles, signs = user_can_handle(by, row.city_id), user_can_sign(by, row.city_id)
    open_to_check = row.checked_by is None and row.state in (S.MONITORED, S.UNDER_REVIEW, S.ESCALATED)
    open_to_sign = row.checked_by not in (None, by.user_id) and row.state == S.UNDER_REVIEW
    return {
        "may_check": handles and open_to_check,
        "may_sign": signs and open_to_sign,
        "may_hold": handles and row.state in HOLDABLE_STATES,
        "may_judge": handles and not judging_findings(row),
    }


def _signers(row: Redemption) -> list[str]:
    """Names of those who may sign second."""
    bureau = bureau_of(row.city_id)
    members = members_visible_to(Actor(user_id=0, organisation_id=bureau.pk)).filter(
        active=True, roles__contains=[Role.CITY_APPROVER.value], delegated_from__isnull=True
    )
    return [member.user.name for member in members if member.user_id != row.checked_by]


def _form(request: HttpRequest, row: Redemption, *, typed: bool = False) -> CheckForm:
    """Empty, or with what was typed so far and not judged yet."""
    kept = reason_texts(request.actor)  # type: ignore[attr-defined]
    begun: dict[str, Any] = {}
    if typed:
        begun = {name: request.POST.get(name, "") for name in CheckForm.base_fields}
        begun["texts"] = request.POST.getlist("texts")
    return CheckForm(initial={**begun, "version": row.version}, kept=kept)


def _own(request: HttpRequest, redemption_id: int) -> Redemption:
    row = redemptions_visible_to(request.actor).filter(pk=redemption_id).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row
