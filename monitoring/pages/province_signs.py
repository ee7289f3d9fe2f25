"""The province: vouchers ranked by signs of fabrication, their evidence, what is shared, questions to the people."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from monitoring.documents import signs_workbook
from monitoring.domain import (
    ask_explanation,
    confirm_sign,
    dismiss_sign,
    look_again,
    propose_dismissal,
    reopen_sign,
    send_back_sign,
    take_up_sign,
)
from monitoring.enums import MARK_KINDS, MarkKind
from monitoring.filters import SIGN_TABS, SignFilter, narrowed_signs
from monitoring.forms import QuestionForm, SignReasonForm
from monitoring.models import Sign
from monitoring.pages.graph_chart import graph_chart
from monitoring.permissions import user_can_decide_signs
from monitoring.queries import verdict_view
from monitoring.queries.sign_pictures import shared_marks, sign_views
from monitoring.queries.signs import (
    doubtful_vouchers,
    questions_of,
    ranked_page,
    signs_by_voucher,
    signs_visible_to,
    signs_with_vouchers,
)
from monitoring.queries.sources import monitored_voucher
from platform_site.kit import clock
from platform_site.kit.attachments import excel
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.page_keys import key_from
from platform_site.kit.work_lists import chips_of, count_of, tab_states, tabs_of
from vouchers.models import Voucher
from vouchers.queries import vouchers_visible_to

LEASTS = (2, 3, 5, 10)  # enterprises that share something


@require_safe
def monitoring(request: HttpRequest) -> HttpResponse:
    """Highest score first; tabs by state, conditions, Excel."""
    by, view, form = request.actor, request.GET.get("view", "open"), SignFilter(request.GET)  # type: ignore[attr-defined]
    found = narrowed_signs(signs_visible_to(by).filter(state__in=tab_states(SIGN_TABS, view)), form)
    if request.GET.get("export"):
        return excel(signs_workbook(signs_with_vouchers(found).iterator(500)), "signs", dated=True)
    ranked = doubtful_vouchers(by, found)
    page = ranked_page(ranked, key_from(request.GET.get("after", "")), key_from(request.GET.get("before", "")))
    ids = [row["voucher"] for row in page.rows]
    vouchers, signs = vouchers_visible_to(by).in_bulk(ids), signs_by_voucher(ids)
    context = {
        "page": page,
        "rows": [{**row, "voucher": vouchers[row["voucher"]], "signs": signs[row["voucher"]]} for row in page.rows],
        "count": count_of(ranked),
        "tabs": tabs_of(signs_visible_to(by), SIGN_TABS, view, _ranked_only),
        "filter": form,
        "chips": chips_of(form, request.GET),
        "view": view,
    }
    return render(request, "province/monitoring.html", context)


@require_safe
def monitoring_graph(request: HttpRequest) -> HttpResponse:
    """What several enterprises share, drawn and as a table."""
    kind, least = request.GET.get("kind", ""), key_from(request.GET.get("least", "")) or 0
    kind = kind if kind in list(MarkKind) else ""
    found = shared_marks(request.actor, clock.now(), kind=kind, least=least)  # type: ignore[attr-defined]
    context = {
        "found": found,
        "chart": graph_chart(found),
        "kind": kind,
        "kinds": MARK_KINDS,
        "least": least,
        "leasts": LEASTS,
    }
    return render(request, "province/monitoring_graph.html", context)


@require_safe
def monitoring_voucher(request: HttpRequest, number: str) -> HttpResponse:
    """The signs of one voucher with their evidence drawn, the verdict, questions and answers."""
    return _page(request, _own(request, number))


_SILENT: dict[str, tuple[Callable[..., Sign], str]] = {
    "take-up": (take_up_sign, "已开始核实。"),
    "sign": (dismiss_sign, "已复核，疑点排除。"),
}
_WITH_WORDS: dict[str, Callable[..., Sign]] = {
    "dismiss": propose_dismissal,
    "send-back": send_back_sign,
    "confirm": confirm_sign,
    "reopen": reopen_sign,
}


@require_POST
def monitoring_sign(request: HttpRequest, number: str, sign_id: int, step: str) -> HttpResponse:
    """take-up, and sign (the second person's); with what was found: dismiss (to propose it), send-back, confirm,
    reopen."""
    voucher = _own(request, number)
    sign = signs_visible_to(request.actor).filter(voucher=voucher, pk=sign_id).first()  # type: ignore[attr-defined]
    if sign is None or step not in (*_SILENT, *_WITH_WORDS):
        raise Http404
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    if step in _SILENT:
        silent, done = _SILENT[step]
        return _carried_out(request, voucher, lambda: silent(sign=sign, by=by, at=at), done)
    form = SignReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, voucher, reason_form=form, reason_of=sign.pk, status=422)
    return _carried_out(
        request, voucher, lambda: _WITH_WORDS[step](sign=sign, by=by, at=at, **form.cleaned_data), "核实情况已记下。"
    )


@require_POST
def monitoring_ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the enterprise or the supplier to explain."""
    voucher, form = _own(request, number), QuestionForm(request.POST)
    if form.is_valid():
        try:
            ask_explanation(voucher=voucher, by=request.actor, at=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "已发出，对方会收到通知。")
            return redirect("province:monitoring_voucher", number)
    return _page(request, voucher, question_form=form, status=422)


@require_POST
def monitoring_look(request: HttpRequest, number: str) -> HttpResponse:
    """Compare once more with the latest data."""
    voucher, by, at = _own(request, number), request.actor, clock.now()  # type: ignore[attr-defined]
    return _carried_out(
        request, voucher, lambda: look_again(voucher_id=voucher.pk, by=by, at=at), "已按最新数据重新比对。"
    )


def _carried_out(request: HttpRequest, voucher: Voucher, step: Callable[[], Any], done: str) -> HttpResponse:
    try:
        step()
    except Refusal as refusal:
        return _page(request, voucher, findings=refusal.findings, status=422)
    messages.success(request, done)
    return redirect("province:monitoring_voucher", voucher.number)


def _page(
    request: HttpRequest,
    voucher: Voucher,
    *,
    findings: list[Finding] | None = None,
    reason_form: SignReasonForm | None = None,
    reason_of: int = 0,
    question_form: QuestionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    views = sign_views(voucher, by, at)
    context = {
        "voucher": voucher,
        "signs": [
            {
                "view": one,
                "form": reason_form
                if reason_form and one.sign.pk == reason_of
                else SignReasonForm(initial={"version": one.sign.version}, prefix=None, auto_id=f"s{one.sign.pk}_%s"),
            }
            for one in views
        ],
        "drawn": any(one.chart for one in views),
        "verdict": verdict_view(voucher, at),
        "questions": questions_of(voucher),
        "question_form": question_form or QuestionForm(),
        "reason_form": reason_form,
        "findings": findings or [],
        "may_decide": user_can_decide_signs(by),
        "me": by.user_id,
        "at": at,
    }
    return render(request, "province/monitoring_voucher.html", context, status=status)


def _own(request: HttpRequest, number: str) -> Voucher:
    try:
        return monitored_voucher(request.actor, number)  # type: ignore[attr-defined]
    except Voucher.DoesNotExist as missing:
        raise Http404 from missing


def _ranked_only(rows: Any, key: str) -> Any:
    """Vouchers, as the list has them; signs that are no longer found are no work."""
    found = rows.exclude(score=0) if key in ("open", "all") else rows
    return found.order_by().values("voucher").distinct()
