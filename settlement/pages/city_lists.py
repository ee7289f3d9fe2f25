"""The city's notice lists and the objections to them."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from platform_site.accounts.queries import cities
from platform_site.kit import clock
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.page_keys import key_from
from platform_site.kit.work_lists import count_of, key_page, tab_states, tabs_of
from platform_site.notices.models import Objection
from settlement.domain import (
    compile_notice_list,
    correct_notice_list,
    postpone_line,
    publish_notice_list,
    revoke_notice_list,
    settle_objection,
    sign_notice_list,
)
from settlement.enums import NoticeListState
from settlement.filters import LIST_TABS
from settlement.forms.money import PeriodForm
from settlement.forms.review import AnswerForm, ReasonForm
from settlement.models import NoticeList
from settlement.pages.answers import carried_out, trail
from settlement.permissions import user_can_handle, user_can_sign
from settlement.queries import notice_lists_visible_to, objections_visible_to
from settlement.queries.lists import (
    approved_of_city,
    line_of_key,
    list_of_notice,
    newest_version,
    open_objections,
    periods_with_approved,
    rows_of_list,
)
from settlement.queries.replies import may_still_reply, replies_of, reply_due
from settlement.queries.sums import list_sums

S = NoticeListState
OBJECTION_TABS = (("open", "待答复", ("filed",)), ("answered", "已答复", ("upheld", "rejected")), ("all", "全部", ()))


@require_http_methods(["GET", "POST"])
def notice_lists(request: HttpRequest) -> HttpResponse:
    """Lists, and above them what is approved and on no list yet: POST compiles it."""
    by = request.actor  # type: ignore[attr-defined]
    periods = periods_with_approved(by.area_code)
    form = PeriodForm(request.POST or None, periods=periods)
    if request.method == "POST" and form.is_valid():
        try:
            made = compile_notice_list(
                city=cities().get(pk=by.area_code),
                period=form.cleaned_data["period"],
                left_out=_left_out(request),
                by=by,
                at=clock.now(),
            )
            return redirect("city:notice_list", made.pk)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return _lists_page(request, form)


def _left_out(request: HttpRequest) -> dict[int, str]:
    """Ticked rows go to the next list, each with its reason."""
    ticked = request.POST.getlist("leave_out")
    return {key: request.POST.get(f"reason_{text}", "") for text in ticked if (key := key_from(text))}


def _lists_page(request: HttpRequest, form: PeriodForm) -> HttpResponse:
    by = request.actor  # type: ignore[attr-defined]
    base = notice_lists_visible_to(by)
    view = request.GET.get("view", "all")
    states = tab_states(LIST_TABS, view)
    found = base.filter(state__in=states) if states else base
    waiting = list(approved_of_city(by.area_code)[:200])
    context = {
        "page": key_page(found, request.GET),
        "count": count_of(found),
        "tabs": tabs_of(base, LIST_TABS, view),
        "waiting": waiting,
        "waiting_total": sum((row.total_amount for row in waiting), 0),
        "form": form,
        "may_compile": bool(waiting) and user_can_handle(by, by.area_code),
    }
    return render(request, "city/notice_lists.html", context, status=422 if form.errors else 200)


@require_GET
def notice_list(request: HttpRequest, list_id: int) -> HttpResponse:
    return _list_page(request, _own(request, list_id))


def _list_page(
    request: HttpRequest, row: NoticeList, findings: list[Finding] | None = None, status: int = 200
) -> HttpResponse:
    by = request.actor  # type: ignore[attr-defined]
    rows = list(rows_of_list(row))
    handles = user_can_handle(by, row.city_id) and not by.delegated
    draft = row.state in (S.DRAFT, S.CORRECTED)
    context = {
        "list": row,
        "rows": rows,
        "total": sum((one.total_amount for one in rows), 0),
        "version": newest_version(row),
        "postponements": row.postponements.select_related("redemption__voucher__enterprise"),
        "objections": open_objections(row),
        "findings": findings or [],
        "reason_form": ReasonForm(),
        "may_sign": draft and user_can_sign(by, row.city_id) and row.compiled_by != by.user_id,
        "waits_for_second": draft and row.compiled_by == by.user_id,
        "may_publish": row.state == S.SIGNED and handles,
        "may_correct": row.state in (S.PUBLISHED, S.CLOSED) and handles,
        "may_change": row.state == S.DRAFT and handles,
        "may_revoke": row.state in (S.DRAFT, S.SIGNED) and row.published_at is None and handles,
        "sums": list_sums(row),
        "has_matching": any(one.matching_amount for one in rows),
        "trail": trail(row),
    }
    return render(request, "city/notice_list.html", context, status=status)


@require_POST
def notice_list_step(request: HttpRequest, list_id: int, step: str) -> HttpResponse:
    row = _own(request, list_id)
    by, at, reason = request.actor, clock.now(), request.POST.get("reason", "")  # type: ignore[attr-defined]
    steps: dict[str, tuple[Callable[[], Any], str]] = {
        "sign": (lambda: sign_notice_list(notice_list=row, by=by, at=at), "已签名，名单固定。"),
        "publish": (lambda: publish_notice_list(notice_list=row, by=by, at=at), "已发布，开始公示。"),
        "correct": (lambda: correct_notice_list(notice_list=row, reason=reason, by=by, at=at), "可以更正了。"),
        "revoke": (lambda: revoke_notice_list(notice_list=row, reason=reason, by=by, at=at), "名单已作废。"),
    }
    if step not in steps:
        raise Http404
    findings = carried_out(request, *steps[step])
    return _list_page(request, row, findings, status=422) if findings else redirect("city:notice_list", row.pk)


@require_POST
def notice_list_postpone(request: HttpRequest, list_id: int, redemption_id: int) -> HttpResponse:
    row = _own(request, list_id)
    line = rows_of_list(row).filter(pk=redemption_id).first()
    if line is None:
        raise Http404
    reason = request.POST.get("reason", "")
    findings = carried_out(
        request,
        lambda: postpone_line(notice_list=row, redemption=line, reason=reason, by=request.actor, at=clock.now()),  # type: ignore[attr-defined]
        f"{line.number} 转下一批。",
    )
    return _list_page(request, row, findings, status=422) if findings else redirect("city:notice_list", row.pk)


@require_GET
def objections(request: HttpRequest) -> HttpResponse:
    base = objections_visible_to(request.actor)  # type: ignore[attr-defined]
    view = request.GET.get("view", "open")
    states = tab_states(OBJECTION_TABS, view)
    found = base.filter(state__in=states) if states else base
    context = {
        "page": key_page(found, request.GET, newest=view != "open"),
        "count": count_of(found),
        "tabs": tabs_of(base, OBJECTION_TABS, view),
    }
    return render(request, "city/objections.html", context)


@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Read it, answer it, say what happens to the line."""
    row = objections_visible_to(request.actor).filter(pk=objection_id).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            settle_objection(objection=row, by=request.actor, at=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
            return redirect("city:objection", row.pk)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return render(request, "city/objection.html", _objection(request, row, form), status=422 if form.errors else 200)


def _objection(request: HttpRequest, row: Objection, form: AnswerForm) -> dict[str, Any]:
    about = list_of_notice(row.notice)
    return {
        "objection": row,
        "list": about,
        "line": line_of_key(about, row.line_key),
        "replies": replies_of(row),
        "reply_due": reply_due(row),
        "may_still_reply": row.state == "filed" and may_still_reply(row, clock.now()),
        "form": form,
        "may_answer": row.state == "filed" and user_can_sign(request.actor, about.city_id),  # type: ignore[attr-defined]
        "trail": trail(about),
    }


def _own(request: HttpRequest, list_id: int) -> NoticeList:
    row = notice_lists_visible_to(request.actor).filter(pk=list_id).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row
