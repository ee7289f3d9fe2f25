"""The bureau reviews the profiles of its enterprises."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from platform_site.accounts.queries import day_of
from platform_site.audit.queries import trail_of
from platform_site.kit import clock
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.work_lists import chips_of, count_of, key_page, tabs_of
from vouchers import policies
from vouchers.domain import review_enterprise
from vouchers.enums import EnterpriseState, VoucherState
from vouchers.filters import ENTERPRISE_TABS, in_states, narrowed_enterprises
from vouchers.forms import EnterpriseFilter, ReasonsForm
from vouchers.models import Enterprise
from vouchers.pages.shapes import findings_of, profile_files
from vouchers.permissions import user_can_review_enterprise
from vouchers.queries import enterprises_visible_to
from vouchers.queries.industries import industry_name


@require_GET
def enterprises(request: HttpRequest) -> HttpResponse:
    base = enterprises_visible_to(request.actor)  # type: ignore[attr-defined]
    form, view = EnterpriseFilter(request.GET), request.GET.get("view", "")
    found = narrowed_enterprises(in_states(base, ENTERPRISE_TABS, view), form)
    context = {
        "page": key_page(found, request.GET),
        "count": count_of(found),
        "filter": form,
        "chips": chips_of(form, request.GET),
        "tabs": tabs_of(base, ENTERPRISE_TABS, view),
    }
    return render(request, "city/enterprises.html", context)


@require_http_methods(["GET", "POST"])
def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, or return with every reason at once."""
    found = enterprises_visible_to(request.actor).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    checks = policies.enterprise_submission(found, day_of(clock.now()))
    form = ReasonsForm(request.POST or None, found=checks, initial={"version": found.version})
    if request.method == "POST" and form.is_valid() and _reviewed(request, found, form):
        return redirect("city:enterprises")
    status = 422 if request.method == "POST" else 200
    return render(request, "city/enterprise.html", enterprise_context(request, found, checks, form), status=status)


def _reviewed(request: HttpRequest, found: Enterprise, form: ReasonsForm) -> bool:
    outcome = "approve" if request.POST.get("action") == "approve" else "return"
    try:
        review_enterprise(
            enterprise=found,
            outcome=outcome,  # type: ignore[arg-type]
            findings=form.reasons(clause="S19/5.3.8"),
            by=request.actor,  # type: ignore[attr-defined]
            at=clock.now(),
            version=form.cleaned_data["version"],
        )
    except Refusal as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, f"{found.name}：已办理。")
    return True


def enterprise_context(
    request: HttpRequest, found: Enterprise, checks: list[Finding], form: ReasonsForm | None
) -> dict[str, Any]:
    waits = found.state == EnterpriseState.SUBMITTED
    handed_in = found.vouchers.exclude(state=VoucherState.DRAFT)
    return {
        "enterprise": found,
        "industry": industry_name(found.industry_code),
        "checks": checks if waits else [],
        "form": form,
        "may_review": waits and form is not None and user_can_review_enterprise(request.actor, found),  # type: ignore[attr-defined]
        "findings": findings_of(found.findings),
        "files": profile_files(found),
        "vouchers": list(handed_in.select_related("product").order_by("-pk")[:20]),
        "trail": trail_of(found),
    }
