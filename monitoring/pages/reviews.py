"""A verdict in question: enterprise and supplier ask or explain, their city answers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from monitoring.domain import answer_review, contest_verdict, explain_disagreement, withdraw_contest
from monitoring.enums import ReviewGround, ReviewState
from monitoring.forms import AnswerForm, ContestForm, ExplainForm
from monitoring.models import Review
from monitoring.permissions import user_can_answer, user_can_contest
from monitoring.queries import verdict_view
from monitoring.queries.reviews import reviews_visible_to
from monitoring.queries.sources import monitored_voucher
from platform_site.audit.enums import event_name
from platform_site.audit.queries import trail_of
from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from platform_site.kit.work_lists import count_of, key_page, tab_states, tabs_of
from vouchers.models import Voucher

TABS = (
    ("open", "待答复", (ReviewState.OPEN,)),
    ("done", "已答复", (ReviewState.UPHELD, ReviewState.REJECTED)),
    ("all", "全部", ()),
)


@require_http_methods(["GET", "HEAD", "POST"])
def adoption_contest(request: HttpRequest, number: str) -> HttpResponse:
    """Say what is wrong with the verdict, with evidence."""
    voucher, portal = _voucher(request, number), _portal(request)
    form = ContestForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            review = contest_verdict(
                voucher=voucher,
                by=_actor(request),
                at=clock.now(),
                key=request.POST.get("idempotency_key", ""),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "已提交，地市会答复。")
            return redirect(f"{portal}:adoption_review", review.pk)
    context = {"voucher": voucher, "form": form, "view": verdict_view(voucher, clock.now()), "portal": portal}
    return render(request, "enterprise/adoption_contest.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def adoption_review(request: HttpRequest, review_id: int) -> HttpResponse:
    """What was asked and answered; the supplier explains where the platform asked."""
    review, by = _review(request, review_id), _actor(request)
    form = ExplainForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            explain_disagreement(review=review, by=by, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "说明已交给地市。")
            return redirect(f"{_portal(request)}:adoption_review", review.pk)
    is_open = review.state == ReviewState.OPEN
    asked = is_open and review.ground == ReviewGround.DISAGREEMENT and not review.explanation
    context = {
        **_shown(review),
        "form": form,
        "portal": _portal(request),
        "may_explain": asked and by.organisation_kind == "supplier",
        "may_withdraw": is_open and bool(review.kind) and user_can_contest(by, review.voucher, review.kind),
    }
    return render(request, "enterprise/adoption_review.html", context, status=422 if form.errors else 200)


@require_POST
def adoption_review_withdraw(request: HttpRequest, review_id: int) -> HttpResponse:
    """By whoever contested."""
    review = _review(request, review_id)
    try:
        withdraw_contest(review=review, by=_actor(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.findings[0].reason)
    else:
        messages.success(request, "已撤回。")
    return redirect(f"{_portal(request)}:adoption_review", review.pk)


@require_safe
def adoption_reviews(request: HttpRequest) -> HttpResponse:
    """The city's list: what waits for an answer first."""
    base, view = reviews_visible_to(_actor(request)), request.GET.get("view", "open")
    states = tab_states(TABS, view)
    found = base.filter(state__in=states) if states else base
    context = {
        "page": key_page(found, request.GET, newest=view != "open"),
        "count": count_of(found),
        "tabs": tabs_of(base, TABS, view),
    }
    return render(request, "city/adoption_reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def city_adoption_review(request: HttpRequest, review_id: int) -> HttpResponse:
    """One of them beside the verdict as it stands; answered with a reason."""
    review, by, at = _review(request, review_id), _actor(request), clock.now()
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_review(review=review, by=by, at=at, **form.facts())
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "已答复，双方都看得到。")
            return redirect("city:adoption_review", review.pk)
    context = {
        **_shown(review),
        "form": form,
        "view": verdict_view(review.voucher, at),
        "may_answer": review.state == ReviewState.OPEN and user_can_answer(by, review.voucher),
    }
    return render(request, "city/city_adoption_review.html", context, status=422 if form.errors else 200)


def _shown(review: Review) -> dict[str, Any]:
    entries = [
        {"at": entry.at, "who": entry.actor_label, "text": event_name(entry.event), "operation": entry.op}
        for entry in trail_of(review)
    ]
    return {"review": review, "voucher": review.voucher, "entries": entries}


def _voucher(request: HttpRequest, number: str) -> Voucher:
    try:
        return monitored_voucher(_actor(request), number)
    except Voucher.DoesNotExist as missing:
        raise Http404 from missing


def _review(request: HttpRequest, review_id: int) -> Review:
    found = reviews_visible_to(_actor(request)).select_related("voucher__contract", "voucher__edition")
    review = found.filter(pk=review_id).first()
    if review is None:
        raise Http404
    return review


def _portal(request: HttpRequest) -> str:
    return request.resolver_match.namespace if request.resolver_match else ""


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]
