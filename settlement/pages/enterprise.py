"""The enterprise redeems."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from monitoring.queries import source_of, verdict_view
from platform_site.kit import clock
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.work_lists import count_of, key_page
from settlement.domain import (
    claim_redemption,
    judge_again,
    lower_claim,
    remove_file,
    save_redemption_draft,
    upload_file,
)
from settlement.enums import EDITABLE_STATES, FILE_LABELS, UNDECIDED_STATES, FileKind, RedemptionState
from settlement.forms.claim import ClaimForms, LowerForm, PaperForm
from settlement.models import Redemption, RedemptionFile
from settlement.pages.answers import carried_out, life_line, trail
from settlement.policies import claim_findings, judging_findings
from settlement.queries import claim_terms, redeemable_vouchers, redemptions_visible_to
from settlement.queries.clawbacks import clawbacks_visible_to, owed
from settlement.queries.redemptions import files_of
from settlement.rules.readout import from_json

AUTOSAVE = "autosave"


@require_GET
def redemptions(request: HttpRequest) -> HttpResponse:
    """What can be redeemed now, and every claim."""
    base = redemptions_visible_to(request.actor)  # type: ignore[attr-defined]
    context = {
        "page": key_page(base, request.GET),
        "count": count_of(base),
        "vouchers": list(redeemable_vouchers(request.actor, clock.now())[:50]),  # type: ignore[attr-defined]
        "now": clock.now(),
    }
    return render(request, "enterprise/redemptions.html", context)


@require_http_methods(["GET", "POST"])
def redeem(request: HttpRequest, voucher_id: int) -> HttpResponse:
    """Begin: POST makes the draft; where there is one it opens."""
    voucher = redeemable_vouchers(request.actor, clock.now()).filter(pk=voucher_id).first()  # type: ignore[attr-defined]
    known = redemptions_visible_to(request.actor).filter(voucher_id=voucher_id).order_by("-pk").first()  # type: ignore[attr-defined]
    if known is not None:
        page = "enterprise:redemption_edit" if known.state == RedemptionState.DRAFT else "enterprise:redemption"
        return redirect(page, known.pk)
    if voucher is None:
        raise Http404
    findings: list[Finding] = []
    if request.method == "POST":
        try:
            begun = save_redemption_draft(voucher=voucher, draft={}, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
            return redirect("enterprise:redemption_edit", begun.pk)
        except Refusal as refusal:
            findings = refusal.findings
    context = {"voucher": voucher, "findings": findings, "now": clock.now()}
    return render(request, "enterprise/redeem.html", context, status=422 if findings else 200)


@require_GET
def redemption(request: HttpRequest, redemption_id: int) -> HttpResponse:
    """Where it stands, whose turn it is, every finding."""
    row = _own(request, redemption_id)
    return _shown(request, row)


def _shown(request: HttpRequest, row: Redemption, form: LowerForm | None = None, status: int = 200) -> HttpResponse:
    at, by = clock.now(), request.actor  # type: ignore[attr-defined]
    watched = source_of(row.voucher) is not None
    context = {
        "redemption": row,
        "life": life_line(row),
        "files": paper_rows(files_of(row)),
        "editable": row.state in EDITABLE_STATES,
        "may_lower": row.state in UNDECIDED_STATES and row.checked_by is None,
        "lower_form": form or LowerForm(initial={"version": row.version}),
        "verdict": verdict_view(row.voucher, at, amount=row.claimed_amount) if watched else None,
        "may_judge": not judging_findings(row),
        "clawbacks": [(one, owed(one)) for one in clawbacks_visible_to(by).filter(redemption=row)],
        "trail": trail(row),
    }
    return render(request, "enterprise/redemption.html", context, status=status)


@require_http_methods(["GET", "POST"])
def redemption_edit(request: HttpRequest, redemption_id: int) -> HttpResponse:
    """The form: saved as typed while it is filled in, checked as a whole when it is handed in."""
    row = _own(request, redemption_id)
    if row.state not in EDITABLE_STATES:
        return redirect("enterprise:redemption", row.pk)
    if request.method == "POST":
        return _posted(request, row)
    more = (_count(request.GET.get("invoices")), _count(request.GET.get("payments")))
    return _form_page(request, row, ClaimForms(row, claim_terms(row.voucher), files_of(row), more=more))


def _posted(request: HttpRequest, row: Redemption) -> HttpResponse:
    forms = ClaimForms(row, claim_terms(row.voucher), files_of(row), data=request.POST)
    try:
        save_redemption_draft(voucher=row.voucher, draft=forms.draft(), by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Refusal as refusal:
        forms.add_refusal(refusal)
        return _form_page(request, row, forms, status=422)
    action = request.POST.get("action", "")
    if action == "submit":
        return _submitted(request, row, forms)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    if action in ("add_invoices", "add_payments"):
        name = action.removeprefix("add_")
        return redirect(f"{request.path}?{name}=1#{name}")
    messages.success(request, "草稿已保存。")
    return redirect("enterprise:redemption_edit", row.pk)


def _submitted(request: HttpRequest, row: Redemption, forms: ClaimForms) -> HttpResponse:
    if forms.is_valid():
        try:
            done = claim_redemption(redemption=row, claim=forms.claim(), by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        except Refusal as refusal:
            forms.add_refusal(refusal)
        else:
            messages.success(request, f"已提交，兑现号 {done.number}。")
            return redirect("enterprise:redemption", row.pk)
    return _form_page(request, row, forms, status=422)


def _form_page(request: HttpRequest, row: Redemption, forms: ClaimForms, status: int = 200) -> HttpResponse:
    at = clock.now()
    context = {
        "redemption": row,
        "forms": forms,
        "paper_form": PaperForm(),
        "files": paper_rows(files_of(row)),
        "checks": claim_findings(row, at) if row.submitted_at else [],
        "now": at,
    }
    return render(request, "enterprise/redemption_edit.html", context, status=status)


@require_POST
def redemption_file_add(request: HttpRequest, redemption_id: int) -> HttpResponse:
    row = _own(request, redemption_id)
    form = PaperForm(request.POST, request.FILES)
    if form.is_valid():
        kind, upload = form.cleaned_data["kind"], form.cleaned_data["file"]
        try:
            paper = upload_file(redemption=row, upload=upload, kind=kind, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _read_words(paper))
            return redirect("enterprise:redemption_edit", row.pk)
    for problems in form.errors.values():
        messages.error(request, " ".join(str(problem) for problem in problems))
    return redirect("enterprise:redemption_edit", row.pk)


def _read_words(paper: RedemptionFile) -> str:
    if paper.kind != FileKind.INVOICE:
        return f"{FILE_LABELS[FileKind(paper.kind)]}已上传。"
    read = from_json(paper.readout)
    if read is not None and read.red:
        return f"这是红字发票 {read.number}，不能用来兑现，请移除。"
    if read is not None:
        return f"已读出发票 {read.number}，填进表里了，请核对金额。"
    return "发票已上传，票面未读出，请手工填写。"


@require_POST
def redemption_file_remove(request: HttpRequest, redemption_id: int, file_id: UUID) -> HttpResponse:
    row = _own(request, redemption_id)
    findings = carried_out(
        request,
        lambda: remove_file(redemption=row, file_id=file_id, by=request.actor, at=clock.now()),  # type: ignore[attr-defined]
        "材料已移除。",
    )
    for finding in findings:
        messages.error(request, finding.reason)
    return redirect("enterprise:redemption_edit", row.pk)


@require_POST
def redemption_lower(request: HttpRequest, redemption_id: int) -> HttpResponse:
    """Ask for less before the decision."""
    row = _own(request, redemption_id)
    form = LowerForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            lower_claim(
                redemption=row,
                amount=data["amount"],
                version=data["version"],
                by=request.actor,  # type: ignore[attr-defined]
                at=clock.now(),
            )
            messages.success(request, "申请金额已调低。")
            return redirect("enterprise:redemption", row.pk)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return _shown(request, row, form, status=422)


@require_POST
def redemption_judge(request: HttpRequest, redemption_id: int) -> HttpResponse:
    """Judge with what has come in, without waiting for the night."""
    row = _own(request, redemption_id)
    findings = carried_out(
        request,
        lambda: judge_again(redemption=row, by=request.actor, at=clock.now()),  # type: ignore[attr-defined]
        "已按最新数据判定。",
    )
    for finding in findings:
        messages.error(request, f"{finding.reason}{finding.remedy}")
    return redirect("enterprise:redemption", row.pk)


def _own(request: HttpRequest, redemption_id: int) -> Redemption:
    row = redemptions_visible_to(request.actor).filter(pk=redemption_id).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row


def _count(text: str | None) -> int:
    return 1 if text and text.isdigit() else 0


def paper_rows(papers: list[RedemptionFile]) -> list[dict[str, Any]]:
    """Files with their kind and what the machine read."""
    return [
        {
            "pk": paper.pk,
            "file_id": paper.file_id,
            "name": paper.file.name,
            "size": paper.file.size,
            "kind": paper.kind,
            "label": FILE_LABELS[FileKind(paper.kind)],
            "content_type": paper.file.content_type,
            "read": paper.readout,
        }
        for paper in papers
    ]
