"""The supplier's pages about applications, where the edition asks it before the city (T18/5.3.7)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from platform_site.kit import clock
from platform_site.kit.attachments import excel
from platform_site.kit.findings import Refusal
from platform_site.kit.work_lists import count_of, key_page
from platform_site.working_calendar.queries import all_days_left, days_left
from vouchers.documents import asked_workbook
from vouchers.domain import confirm_application, object_to_application
from vouchers.filters import answer_tabs, in_answer_tab, narrowed_answers
from vouchers.forms import AnswerForm, SupplierSearch
from vouchers.models import Voucher
from vouchers.pages.enterprise import voucher_context
from vouchers.queries.supplier_answers import SupplierWord, answers_of, applications_for, supplier_word, supplier_words


@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    base = applications_for(request.actor)  # type: ignore[attr-defined]
    view, form, at = request.GET.get("view", ""), SupplierSearch(request.GET), clock.now()
    found = narrowed_answers(in_answer_tab(base, view), form)
    if request.GET.get("export"):
        return excel(asked_workbook(found.order_by("sequence").iterator(500)), "applications", dated=True)
    page = key_page(found, request.GET, newest=bool(view))
    context = {
        "page": page,
        "rows": _rows(page.rows, at),
        "count": count_of(found),
        "tabs": answer_tabs(base, view),
        "filter": form,
    }
    return render(request, "supplier/applications.html", context)


@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """Contract and facts side by side; confirm, or say what is wrong."""
    voucher = applications_for(request.actor).filter(pk=pk).first()  # type: ignore[attr-defined]
    if voucher is None:
        raise Http404
    form = AnswerForm(request.POST or None, initial={"version": voucher.version})
    if request.method == "POST" and form.is_valid() and _answered(request, voucher, form):
        return redirect("supplier:applications")
    at = clock.now()
    word = supplier_word(voucher, at)
    context = {
        **voucher_context(voucher),
        "voucher": voucher,
        "form": form,
        "word": word,
        "left": days_left(_due(word), at),
        "may_answer": word is not None and not word.agrees,
        "answers": answers_of(voucher),
    }
    return render(request, "supplier/application.html", context, status=422 if request.method == "POST" else 200)


def _answered(request: HttpRequest, voucher: Voucher, form: AnswerForm) -> bool:
    around = {
        "voucher": voucher,
        "version": form.cleaned_data["version"],
        "by": request.actor,  # type: ignore[attr-defined]
        "at": clock.now(),
    }
    try:
        if form.cleaned_data["action"] == "confirm":
            confirm_application(**around)
        else:
            object_to_application(reason=form.cleaned_data["reason"], **around)
    except Refusal as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, f"{voucher.number}：已答复。")
    return True


def _rows(vouchers: Sequence[Voucher], at: datetime) -> list[dict[str, Any]]:
    """With the working days left to answer, None where no answer is awaited."""
    words = supplier_words(vouchers, at)
    left = all_days_left([_due(words.get(voucher.pk)) for voucher in vouchers], at)
    return [
        {"voucher": voucher, "word": words.get(voucher.pk), "left": days}
        for voucher, days in zip(vouchers, left, strict=True)
    ]


def _due(word: SupplierWord | None) -> datetime | None:
    """Until when an answer is awaited, as long as one is."""
    return word.due if word is not None and word.answer is None else None
