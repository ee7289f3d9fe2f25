"""What everybody reads: catalog, policy documents, clauses, and the calculator."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog import queries
from catalog.forms import CalculatorForm
from catalog.models import CatalogVersion, Clause, Edition, Item, PolicyDocument
from catalog.pages.clause_words import areas
from catalog.pages.wording import group_tabs, requirement_lines, value_rows
from catalog.rules.assessment import Assessment, assess
from catalog.rules.case import ZERO
from catalog.rules.raises import ways_to_raise, why_not_higher
from platform_site.kit import clock
from platform_site.kit.clause_names import clause_name
from platform_site.kit.findings import Finding, Refusal


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


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """How much, and how it comes about. Nothing is kept; the address carries the case, htmx asks for the result."""
    edition = _chosen_edition(request.GET.get("edition", ""))
    terms = queries.terms_for(edition)
    data = request.GET.copy()
    data["edition"] = edition.code
    items = queries.items_of(queries.catalog_of(edition))
    form = CalculatorForm(data, editions=queries.published_editions(), items=items, terms=terms)
    context: dict[str, Any] = {
        "form": form,
        "edition": edition,
        "terms": terms,
        "reminders": REMINDERS if terms.method == "rate" else (),
    }
    if form.filled:
        context |= _calculation(form)
    partial = request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")
    template = "components/catalog/calculation.html" if partial else "public/calculator.html"
    return render(request, template, context)


REMINDERS = (
    Finding(
        "hint.contract",
        "S19/5.3.6",
        "合同里要有产品名称、功能模块和费用明细。",
        title="先签合同，再申领",
        severity="info",
    ),
    Finding(
        "hint.other_money", "S19/4.1.3", "拿过的部分不能再申请。", title="同一内容没拿过其他财政资金", severity="info"
    ),
    Finding("hint.quota", "S19/7.2", "额度用完后进入候补，按提交先后顺延。", title="额度先到先得", severity="warn"),
)


def _current_version() -> CatalogVersion:
    """The catalog of the period a visitor means, else the newest edition's."""
    period = queries.current_period(clock.now())
    return period.catalog_version if period else queries.catalog_of(_chosen_edition(""))


def _chosen_edition(code: str) -> Edition:
    """The one asked for, else the current period's, else the newest."""
    editions = {edition.code: edition for edition in queries.published_editions()}
    if not editions:
        raise Http404
    period = queries.current_period(clock.now())
    current = period.edition.code if period else ""
    return editions.get(code) or editions.get(current) or next(iter(editions.values()))


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


def _calculation(form: CalculatorForm) -> dict[str, Any]:
    """The amount with its ladder, what would raise it, and what the enterprise pays itself (None: nothing granted)."""
    try:
        case, terms = queries.Assessor().case(form.case_data())
    except Refusal as refusal:
        return {"assessment": Assessment(ZERO, ZERO, (), tuple(refusal.findings))}
    assessment = assess(case, terms)
    return {
        "assessment": assessment,
        "own_share": case.contract_amount - assessment.amount if assessment.amount else None,
        "ways": [way.as_finding() for way in ways_to_raise(case, terms)],
        "why_not": why_not_higher(case, terms),
    }
