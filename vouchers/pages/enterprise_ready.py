"""What is made ready, the one press at the opening, and the receipt."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from platform_site.kit import clock
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.page_keys import key_from
from vouchers import policies
from vouchers.domain import press_prepared
from vouchers.enums import VoucherState
from vouchers.models import Voucher
from vouchers.pages.enterprise import own_voucher
from vouchers.pages.receipt import receipt_context
from vouchers.pages.shapes import file_rows, frozen_assessment, ladder_steps, outlook_rows, phase_of
from vouchers.queries import drafts_visible_to, outlook, prepared_visible_to
from vouchers.queries.vouchers import contract_files


@require_http_methods(["GET", "POST"])
def apply_ready(request: HttpRequest, pk: int) -> HttpResponse:
    """`pk`: the prepared application. Once it has arrived, the same address leads to its receipt."""
    return _pressed(request, pk) if request.method == "POST" else _as_it_stands(request, pk)


def _pressed(request: HttpRequest, pk: int) -> HttpResponse:
    """The command looks everything up itself, once: thousands press in the same second."""
    actor, key = request.actor, request.POST.get("idempotency_key", "")  # type: ignore[attr-defined]
    try:
        press_prepared(voucher_id=pk, key=key or f"ready-{pk}", by=actor, at=clock.now())
    except PermissionDenied:
        raise Http404 from None
    except Refusal as refusal:
        return _as_it_stands(request, pk, refusal.findings)
    return _onward(request, resolve_url("enterprise:voucher_receipt", pk=pk))


def _as_it_stands(request: HttpRequest, pk: int, refused: Sequence[Finding] = ()) -> HttpResponse:
    found = prepared_visible_to(request.actor).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        return _changed_meanwhile(request)
    if found.state != VoucherState.DRAFT:
        return _onward(request, resolve_url("enterprise:voucher_receipt", pk=pk))
    return _shown(request, found, refused)


def _changed_meanwhile(request: HttpRequest) -> HttpResponse:
    """The form was changed in another window: what had been made ready is gone, the draft is not."""
    key = key_from(request.POST.get("draft", ""))
    draft = drafts_visible_to(request.actor).filter(pk=key).first() if key else None  # type: ignore[attr-defined]
    if draft is None:
        raise Http404
    gone = policies.no_longer_prepared()
    messages.warning(request, f"{gone.reason}{gone.remedy}")
    return _onward(request, resolve_url("enterprise:apply_form", pk=draft.pk))


def _onward(request: HttpRequest, address: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


def _shown(request: HttpRequest, found: Voucher, refused: Sequence[Finding]) -> HttpResponse:
    at = clock.now()
    assessment = frozen_assessment(found)
    against = [] if refused else policies.at_the_press(found, found.enterprise, at)
    context = {
        "voucher": found,
        "draft": getattr(found, "prepared_from", None),
        "period": found.period,
        "phase": phase_of(found.period, at),
        "refused": refused,
        "against": against,
        "assessment": assessment,
        "steps": ladder_steps(assessment) if assessment else [],
        "lines": list(found.contract.cost_lines.all()),
        "files": file_rows(contract_files(found)),
        "outlook": _outlook(found),
    }
    return render(request, "enterprise/apply_ready.html", context, status=422 if refused else 200)


def _outlook(found: Voucher) -> dict[str, Any]:
    """What would happen now."""
    return outlook_rows(
        outlook(
            period=found.period,
            city_code=found.city_id,
            supplier_id=found.quota_supplier_id,
            amount=found.prepared_amount,
            pilot_id=found.pilot_id,
        )
    )


@require_GET
def voucher_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt on a light page of its own; the fragment when the page asks again while it waits."""
    found = own_voucher(request, pk)
    context = receipt_context(found, looks=key_from(request.GET.get("n", "")) or 0)
    partial = getattr(request, "htmx", False)
    return render(request, "enterprise/voucher_receipt.html" if partial else "enterprise/receipt.html", context)
