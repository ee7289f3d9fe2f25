"""The province's desk for periods, with their two signatures."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import queries
from catalog.domain import amend_period, close_period, draft_period, publish_period, sign_period
from catalog.forms import PeriodForm
from catalog.models import Edition, Period
from catalog.pages.wording import matching_rows, value_row, value_rows
from catalog.permissions import user_can_sign_period
from catalog.policies import check_publishable, check_signer
from catalog.rules.parameter_words import say_value
from catalog.rules.windows import last_issue_day
from platform_site.audit.queries import trail_of
from platform_site.kit import clock
from platform_site.kit.clause_names import clause_name
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import obj_state

WINDOW_CLAUSES = ("N20/1", "S19/letter.3", "S19/6.1", "T18/5.6.18")


@require_safe
def periods(request: HttpRequest) -> HttpResponse:
    rows = queries.periods_visible_to(request.actor)  # type: ignore[attr-defined]
    return render(request, "province/periods.html", {"rows": rows})


@require_safe
def period(request: HttpRequest, period_id: int) -> HttpResponse:
    return _shown(request, _found(request, period_id))


@require_http_methods(["GET", "POST"])
def period_new(request: HttpRequest) -> HttpResponse:
    form = _form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.facts() | {"code": form.cleaned_data["code"], "clause": form.cleaned_data["clause"]}
        try:
            made = draft_period(**facts, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        except Refusal as refusal:
            form.add_refusal(_at_form(refusal))
        else:
            messages.success(request, "已存为草稿，等另一位同事复核。")
            return redirect("province:period", made.pk)
    return render(request, "province/period_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def period_edit(request: HttpRequest, period_id: int) -> HttpResponse:
    found = _found(request, period_id)
    form = _form(request.POST or None, found)
    if request.method == "POST" and form.is_valid():
        changes = form.facts() | {"clause_id": form.cleaned_data["clause"]}
        try:
            amend_period(
                period=found,
                changes=changes,
                by=request.actor,  # type: ignore[attr-defined]
                at=clock.now(),
                version=_version(request),
            )
        except Refusal as refusal:
            form.add_refusal(_at_form(refusal))
        else:
            messages.success(request, "已修改，要重新复核。")
            return redirect("province:period", found.pk)
    context = {"form": form, "period": found}
    return render(request, "province/period_edit.html", context, status=422 if form.errors else 200)


@require_POST
def period_sign(request: HttpRequest, period_id: int) -> HttpResponse:
    return _done(request, period_id, sign_period, "已复核，可以公布。", version=_version(request))


@require_POST
def period_publish(request: HttpRequest, period_id: int) -> HttpResponse:
    return _done(request, period_id, publish_period, "已公布，到时间自动开放。", version=_version(request))


@require_POST
def period_close(request: HttpRequest, period_id: int) -> HttpResponse:
    return _done(request, period_id, close_period, "这一期已结束。")


def _found(request: HttpRequest, period_id: int) -> Period:
    try:
        return queries.periods_visible_to(request.actor).get(pk=period_id)  # type: ignore[attr-defined]
    except Period.DoesNotExist as missing:
        raise Http404 from missing


def _shown(request: HttpRequest, found: Period, refused: list[Finding] | None = None) -> HttpResponse:
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    draft = obj_state(found) == "draft"
    signing = check_signer(found, actor.user_id) if draft and found.signed_by is None else []
    context = {
        "period": found,
        "refused": refused or [],
        "missing": check_publishable(found, at) if draft else [],
        "may_sign": draft and found.signed_by is None and user_can_sign_period(actor) and not signing,
        "signing": signing if user_can_sign_period(actor) else [],
        "closable": obj_state(found) == "published" and at >= found.redeem_to,
        "defaults": _defaults(found),
        "last_issue": _last_issue(found),
        "matching": matching_rows(found),
        "assumed": value_rows(queries.assumed_parameters(found.edition)),
        "entries": trail_of(found),
    }
    return render(request, "province/period.html", context, status=422 if refused else 200)


def _last_issue(found: Period) -> date | None:
    """The last day of issue where the edition leaves days for carrying out (T18/5.6.17)."""
    terms = queries.terms_of_period(found)
    return last_issue_day(queries.windows_of(found), terms) if terms.implementation_days else None


def _defaults(found: Period) -> list[dict[str, Any]]:
    """What the edition lets this period set, with the value in force and whether it is the period's own."""
    rows = []
    for parameter in queries.varying_parameters(found.edition):
        own = found.parameters.get(parameter.key)
        row = value_row(parameter) | {"own": own is not None}
        rows.append(row | {"value": say_value(parameter.key, own["value"])} if own else row)
    return rows


def _done(
    request: HttpRequest, period_id: int, command: Callable[..., Period], words: str, **more: Any
) -> HttpResponse:
    found = _found(request, period_id)
    try:
        command(period=found, by=request.actor, at=clock.now(), **more)  # type: ignore[attr-defined]
    except Refusal as refusal:
        return _shown(request, _found(request, period_id), refusal.findings)
    messages.success(request, words)
    return redirect("province:period", found.pk)


def _form(data: Mapping[str, Any] | None, period: Period | None = None) -> PeriodForm:
    editions = list(queries.published_editions())
    chosen = next((one for one in editions if data and one.code == data.get("edition")), None)
    edition = chosen or (period.edition if period else next(iter(editions), None))
    return PeriodForm(
        data,
        editions=editions,
        versions=queries.published_catalogs(),
        clauses=[(key, clause_name(key)) for key in WINDOW_CLAUSES],
        varying=queries.varying_parameters(edition) if edition else [],
        matching_cities=_matching_cities(edition) if edition else (),
        period=period,
    )


def _matching_cities(edition: Edition) -> list[tuple[str, str]]:
    """Who may add money of their own (T18/4.4.5); nobody where the edition forbids it (S19/4.1.3)."""
    terms = queries.terms_for(edition)
    cities = [pair for region in terms.regions for pair in region.cities.items()] if terms.city_matching else []
    return [(code, name) for code, name in cities if code not in terms.excluded_cities]


def _at_form(refusal: Refusal) -> Refusal:
    """Findings about a period's own value belong to its field."""
    named = {"period.bad_value", "period.fixed_value"}
    return Refusal([_renamed(f, f"own_{f.field}") if f.code in named else f for f in refusal.findings])


def _renamed(finding: Finding, field: str) -> Finding:
    return Finding(**(finding.as_dict() | {"field": field}))  # type: ignore[arg-type]


def _version(request: HttpRequest) -> int | None:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() else None
