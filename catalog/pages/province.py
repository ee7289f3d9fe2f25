"""The province's desk: periods with their two signatures, editions side by side, the catalog."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import queries
from catalog.domain import amend_period, close_period, draft_period, publish_period, sign_period
from catalog.forms import PeriodForm
from catalog.models import CatalogVersion, Period
from catalog.pages.wording import group_tabs, value_row, value_rows
from catalog.permissions import user_can_sign_period
from catalog.policies import check_publishable, check_signer
from catalog.rules.parameter_words import label_of, say_value
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


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Side by side; `?differ=1` only what differs, `?assumed=1` only what is to be confirmed."""
    columns = list(queries.editions_visible_to(request.actor))  # type: ignore[attr-defined]
    rows: list[dict[str, Any]] = [
        {"label": label_of(key), "cells": [value_row(cell) if cell else None for cell in cells]}
        for key, cells in queries.compare_editions(columns)
    ]
    view = "differ" if request.GET.get("differ") else "assumed" if request.GET.get("assumed") else ""
    context = {"editions": columns, "rows": [row for row in rows if _wanted(row["cells"], view)], "tabs": _tabs(view)}
    return render(request, "province/editions.html", context)


@require_safe
def catalog(request: HttpRequest) -> HttpResponse:
    """Versions of the catalog and the items of one; `?version=`, `?q=`, `?group=`."""
    versions = list(queries.catalog_versions_visible_to(request.actor))  # type: ignore[attr-defined]
    chosen = next((one for one in versions if one.code == request.GET.get("version")), _newest(versions))
    words, group = request.GET.get("q", "").strip()[:80], request.GET.get("group", "")
    context: dict[str, Any] = {"versions": versions, "version": chosen}
    if chosen is not None:
        context |= {"rows": queries.search_items(chosen, words, group), "tabs": group_tabs(chosen, group)}
    return render(request, "province/catalog.html", context)


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
        "assumed": value_rows(queries.assumed_parameters(found.edition)),
        "entries": trail_of(found),
    }
    return render(request, "province/period.html", context, status=422 if refused else 200)


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
        period=period,
    )


def _at_form(refusal: Refusal) -> Refusal:
    """Findings about a period's own value belong to its field."""
    named = {"period.bad_value", "period.fixed_value"}
    return Refusal([_renamed(f, f"own_{f.field}") if f.code in named else f for f in refusal.findings])


def _renamed(finding: Finding, field: str) -> Finding:
    return Finding(**(finding.as_dict() | {"field": field}))  # type: ignore[arg-type]


def _version(request: HttpRequest) -> int | None:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() else None


def _wanted(cells: list[dict[str, Any] | None], view: str) -> bool:
    if view == "differ":
        return len({cell["value"] if cell else None for cell in cells}) > 1
    return view != "assumed" or any(cell and cell["assumed"] for cell in cells)


def _tabs(view: str) -> list[dict[str, Any]]:
    names = (("", "全部", "?"), ("differ", "只看不同", "?differ=1"), ("assumed", "待确认", "?assumed=1"))
    return [{"label": label, "url": url, "current": key == view} for key, label, url in names]


def _newest(versions: list[CatalogVersion]) -> CatalogVersion | None:
    return max(versions, key=lambda one: one.code, default=None)
