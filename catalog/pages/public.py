"""What everybody reads: catalog, policy documents, clauses."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog import queries
from catalog.models import CatalogVersion, Clause, Item, PolicyDocument
from catalog.pages.clause_words import areas
from catalog.pages.wording import group_tabs, requirement_lines, value_rows
from platform_site.kit import clock
from platform_site.kit.clause_names import clause_name


@require_safe
def catalog(request: HttpRequest) -> HttpResponse:
    """The current catalog; `?q=` by name, pinyin or number, `?group=`."""
    version = _current_version()
    words, group = request.GET.get("q", "").strip()[:80], request.GET.get("group", "")
    rows = queries.search_items(version, words, group)
    context = {"version": version, "rows": rows, "words": words, "tabs": group_tabs(version, group, words)}
    return render(request, "public/catalog.html", context)


@require_safe
def item(request: HttpRequest, number: int) -> HttpResponse:
    """One item of the current catalog: what it is for, what it must have, at most how much."""
    version = _current_version()
    try:
        found = queries.item_in(version, number)
    except Item.DoesNotExist as missing:
        raise Http404 from missing
    context = {"version": version, "item": found, "requirements": requirement_lines(found)}
    return render(request, "public/item.html", context)


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """The documents, and what each edition sets in short."""
    editions = [
        {"edition": edition, "rows": value_rows(queries.parameters_of(edition), short=True)}
        for edition in queries.published_editions()
    ]
    return render(request, "public/policy.html", {"documents": queries.documents(), "editions": editions})


@require_safe
def document(request: HttpRequest, label: str) -> HttpResponse:
    """One document, clause by clause; `?q=` searches their text."""
    try:
        found = queries.documents().get(pk=label)
    except PolicyDocument.DoesNotExist as missing:
        raise Http404 from missing
    words = request.GET.get("q", "").strip()[:80]
    rows = queries.clauses_of(found)
    context = {"document": found, "rows": rows.filter(summary__contains=words) if words else rows}
    return render(request, "public/document.html", context)


@require_safe
def clause(request: HttpRequest, key: str) -> HttpResponse:
    """What a clause says, its value in each edition, and where the platform applies it."""
    try:
        found = queries.clause(key)
    except Clause.DoesNotExist as missing:
        raise Http404 from missing
    context = {
        "clause": found,
        "name": clause_name(key),
        "values": _by_edition(key),
        "items": queries.items_of_clause(key),
        "areas": areas(queries.places_of_clauses([key])[key]),
    }
    return render(request, "public/clause.html", context)


def _current_version() -> CatalogVersion:
    """The catalog of the period a visitor means, else the newest edition's."""
    at = clock.now()
    period, edition = queries.current_period(at), queries.edition_meant("", at)
    if edition is None:
        raise Http404
    return period.catalog_version if period else queries.catalog_of(edition)


def _by_edition(key: str) -> list[dict[str, Any]]:
    rows = queries.clause_values(key)
    codes = dict.fromkeys(row.edition.code for row in rows)
    return [
        {
            "edition": next(row.edition for row in rows if row.edition.code == code),
            "rows": value_rows([queries.as_parameter(row) for row in rows if row.edition.code == code]),
        }
        for code in codes
    ]
