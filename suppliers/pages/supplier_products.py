"""The supplier's own products."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.models import Item
from catalog.queries import items_of
from platform_site.audit.queries import trail_of
from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from platform_site.kit.work_lists import chips_of, count_of, key_page
from suppliers.domain import (
    ProductDraft,
    add_product_file,
    remove_product_file,
    save_product,
    submit_product,
)
from suppliers.filters import ProductFilter, narrowed
from suppliers.forms import ProductForm, lines_of
from suppliers.models import Product, Supplier
from suppliers.pages.attached import file_rows
from suppliers.pages.progress import product_progress
from suppliers.policies import (
    EDITABLE_PRODUCT,
    product_submission_findings,
)
from suppliers.queries import (
    catalog_for_products,
    files_of_product,
    item_of,
    open_proposal,
    own_products,
    own_supplier,
    partner_products,
    reviews_of,
)


def _own_product(request: HttpRequest, product_id: int) -> Product:
    product = own_products(request.actor).filter(pk=product_id).first()  # type: ignore[attr-defined]
    if product is None:
        raise Http404
    return product


@require_GET
def products(request: HttpRequest) -> HttpResponse:
    found = own_products(request.actor)  # type: ignore[attr-defined]
    form = ProductFilter(request.GET)
    for gone in ("item_number", "product_class"):
        del form.fields[gone]
    shown = narrowed(found, form, "state")
    context = {
        "supplier": own_supplier(request.actor),  # type: ignore[attr-defined]
        "page": key_page(shown, request.GET),
        "count": count_of(shown),
        "filter": form,
        "chips": chips_of(form, request.GET),
    }
    return render(request, "supplier/products.html", context)


@require_GET
def product(request: HttpRequest, product_id: int) -> HttpResponse:
    """One product with its progress, its reviews and what it still lacks."""
    found = _own_product(request, product_id)
    return render(request, "supplier/product.html", _product_context(found))


def _product_context(found: Product) -> dict[str, Any]:
    editable = found.state in EDITABLE_PRODUCT
    reviews = reviews_of(found)
    return {
        "product": found,
        "item": item_of(found),
        "editable": editable,
        "progress": product_progress(found, open_proposal(found)),
        "files": file_rows(files_of_product(found), "supplier:product_file_remove" if editable else ""),
        "findings": product_submission_findings(found) if editable else [],
        "reviews": reviews,
        "last_return": reviews[0] if found.state == "returned" and reviews else None,
        "trail": trail_of(found),
    }


@require_POST
def product_submit(request: HttpRequest, product_id: int) -> HttpResponse:
    found = _own_product(request, product_id)
    version = int(request.POST.get("version") or 0) or None
    try:
        submit_product(product=found, version=version, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Refusal as refusal:
        context = {**_product_context(found), "refusal": refusal}
        return render(request, "supplier/product.html", context, status=422)
    messages.success(request, "产品已提交省级审核。")
    return redirect("supplier:product", product_id)


@require_POST
def product_file_remove(request: HttpRequest, product_id: int, file_id: int) -> HttpResponse:
    found = _own_product(request, product_id)
    attached = next((one for one in files_of_product(found) if one.pk == file_id), None)
    if attached is None:
        raise Http404
    try:
        remove_product_file(product_file=attached, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Refusal as refusal:
        messages.error(request, refusal.findings[0].reason)
    return redirect("supplier:product", product_id)


@require_http_methods(["GET", "POST"])
def product_edit(request: HttpRequest, product_id: int | None = None) -> HttpResponse:
    """Choose the item first (`?item=`), then fill in what that item asks for."""
    supplier, at = own_supplier(request.actor), clock.now()  # type: ignore[attr-defined]
    found = _own_product(request, product_id) if product_id else None
    if supplier is None:
        return redirect("supplier:profile")
    version = found.catalog_version if found else catalog_for_products(at)
    if version is None:
        return render(request, "supplier/product_edit.html", {"no_catalog": True})
    items = list(items_of(version))
    item = _chosen_item(request, items, found)
    context = {"product": found, "supplier": supplier, "items": items, "item": item, "version": version}
    if item is None:
        return render(request, "supplier/product_edit.html", context)
    form = _product_form(request, supplier, found, item)
    if request.method == "POST" and form.is_valid():
        saved = _save_product(request, supplier, found, form, at)
        if saved is not None:
            return redirect("supplier:product", saved.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "supplier/product_edit.html", {**context, "form": form}, status=status)


def _chosen_item(request: HttpRequest, items: list[Item], found: Product | None) -> Item | None:
    asked = request.POST.get("item") or request.GET.get("item") or (str(found.item_number) if found else "")
    return next((item for item in items if str(item.number) == asked), None)


def _product_form(request: HttpRequest, supplier: Supplier, found: Product | None, item: Item) -> ProductForm:
    return ProductForm(
        request.POST or None,
        request.FILES or None,
        item=item,
        partners=partner_products(item.version, supplier),
        may_offer_partners=supplier.platform_capability,
        initial=ProductForm.initial_of(found, item) if found else None,
    )


def _draft(form: ProductForm) -> ProductDraft:
    data = form.cleaned_data
    return ProductDraft(
        item_number=form.item.number,
        name=data["name"],
        modules=form.all_modules(),
        model_name=data.get("model_name", ""),
        situations=lines_of(data.get("situations", "")),
        channels=tuple(data.get("channels", ())),
        introduction=data["introduction"],
        price_note=data["price_note"],
        offer=data.get("offer", "own"),
        partner_name=data.get("partner_name", ""),
        partner_uscc=data.get("partner_uscc", ""),
        origin=data.get("origin"),
        own_work=data["own_work"],
    )


def _save_product(
    request: HttpRequest, supplier: Supplier, found: Product | None, form: ProductForm, at: datetime
) -> Product | None:
    actor = request.actor  # type: ignore[attr-defined]
    version = int(request.POST.get("version") or 0) or None
    try:
        saved = save_product(
            supplier=supplier,
            catalog_version=form.item.version,
            draft=_draft(form),
            product=found,
            version=version,
            by=actor,
            at=at,
        )
        for name, kind in ProductForm.FILES.items():
            upload = form.cleaned_data.get(name)
            if upload:
                add_product_file(product=saved, upload=upload, kind=kind, field=name, by=actor, at=at)
    except Refusal as refusal:
        form.add_refusal(refusal)
        return None
    messages.success(request, "已保存。核对后提交省级审核。")
    return saved
