"""The province's desk for editions: draft from an old one, change number by number, compare, sign, publish."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import domain, queries
from catalog.forms import (
    AmountsForm,
    DraftEditionForm,
    EditionWordsForm,
    Offer,
    ParameterForm,
    PublishForm,
)
from catalog.models import CatalogVersion, Edition
from catalog.pages.steps import Kind, carried_out, desk_of, form_version, may_now
from catalog.pages.wording import change_groups, item_changes, value_row
from catalog.policies import check_complete
from catalog.rules.parameter_checks import changed_parameters
from catalog.rules.parameter_kinds import groups
from catalog.rules.parameter_words import label_of
from platform_site.kit import clock
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import obj_state

WORDS, ITEMS = "words", "items"


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """All editions, and the published ones side by side; `?differ=1` what differs, `?assumed=1` what is assumed."""
    seen = queries.editions_visible_to(request.actor)  # type: ignore[attr-defined]
    rows = list(seen.select_related("document").prefetch_related("parameters"))
    columns = [row for row in rows if obj_state(row) == "published"]
    compared: list[dict[str, Any]] = [
        {"label": label_of(key), "cells": [value_row(cell) if cell else None for cell in cells]}
        for key, cells in queries.compare_editions(columns)
    ]
    view = "differ" if request.GET.get("differ") else "assumed" if request.GET.get("assumed") else ""
    context = (
        {
            "all": rows,
            "editions": columns,
            "rows": [row for row in compared if _wanted(row["cells"], view)],
            "tabs": _tabs(view),
            **may_now(columns[0], request.actor),  # type: ignore[attr-defined]
        }
        if columns
        else {"all": rows}
    )
    return render(request, "province/editions.html", context)


@require_http_methods(["GET", "POST"])
def edition_new(request: HttpRequest) -> HttpResponse:
    parents = list(queries.published_editions())
    form = DraftEditionForm(request.POST or None, parents=parents)
    if request.GET.get("from"):
        form.initial["parent"] = request.GET["from"][:16]
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data | {"parent": form.parents[form.cleaned_data["parent"]]}
        try:
            made = domain.draft_edition(**facts, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "已存为草稿。逐组改好数值，再提交复核。")
            return redirect("province:edition", made.pk)
    return render(request, "province/edition_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def edition(request: HttpRequest, edition_id: int) -> HttpResponse:
    """An edition beside the one it was made from; `?view=all` also what is the same."""
    return _shown(request, _found(request, edition_id), [])


@require_http_methods(["GET", "POST"])
def edition_edit(request: HttpRequest, edition_id: int, group: str = WORDS) -> HttpResponse:
    """One group of numbers; what cannot be used is named at its field and stays typed."""
    found = _found(request, edition_id)
    if group not in {WORDS, ITEMS, *(name for name, _, _ in groups())}:
        raise Http404
    if obj_state(found) != "draft":
        return redirect("province:edition", found.pk)
    brought = queries.catalog_used_by(found)
    open_catalog = brought is not None and obj_state(brought) == "draft"
    form = _form(request, found, group, brought if open_catalog else None)
    if request.method == "POST" and form is not None and form.is_valid() and _saved(request, found, group, form):
        return redirect("province:edition_edit_group", found.pk, group)
    context = {
        "edition": found,
        "group": group,
        "tabs": _group_tabs(found, group),
        "form": form,
        "brought": brought,
        "clauses": queries.all_clauses() if group not in (WORDS, ITEMS) else [],
        "next": _next_group(group),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "province/edition_edit.html", context, status=status)


@require_POST
def edition_bring_catalog(request: HttpRequest, edition_id: int) -> HttpResponse:
    found = _found(request, edition_id)
    words = "已照原目录起草一份，随这个版本一起复核和公布。"
    refused = carried_out(request, domain.bring_catalog, words, edition=found)
    if refused:
        return _shown(request, found, refused)
    return redirect("province:edition_edit_group", found.pk, ITEMS)


@require_POST
def edition_hand_in(request: HttpRequest, edition_id: int) -> HttpResponse:
    return KIND.take(request, edition_id, domain.hand_in_edition, "已提交，等另一位同事复核。")


@require_POST
def edition_sign(request: HttpRequest, edition_id: int) -> HttpResponse:
    return KIND.take(request, edition_id, domain.sign_edition, "已复核，可以公布。")


@require_POST
def edition_send_back(request: HttpRequest, edition_id: int) -> HttpResponse:
    return KIND.take_with_reason(request, edition_id, domain.send_back_edition, "已退回草稿。")


@require_POST
def edition_withdraw(request: HttpRequest, edition_id: int) -> HttpResponse:
    return KIND.take_with_reason(request, edition_id, domain.withdraw_edition, "草稿已撤回。")


@require_POST
def edition_publish(request: HttpRequest, edition_id: int) -> HttpResponse:
    form = PublishForm(request.POST)
    day = form.cleaned_data["effective_from"] if form.is_valid() else None
    words = "已公布。施行日期起的申领期可以选用。"
    return KIND.take(request, edition_id, domain.publish_edition, words, effective_from=day)


# ---- what the pages share -------------------------------------------------------------------------------------
def _found(request: HttpRequest, edition_id: int) -> Edition:
    rows = queries.editions_visible_to(request.actor)  # type: ignore[attr-defined]
    try:
        return rows.select_related("document", "parent").get(pk=edition_id)
    except Edition.DoesNotExist as missing:
        raise Http404 from missing


def _shown(request: HttpRequest, found: Edition, refused: list[Finding]) -> HttpResponse:
    old = queries.parameters_of(found.parent) if found.parent else []
    changes = changed_parameters(old, queries.parameters_of(found))
    brought = queries.catalog_used_by(found)
    before = queries.catalog_used_by(found.parent) if found.parent else None
    items = item_changes(before, brought) if brought and before != brought else []
    whole = request.GET.get("view") == "all" or found.parent is None
    context = {
        "edition": found,
        "parent": found.parent,
        "groups": change_groups(changes, whole=whole),
        "items": [row for row in items if row["changed"]],
        "brought": brought,
        "tabs": _change_tabs(sum(changed for *_, changed in changes), len(changes), whole),
        "publish_form": PublishForm(),
        "periods": queries.periods_of(found),
        **desk_of(found, request.actor, refused, check_complete(found)),  # type: ignore[attr-defined]
    }
    return render(request, "province/edition.html", context, status=422 if refused else 200)


KIND = Kind("edition", "province:edition", _found, _shown)


Form = EditionWordsForm | AmountsForm | ParameterForm


def _form(request: HttpRequest, found: Edition, group: str, open_catalog: CatalogVersion | None) -> Form | None:
    """None: the items' amounts are a published catalog's."""
    data = request.POST or None
    if group == WORDS:
        documents, known = queries.documents(), queries.catalog_versions_visible_to(request.actor)  # type: ignore[attr-defined]
        return EditionWordsForm(data, edition=found, documents=documents, catalogs=_catalog_choices(list(known), found))
    if group == ITEMS:
        return AmountsForm(data, items=queries.items_of(open_catalog)) if open_catalog else None
    rows = {row.key: row for row in queries.parameters_of(found)}
    keys = next(keys for name, _, keys in groups() if name == group)
    return ParameterForm(data, rows=[rows[key] for key in keys if key in rows], offer=_offer(found))


def _saved(request: HttpRequest, found: Edition, group: str, form: Form) -> bool:
    """Run the command behind the form; what it refuses stands at the fields."""
    made: dict[str, Any] = {"by": request.actor, "at": clock.now(), "version": form_version(request)}  # type: ignore[attr-defined]
    try:
        if isinstance(form, AmountsForm):
            catalog = queries.catalog_used_by(found)
            domain.amend_items(catalog=catalog, changes=form.changes(), **made)  # type: ignore[arg-type]
        elif isinstance(form, ParameterForm):
            domain.amend_edition(edition=found, parameters=form.parameters(), **made)
        else:
            domain.amend_edition(edition=found, changes=form.changes(), **made)
    except Refusal as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, "已保存。")
    return True


def _offer(found: Edition) -> Offer:
    regions = next(row.value for row in queries.parameters_of(found) if row.key == "regions")
    used = queries.catalog_used_by(found)
    items = queries.items_of(used) if used else ()
    return Offer(
        cities=tuple((code, name) for region in regions for code, name in region["cities"].items()),
        items=tuple((str(item.number), f"{item.number}　{item.name}") for item in items),
        editions=tuple((one.code, one.title) for one in queries.published_editions()),
        regions=tuple((region["region"], region["title"]) for region in regions),
    )


def _catalog_choices(known: list[CatalogVersion], found: Edition) -> list[tuple[str, str]]:
    return [
        (one.code, f"{one.title}（{one.get_state_display()}）")  # type: ignore[attr-defined]
        for one in known
        if obj_state(one) == "published" or one.code == found.catalog_code
    ]


def _group_names() -> list[tuple[str, str]]:
    return [(WORDS, "名称和依据"), *((name, title) for name, title, _ in groups()), (ITEMS, "项目上限和每台金额")]


def _group_tabs(found: Edition, group: str) -> list[dict[str, Any]]:
    return [{"label": title, "key": name, "current": name == group} for name, title in _group_names()]


def _next_group(group: str) -> str:
    names = [name for name, _ in _group_names()]
    return names[(names.index(group) + 1) % len(names)]


def _change_tabs(changed: int, every: int, whole: bool) -> list[dict[str, Any]]:
    return [
        {"label": "只看不同", "url": "?", "count": changed, "current": not whole},
        {"label": "全部", "url": "?view=all", "count": every, "current": whole},
    ]


def _wanted(cells: list[dict[str, Any] | None], view: str) -> bool:
    if view == "differ":
        return len({cell["value"] if cell else None for cell in cells}) > 1
    return view != "assumed" or any(cell and cell["assumed"] for cell in cells)


def _tabs(view: str) -> list[dict[str, Any]]:
    names = (("", "全部", "?"), ("differ", "只看不同", "?differ=1"), ("assumed", "待确认", "?assumed=1"))
    return [{"label": label, "url": url, "current": key == view} for key, label, url in names]
