"""The reasons an officer and the office keep."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from settlement.domain import keep_reason, remove_reason
from settlement.forms.reason_text import ReasonTextForm
from settlement.pages.answers import carried_out
from settlement.queries.review import reason_texts


@require_http_methods(["GET", "POST"])
def texts(request: HttpRequest) -> HttpResponse:
    form = ReasonTextForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            keep_reason(by=request.actor, at=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
            return redirect("city:reason_texts")
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"form": form, "rows": reason_texts(request.actor)}  # type: ignore[attr-defined]
    return render(request, "city/reason_texts.html", context, status=422 if form.errors else 200)


@require_POST
def text_remove(request: HttpRequest, text_id: int) -> HttpResponse:
    by = request.actor  # type: ignore[attr-defined]
    row = reason_texts(by).filter(pk=text_id).first()
    if row is None:
        raise Http404
    carried_out(request, lambda: remove_reason(text=row, by=by, at=clock.now()), f"已删除“{row.title}”。")
    return redirect("city:reason_texts")
