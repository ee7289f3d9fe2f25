"""The supplier confirms what it delivered."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from platform_site.kit.work_lists import count_of, key_page, tab_states, tabs_of
from platform_site.working_calendar.queries import all_days_left, days_left
from settlement.domain import confirm_delivery, reject_delivery
from settlement.enums import RedemptionState
from settlement.filters import SUPPLIER_TABS, SearchFilter, by_words
from settlement.forms.review import ConfirmForm, RejectForm
from settlement.models import Redemption
from settlement.pages.answers import life_line
from settlement.pages.enterprise import paper_rows
from settlement.queries import redemptions_visible_to
from settlement.queries.redemptions import files_of

SHOWN_KINDS = ("acceptance",)


@require_GET
def confirmations(request: HttpRequest) -> HttpResponse:
    base = redemptions_visible_to(request.actor)  # type: ignore[attr-defined]
    view = request.GET.get("view", "open")
    states = tab_states(SUPPLIER_TABS, view)
    found = by_words(base.filter(state__in=states) if states else base, request.GET.get("q", ""))
    at = clock.now()
    page = key_page(found, request.GET, newest=view != "open")
    context = {
        "page": page,
        "rows": list(zip(page.rows, all_days_left(map(_due, page.rows), at), strict=True)),
        "count": count_of(found),
        "tabs": tabs_of(base, SUPPLIER_TABS, view),
        "filter": SearchFilter(request.GET),
    }
    return render(request, "supplier/confirmations.html", context)


def _due(row: Redemption) -> datetime | None:
    return row.supplier_due_at if row.state in (RedemptionState.SUBMITTED, RedemptionState.ESCALATED) else None


@require_http_methods(["GET", "POST"])
def confirmation(request: HttpRequest, redemption_id: int) -> HttpResponse:
    """Confirm with the list of devices; the key of the data interface is shown once, on the answer itself."""
    row = _own(request, redemption_id)
    form = ConfirmForm(request.POST or None, request.FILES or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        try:
            set_up = confirm_delivery(
                redemption=row,
                devices=form.rows(),
                version=form.cleaned_data["version"],
                by=request.actor,  # type: ignore[attr-defined]
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            answer = render(request, "supplier/confirmation_key.html", {"redemption": row, "set_up": set_up})
            answer["Cache-Control"] = "no-store"
            return answer
    return _page(request, row, form, RejectForm(initial={"version": row.version}))


@require_POST
def confirmation_reject(request: HttpRequest, redemption_id: int) -> HttpResponse:
    row = _own(request, redemption_id)
    form = RejectForm(request.POST)
    if form.is_valid():
        try:
            reject_delivery(redemption=row, by=request.actor, at=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
            messages.success(request, "理由已转给企业。")
            return redirect("supplier:confirmations")
        except Refusal as refusal:
            form.add_refusal(refusal)
    return _page(request, row, ConfirmForm(initial={"version": row.version}), form)


def _page(request: HttpRequest, row: Redemption, form: ConfirmForm, reject_form: RejectForm) -> HttpResponse:
    papers = [paper for paper in files_of(row) if paper.kind in SHOWN_KINDS]
    context = {
        "redemption": row,
        "form": form,
        "reject_form": reject_form,
        "open": row.state in (RedemptionState.SUBMITTED, RedemptionState.ESCALATED),
        "files": paper_rows(papers),
        "life": life_line(row),
        "left": days_left(row.supplier_due_at, clock.now()),
    }
    return render(request, "supplier/confirmation.html", context, status=422 if request.method == "POST" else 200)


def _own(request: HttpRequest, redemption_id: int) -> Redemption:
    row = redemptions_visible_to(request.actor).filter(pk=redemption_id).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row
