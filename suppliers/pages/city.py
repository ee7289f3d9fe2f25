"""The city's compliance review of suppliers registered with it (S19/5.2.4)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from platform_site.audit.queries import trail_of
from platform_site.kit import clock
from platform_site.kit.attachments import excel
from platform_site.kit.findings import Refusal
from platform_site.kit.work_lists import chips_of, count_of, key_page, tab_states, tabs_of
from suppliers.documents import suppliers_sheet
from suppliers.domain import review_supplier_by_city
from suppliers.enums import Outcome, SupplierState
from suppliers.filters import CITY_SUPPLIER_TABS, CitySupplierFilter, narrowed
from suppliers.forms import ReviewForm
from suppliers.models import Supplier
from suppliers.pages.attached import file_rows
from suppliers.pages.progress import supplier_progress
from suppliers.permissions import may_review_for_city
from suppliers.policies import submission_findings
from suppliers.queries import agents_of, files_of, open_proposal, reviews_of, suppliers_reviewed_by

OUTCOMES = (Outcome.PASS, Outcome.RETURN, Outcome.REFUSE)


@require_GET
def suppliers(request: HttpRequest) -> HttpResponse:
    base = suppliers_reviewed_by(request.actor)  # type: ignore[attr-defined]
    form = CitySupplierFilter(request.GET)
    view = request.GET.get("view", "")
    states = tab_states(CITY_SUPPLIER_TABS, view)
    found = narrowed(base.filter(state__in=states) if states else base, form, "kind")
    if request.GET.get("export"):
        return excel(suppliers_sheet(found.order_by("-pk").iterator(500)), "suppliers", dated=True)
    context = {
        "page": key_page(found, request.GET),
        "count": count_of(found),
        "filter": form,
        "chips": chips_of(form, request.GET),
        "tabs": tabs_of(base, CITY_SUPPLIER_TABS, view),
    }
    return render(request, "city/suppliers.html", context)


@require_http_methods(["GET", "POST"])
def suppliers_review(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """Check, pass on to the province, return with every reason, or refuse."""
    supplier = suppliers_reviewed_by(request.actor).filter(pk=supplier_id).first()  # type: ignore[attr-defined]
    if supplier is None:
        raise Http404
    form = ReviewForm(request.POST or None, outcomes=OUTCOMES, initial={"version": supplier.version})
    if request.method == "POST" and form.is_valid() and _reviewed(request, supplier, form):
        return redirect("city:suppliers")
    status = 422 if request.method == "POST" else 200
    return render(request, "city/suppliers_review.html", _context(request, supplier, form), status=status)


def _reviewed(request: HttpRequest, supplier: Supplier, form: ReviewForm) -> bool:
    try:
        review_supplier_by_city(
            supplier=supplier,
            outcome=form.cleaned_data["outcome"],
            opinion=form.cleaned_data["opinion"],
            findings=form.reasons(),
            version=form.cleaned_data["version"],
            by=request.actor,  # type: ignore[attr-defined]
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, f"{supplier.name}：已办理。")
    return True


def _context(request: HttpRequest, supplier: Supplier, form: ReviewForm) -> dict[str, Any]:
    waiting = supplier.state == SupplierState.CITY_REVIEW
    return {
        "supplier": supplier,
        "form": form,
        "may_review": waiting and may_review_for_city(request.actor, supplier),  # type: ignore[attr-defined]
        "checks": submission_findings(supplier, clock.now()) if waiting else [],
        "progress": supplier_progress(supplier, open_proposal(supplier)),
        "files": file_rows(files_of(supplier)),
        "agents": agents_of(supplier),
        "reviews": reviews_of(supplier),
        "trail": trail_of(supplier),
    }
