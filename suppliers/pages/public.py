"""The public directory of suppliers and what they offer (P18/2.5)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from platform_site.kit.work_lists import chips_of, count_of, key_page
from suppliers.filters import DirectoryFilter, narrowed
from suppliers.queries import agents_of, listed_products_by, listed_suppliers, offering


@require_GET
def suppliers(request: HttpRequest) -> HttpResponse:
    """By name, pinyin or initials, by kind, by the catalog's item; never by city."""
    form = DirectoryFilter(request.GET)
    found = narrowed(listed_suppliers(), form, "kind")
    item = form.cleaned_data.get("item") if form.is_valid() else None
    if item:
        found = offering(found, item)
    if request.GET.get("view") == "priority":
        found = found.filter(priority=True)
    context = {
        "page": key_page(found, request.GET),
        "count": count_of(found),
        "filter": form,
        "chips": chips_of(form, request.GET),
        "tabs": _tabs(request.GET.get("view", "")),
    }
    return render(request, "public/suppliers.html", context)


def _tabs(chosen: str) -> list[dict[str, object]]:
    return [
        {"label": "全部供应商", "url": "?", "current": chosen != "priority"},
        {"label": "优秀供应商", "url": "?view=priority", "current": chosen == "priority"},
    ]


@require_GET
def supplier(request: HttpRequest, supplier_id: int) -> HttpResponse:
    found = listed_suppliers().filter(pk=supplier_id).first()
    if found is None:
        raise Http404
    context = {"supplier": found, "products": listed_products_by(found), "agents": agents_of(found)}
    return render(request, "public/supplier.html", context)
