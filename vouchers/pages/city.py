"""The bureau's pages: work list and review of applications, the city's quota."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.queries import terms_of_period
from platform_site.audit.queries import trail_of
from platform_site.kit import clock
from platform_site.kit.attachments import excel
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.page_keys import key_from
from platform_site.kit.work_lists import chips_of, count_of
from platform_site.working_calendar.queries import all_days_left
from vouchers import policies
from vouchers.documents import applications_workbook
from vouchers.domain import decide_application, propose_decision, return_application, take_up_review
from vouchers.enums import Proposal, ReviewOutcome, VoucherState
from vouchers.filters import application_tabs, by_sequence, in_tab, narrowed_applications
from vouchers.forms import ApplicationFilter, ReasonsForm, SignForm
from vouchers.models import Voucher
from vouchers.pages.enterprise import voucher_context
from vouchers.pages.shapes import sum_of
from vouchers.permissions import user_can_review_application, user_can_sign_application
from vouchers.queries import reviews_of, vouchers_visible_to
from vouchers.queries.applications import application_of
from vouchers.queries.contract_text import contract_text_findings
from vouchers.queries.supplier_answers import supplier_word
from vouchers.queries.vouchers import open_review

PAGE = 25
EXPORTED = 20_000


@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    """The queue of the area in its own order."""
    return _list(request, results={})


def _list(request: HttpRequest, *, results: dict[int, Finding | None], status: int = 200) -> HttpResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    base = vouchers_visible_to(actor)
    form, view = ApplicationFilter(request.GET), request.GET.get("view", "")
    found = narrowed_applications(in_tab(base, view), form, actor, at)
    if request.GET.get("export"):
        content = applications_workbook(found.order_by("sequence").iterator(500))
        return excel(content, "applications", dated=True)
    rows, following = by_sequence(found, request.GET, PAGE)
    if results:  # what was worked on stays in sight, wherever it went
        rows = list(base.filter(pk__in=results).order_by("sequence"))
        rows += list(found.exclude(pk__in=results).order_by("sequence", "pk")[: max(PAGE - len(rows), 0)])
    context = {
        "rows": _rows(rows, at, results),
        "next": following,
        "count": count_of(found),
        "sum": sum_of(rows),
        "tabs": application_tabs(base, view),
        "view": view,
        "filter": form,
        "chips": chips_of(form, request.GET),
        "notice": _notice(results),
    }
    return render(request, "city/applications.html", context, status=status)


def _rows(vouchers: list[Voucher], at: datetime, results: dict[int, Finding | None]) -> list[dict[str, Any]]:
    """With the working days left of each, None without a deadline."""
    left = all_days_left([voucher.deadline_at for voucher in vouchers], at)
    return [
        {
            "voucher": voucher,
            "left": days,
            "done": voucher.pk in results and results[voucher.pk] is None,
            "failed": results.get(voucher.pk),
        }
        for voucher, days in zip(vouchers, left, strict=True)
    ]


def _notice(results: dict[int, Finding | None]) -> str:
    if not results:
        return ""
    failed = sum(finding is not None for finding in results.values())
    return (
        f"办了 {len(results) - failed} 件，{failed} 件没有办成，仍然勾选着。" if failed else f"办了 {len(results)} 件。"
    )


@require_POST
def applications_bulk(request: HttpRequest) -> HttpResponse:
    """The same step for several; each has its own result, one that fails keeps nobody else."""
    wanted = [key for text in request.POST.getlist("ids") if (key := key_from(text))]
    action = request.POST.get("action", "")
    found = vouchers_visible_to(request.actor).filter(pk__in=wanted).order_by("sequence")  # type: ignore[attr-defined]
    results = {voucher.pk: _one(request, voucher, action) for voucher in found}
    if not results:
        return redirect("city:applications")
    failed = any(finding is not None for finding in results.values())
    return _list(request, results=results, status=422 if failed else 200)


def _one(request: HttpRequest, voucher: Voucher, action: str) -> Finding | None:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    try:
        if action == "take_up":
            take_up_review(voucher=voucher, by=actor, at=at)
        elif action == "approve":
            _refuse_open_problems(voucher)
            propose_decision(voucher=voucher, proposal=Proposal.APPROVE, opinion="符合条件", by=actor, at=at)
        elif action == "sign":
            decide_application(voucher=voucher, agree=True, by=actor, at=at)
        else:
            raise Refusal(Finding("bulk.unknown", "D/state", "不认识这个操作。", "请从按钮选择。"))
    except Refusal as refusal:
        return refusal.findings[0]
    return None


def _refuse_open_problems(voucher: Voucher) -> None:
    """In bulk only what is without findings is proposed; the others are opened one by one."""
    found = [finding for finding in checks_of(voucher) if finding.severity == "bad"]
    if found:
        raise Refusal(found)


def checks_of(voucher: Voucher) -> list[Finding]:
    terms = terms_of_period(voucher.period)
    at = clock.now()
    word = policies.supplier_word_first(voucher, supplier_word(voucher, at))
    return [*word, *policies.review(voucher, application_of(voucher), terms, at)]


def _visible(request: HttpRequest, pk: int) -> Voucher:
    found = vouchers_visible_to(request.actor).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """Documents beside the checks; propose, return with all reasons, or sign."""
    voucher = _visible(request, pk)
    found = checks_of(voucher)
    initial = {"version": voucher.version, "ticked": [str(n) for n, f in enumerate(found) if f.severity == "bad"]}
    reasons = ReasonsForm(request.POST or None, found=found, initial=initial)
    sign = SignForm(request.POST or None, initial={"version": voucher.version})
    if request.method == "POST" and _acted(request, voucher, reasons, sign):
        return redirect("city:application", pk=pk)
    context = _application_context(request, _visible(request, pk), found, reasons, sign)
    return render(request, "city/application.html", context, status=422 if request.method == "POST" else 200)


def _acted(request: HttpRequest, voucher: Voucher, reasons: ReasonsForm, sign: SignForm) -> bool:
    action = request.POST.get("action", "")
    form: ReasonsForm | SignForm = sign if action in ("sign", "send_back") else reasons
    if not form.is_valid():
        return False
    actor, at, version = request.actor, clock.now(), form.cleaned_data["version"]  # type: ignore[attr-defined]
    around = {"voucher": voucher, "by": actor, "at": at, "version": version}
    try:
        if action == "take_up":
            take_up_review(**around)
        elif action == "return":
            return_application(findings=reasons.reasons(), still_open=reasons.still_open(), **around)
        elif action in (Proposal.APPROVE, Proposal.REFUSE):
            given = reasons.reasons() if action == Proposal.REFUSE else []
            opinion = reasons.cleaned_data["opinion"]
            propose_decision(proposal=Proposal(action), opinion=opinion, findings=given, **around)
        else:
            decide_application(agree=action == "sign", note=sign.cleaned_data["note"], **around)
    except Refusal as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, f"{voucher.number}：已办理。")
    return True


def _application_context(
    request: HttpRequest, voucher: Voucher, found: list[Finding], reasons: ReasonsForm, sign: SignForm
) -> dict[str, Any]:
    actor, review = request.actor, open_review(voucher)  # type: ignore[attr-defined]
    reviewing = voucher.state == VoucherState.UNDER_REVIEW
    proposed = review is not None and bool(review.proposal)
    rounds = reviews_of(voucher)
    return {
        **voucher_context(voucher),
        "checks": found,
        "text_checks": contract_text_findings(voucher.contract),
        "bad_checks": [finding for finding in found if finding.severity == "bad"],
        "reasons": reasons,
        "sign": sign,
        "review": review,
        "reviews": rounds,
        "returned_before": any(one.outcome == ReviewOutcome.RETURNED for one in rounds),
        "may_review": reviewing and not proposed and user_can_review_application(actor, voucher),
        "may_sign": reviewing and proposed and user_can_sign_application(actor, voucher),
        "proposed": proposed,
        "trail": trail_of(voucher),
    }
