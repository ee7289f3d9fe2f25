"""The enterprise's own pages: profile, list of vouchers, one voucher."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from platform_site.accounts.models import Organisation
from platform_site.accounts.queries import city_of, organisations_visible_to
from platform_site.audit.queries import trail_of
from platform_site.files.domain import store_upload
from platform_site.kit import clock
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Refusal
from platform_site.kit.work_lists import key_page
from vouchers.domain import (
    change_enterprise,
    give_up,
    register_enterprise,
    reopen_enterprise,
    submit_enterprise,
    withdraw,
)
from vouchers.enums import EnterpriseState, VoucherState
from vouchers.forms import EnterpriseForm, profile_initial
from vouchers.models import Enterprise, Voucher
from vouchers.pages.receipt import receipt_context
from vouchers.pages.shapes import file_rows, findings_of, frozen_assessment, ladder_steps, profile_files
from vouchers.queries import drafts_visible_to, enterprise_of, life_line, vouchers_visible_to
from vouchers.queries.vouchers import contract_files

MAY_WITHDRAW = (VoucherState.ARRIVED, VoucherState.WAITING, VoucherState.UNDER_REVIEW, VoucherState.RETURNED)


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Fill in, save, hand in. Saved as typed even when handing in is refused."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    enterprise = enterprise_of(actor)
    organisation = organisations_visible_to(actor).filter(pk=actor.organisation_id or 0).first()
    if organisation is None:
        raise Http404
    initial = profile_initial(enterprise) if enterprise else {"contact_name": actor.label}
    form = EnterpriseForm(
        request.POST or None, request.FILES or None, initial=initial, city_code=city_of(organisation.area_code)
    )
    if request.method == "POST" and form.is_valid() and _profile_saved(request, organisation, enterprise, form):
        return redirect("enterprise:profile")
    enterprise = enterprise_of(actor)
    context = _profile_context(enterprise, organisation, form)
    return render(request, "enterprise/profile.html", context, status=422 if request.method == "POST" else 200)


def _profile_saved(
    request: HttpRequest, organisation: Organisation, enterprise: Enterprise | None, form: EnterpriseForm
) -> bool:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    try:
        values = form.profile() | _stored_files(request, actor, at)
        if enterprise is None:
            enterprise = register_enterprise(organisation=organisation, profile=values, by=actor, at=at)
        else:
            version = form.cleaned_data["version"]
            enterprise = change_enterprise(enterprise=enterprise, profile=values, by=actor, at=at, version=version)
        if request.POST.get("action") == "submit":
            submit_enterprise(enterprise=enterprise, by=actor, at=at)
            messages.success(request, "已提交审核。不用等审核通过，现在就可以申领。")
        else:
            messages.success(request, "已保存。")
    except Refusal as refusal:
        form.add_refusal(refusal)
        return False
    return True


def _stored_files(request: HttpRequest, actor: Actor, at: datetime) -> dict[str, Any]:
    stored = {}
    for name in ("licence_file", "authorisation_file"):
        upload = request.FILES.get(name)
        if isinstance(upload, UploadedFile):
            file = store_upload(
                upload=upload, purpose="enterprise", by=actor, at=at, allow=("pdf", "image"), field=name
            )
            stored[f"{name}_id"] = file.pk
    return stored


def _profile_context(enterprise: Enterprise | None, organisation: Organisation, form: EnterpriseForm) -> dict[str, Any]:
    editable = enterprise is None or enterprise.state in (EnterpriseState.DRAFT, EnterpriseState.RETURNED)
    return {
        "enterprise": enterprise,
        "organisation": organisation,
        "form": form,
        "editable": editable,
        "findings": findings_of(enterprise.findings) if enterprise else [],
        "files": profile_files(enterprise) if enterprise else [],
        "trail": trail_of(enterprise) if enterprise else [],
    }


@require_POST
def profile_reopen(request: HttpRequest) -> HttpResponse:
    """Take the approved profile back for changes."""
    enterprise = enterprise_of(request.actor)  # type: ignore[attr-defined]
    if enterprise is None:
        raise Http404
    try:
        reopen_enterprise(enterprise=enterprise, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        messages.success(request, "可以修改了，改好后要重新提交审核。")
    except Refusal as refusal:
        say(request, refusal)
    return redirect("enterprise:profile")


def say(request: HttpRequest, refusal: Refusal) -> None:
    for finding in refusal.findings:
        messages.error(request, f"{finding.reason}{finding.remedy}")


@require_GET
def vouchers(request: HttpRequest) -> HttpResponse:
    """Drafts first, then everything handed in, newest first."""
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        "enterprise": enterprise_of(actor),
        "drafts": list(drafts_visible_to(actor).filter(voucher__isnull=True)),
        "page": key_page(vouchers_visible_to(actor), request.GET),
    }
    return render(request, "enterprise/vouchers.html", context)


def own_voucher(request: HttpRequest, pk: int) -> Voucher:
    """Raises Http404, also for another enterprise's."""
    found = vouchers_visible_to(request.actor).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@require_GET
def voucher(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it stands, whose turn it is, until when, why."""
    return render(request, "enterprise/voucher.html", voucher_context(own_voucher(request, pk)))


def voucher_context(found: Voucher) -> dict[str, Any]:
    assessment = frozen_assessment(found)
    return {
        **receipt_context(found),
        "life": life_line(found, at=clock.now()),
        "assessment": assessment,
        "steps": ladder_steps(assessment) if assessment else [],
        "findings": findings_of(found.findings),
        "files": file_rows(contract_files(found)),
        "lines": list(found.contract.cost_lines.all()),
        "trail": trail_of(found),
        "may_withdraw": found.state in MAY_WITHDRAW,
        "may_correct": found.state == VoucherState.RETURNED,
        "may_give_up": found.state == VoucherState.ISSUED,
    }


@require_POST
def voucher_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_voucher(request, pk)
    try:
        withdraw(voucher=found, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        messages.success(request, f"{found.number} 已撤回，合同可以重新申领。")
    except Refusal as refusal:
        say(request, refusal)
    return redirect("enterprise:voucher", pk=pk)


@require_POST
def voucher_give_up(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_voucher(request, pk)
    try:
        give_up(voucher=found, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        messages.success(request, f"{found.number} 已放弃。")
    except Refusal as refusal:
        say(request, refusal)
    return redirect("enterprise:voucher", pk=pk)
