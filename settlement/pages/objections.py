"""What enterprise and supplier see of objections about their claims, and their reply."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from platform_site.kit.work_lists import count_of, key_page
from platform_site.notices.models import Objection
from platform_site.working_calendar.queries import days_left
from settlement.domain import reply_to_objection
from settlement.forms.objections import ReplyForm
from settlement.queries.replies import objections_about, own_redemption, replies_of, reply_due, side_of


@require_GET
def objections(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    found = objections_about(request.actor)  # type: ignore[attr-defined]
    context = {"page": key_page(found, request.GET), "count": count_of(found), "portal": _portal(request)}
    return render(request, "enterprise/objections.html", context)


@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, objection_id: int) -> HttpResponse:
    """What is said about the own claim, without who said it; the reply, once."""
    row = _own(request, objection_id)
    form = ReplyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            reply_to_objection(objection=row, by=request.actor, at=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
            return redirect(f"{_portal(request)}:objection", row.pk)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return _page(request, row, form)


def _page(request: HttpRequest, row: Objection, form: ReplyForm) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    redemption, due = own_redemption(by, row), reply_due(row)
    reply = replies_of(row).filter(redemption=redemption, side=side_of(by)).first()
    context = {
        "objection": row,
        "redemption": redemption,
        "reply": reply,
        "due": due,
        "left": days_left(due, at),
        "may_reply": reply is None and row.state == "filed" and at <= due,
        "form": form,
        "portal": _portal(request),
    }
    return render(request, "enterprise/objection.html", context, status=422 if form.errors else 200)


def _portal(request: HttpRequest) -> str:
    return request.resolver_match.namespace if request.resolver_match else ""


def _own(request: HttpRequest, objection_id: int) -> Objection:
    row = objections_about(request.actor).filter(pk=objection_id).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row
