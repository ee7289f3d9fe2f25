"""What an enterprise or supplier is asked about a voucher's data, and its answer. No sign and no score is shown."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from monitoring.domain import answer_question
from monitoring.forms import ExplanationForm
from monitoring.models import SignQuestion
from monitoring.queries.signs import questions_visible_to
from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from platform_site.kit.work_lists import count_of, key_page
from platform_site.working_calendar.queries import SHANGHAI, working_days_between


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    found = questions_visible_to(request.actor)  # type: ignore[attr-defined]
    context = {"page": key_page(found, request.GET), "count": count_of(found), "portal": _portal(request)}
    return render(request, "enterprise/questions.html", context)


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    """The question, its deadline, the answer once."""
    row = questions_visible_to(request.actor).filter(pk=question_id).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    form = ExplanationForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_question(question=row, by=request.actor, at=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
            return redirect(f"{_portal(request)}:question", row.pk)
        except Refusal as refusal:
            form.add_refusal(refusal)
    return _page(request, row, form)


def _page(request: HttpRequest, row: SignQuestion, form: ExplanationForm) -> HttpResponse:
    days = [moment.astimezone(SHANGHAI).date() for moment in (clock.now(), row.due_at)]
    context = {"question": row, "form": form, "left": working_days_between(*days), "portal": _portal(request)}
    return render(request, "enterprise/question.html", context, status=422 if form.errors else 200)


def _portal(request: HttpRequest) -> str:
    return request.resolver_match.namespace if request.resolver_match else ""
