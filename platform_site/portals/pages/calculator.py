"""The calculator for everybody: by an approved product or by an item of the catalog, before any contract."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog import queries
from catalog.forms import CalculatorForm, ChosenProduct
from catalog.models import Edition
from catalog.rules.assessment import Assessment, assess
from catalog.rules.case import ZERO
from catalog.rules.raises import ways_to_raise, why_not_higher
from platform_site.kit import clock
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.page_keys import key_from
from suppliers.models import Product
from suppliers.queries import find, listed_products_of

SHOWN = 30


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """How much, and how it comes about. Nothing is kept; the address carries the case, htmx asks for the result.
    `?product=` an approved product: it says item and class."""
    edition = _edition(request)
    terms = queries.terms_for(edition)
    data = request.GET.copy()
    data["edition"] = edition.code
    items = list(queries.items_of(queries.catalog_of(edition)))
    product = _product(request, edition)
    form = CalculatorForm(data, editions=queries.published_editions(), items=items, terms=terms, product=product)
    context: dict[str, Any] = {
        "form": form,
        "edition": edition,
        "terms": terms,
        "product": product,
        "product_gone": bool(request.GET.get("product")) and product is None,
        "product_item": next((item for item in items if product and item.number == product.item), None),
        "others": _address("public:calculator_products", request),
        "without": _address("public:calculator", request),
        "reminders": REMINDERS if terms.method == "rate" else (),
    }
    if form.filled:
        context |= _calculation(form)
    partial = request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")
    context["partial"] = partial  # then the ways to another product go along, with what is typed by now
    template = "components/catalog/calculation.html" if partial else "public/calculator.html"
    return render(request, template, context)


@require_safe
def calculator_products(request: HttpRequest) -> HttpResponse:
    """The approved products of the edition's catalog; choosing one leads back, what was typed stays. `?q=` searches by
    product, supplier or pinyin."""
    edition, words = _edition(request), request.GET.get("q", "").strip()[:80]
    items = {item.number: item for item in queries.items_of(queries.catalog_of(edition))}
    offered = _offered(edition).order_by("item_number", "name", "pk")
    rows: list[Product] = list((find(offered, words) if words else offered)[: SHOWN + 1])  # type: ignore[arg-type]
    context = {
        "rows": [
            {"product": row, "item": items.get(row.item_number), "url": _address("public:calculator", request, row)}
            for row in rows[:SHOWN]
        ],
        "more": len(rows) > SHOWN,
        "q": words,
        "kept": _kept(request),
        "back": _address("public:calculator", request),
    }
    return render(request, "public/calculator_products.html", context)


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


def _edition(request: HttpRequest) -> Edition:
    found = queries.edition_meant(request.GET.get("edition", ""), clock.now())
    if found is None:
        raise Http404
    return found


def _offered(edition: Edition) -> QuerySet[Product]:
    return listed_products_of(queries.catalog_of(edition))


def _product(request: HttpRequest, edition: Edition) -> ChosenProduct | None:
    """None: none was chosen, or it is not offered under this edition."""
    key = key_from(request.GET.get("product", ""))
    found = _offered(edition).filter(pk=key).first() if key else None
    if found is None:
        return None
    return ChosenProduct(found.pk, found.name, found.supplier.name, found.item_number, found.product_class or None)


_ASKED = ("edition", "city", "contract_amount", "unrelated_amount", "devices", "cap_used", "revenue", "pilot", "bonus")


def _kept(request: HttpRequest) -> dict[str, str]:
    """What was typed, without product, item and class: the product says them."""
    return {name: request.GET[name][:40] for name in _ASKED if request.GET.get(name)}


def _address(route: str, request: HttpRequest, product: Product | None = None) -> str:
    typed = _kept(request) | ({"product": str(product.pk)} if product else {})
    return reverse(route, query=typed) if typed else reverse(route)


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
