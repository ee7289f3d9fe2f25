"""The province's lists and reviews of suppliers and products: one proposes, another signs."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.queries import items_of
from platform_site.audit.queries import trail_of
from platform_site.kit import clock
from platform_site.kit.attachments import excel
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.work_lists import chips_of, count_of, key_page, tab_states, tabs_of
from suppliers.documents import products_sheet, suppliers_sheet
from suppliers.domain import (
    review_product,
    review_supplier_by_province,
    sign_product_review,
    sign_supplier_review,
)
from suppliers.enums import Outcome
from suppliers.filters import (
    PROVINCE_PRODUCT_TABS,
    PROVINCE_SUPPLIER_TABS,
    ProductFilter,
    SupplierFilter,
    narrowed,
)
from suppliers.forms import ProductReviewForm, SignForm, SupplierReviewForm
from suppliers.models import Product, Proposal, Supplier
from suppliers.pages.attached import file_rows
from suppliers.pages.progress import product_progress, supplier_progress
from suppliers.permissions import may_propose, may_sign
from suppliers.policies import (
    PRODUCT_OUTCOMES,
    SUPPLIER_OUTCOMES,
    listing_findings,
    product_submission_findings,
)
from suppliers.queries import (
    agents_of,
    catalog_for_products,
    files_of,
    files_of_product,
    item_of,
    listed_products_by,
    open_proposal,
    products_visible_to,
    proposals_of,
    proposals_visible_to,
    reviews_of,
    suppliers_visible_to,
    with_open_proposals,
)

# -- suppliers ---------------------------------------------------------------------------------------------------


@require_GET
def suppliers(request: HttpRequest) -> HttpResponse:
    base = suppliers_visible_to(request.actor)  # type: ignore[attr-defined]
    form, view = SupplierFilter(request.GET), request.GET.get("view", "")
    states = tab_states(PROVINCE_SUPPLIER_TABS, view)
    found = narrowed(base.filter(state__in=states) if states else base, form, "state", "kind", "quota_class")
    if request.GET.get("export"):
        return excel(suppliers_sheet(found.order_by("-pk").iterator(500)), "suppliers", dated=True)
    context = {
        "page": key_page(with_open_proposals(found), request.GET),
        "count": count_of(found),
        "filter": form,
        "chips": chips_of(form, request.GET),
        "tabs": tabs_of(base, PROVINCE_SUPPLIER_TABS, view),
    }
    return render(request, "province/suppliers.html", context)


@require_http_methods(["GET", "POST"])
def suppliers_review(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """The record; the officer's proposal, or the second signature when one waits."""
    supplier = suppliers_visible_to(request.actor).filter(pk=supplier_id).first()  # type: ignore[attr-defined]
    if supplier is None:
        raise Http404
    form = SupplierReviewForm(
        request.POST or None, outcomes=SUPPLIER_OUTCOMES.get(supplier.state, ()), initial=_marks_of(supplier)
    )
    if request.method == "POST" and form.is_valid() and _propose_supplier(request, supplier, form):
        return redirect("province:suppliers_review", supplier.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "province/suppliers_review.html", _supplier_context(request, supplier, form), status=status)


def _marks_of(supplier: Supplier) -> dict[str, Any]:
    return {
        "version": supplier.version,
        "quota_class": supplier.quota_class,
        "priority": supplier.priority,
        "platform_capability": supplier.platform_capability,
    }


def _propose_supplier(request: HttpRequest, supplier: Supplier, form: SupplierReviewForm) -> bool:
    data = form.cleaned_data
    sets_marks = data["outcome"] in (Outcome.PASS, Outcome.CLASSIFY)
    try:
        review_supplier_by_province(
            supplier=supplier,
            outcome=data["outcome"],
            opinion=data["opinion"],
            findings=form.reasons(),
            quota_class=data["quota_class"] if sets_marks else "",
            priority=data["priority"] if sets_marks else None,
            platform_capability=data["platform_capability"] if data["outcome"] == Outcome.PASS else None,
            version=data["version"],
            by=request.actor,  # type: ignore[attr-defined]
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, "意见已提出，等另一位审批人签发。")
    return True


def _supplier_context(request: HttpRequest, supplier: Supplier, form: SupplierReviewForm) -> dict[str, Any]:
    proposal = open_proposal(supplier)
    checks = listing_findings(supplier, True, clock.now()) if supplier.state == "province_review" else []
    return {
        **_signing(request, proposal),
        "supplier": supplier,
        "form": form,
        "may_propose": bool(SUPPLIER_OUTCOMES.get(supplier.state)) and may_propose(request.actor),  # type: ignore[attr-defined]
        "checks": checks,
        "progress": supplier_progress(supplier, proposal),
        "files": file_rows(files_of(supplier)),
        "agents": agents_of(supplier),
        "products": listed_products_by(supplier),
        "reviews": reviews_of(supplier),
        "proposals": proposals_of(supplier),
        "trail": trail_of(supplier),
    }


def _signing(request: HttpRequest, proposal: Proposal | None, form: SignForm | None = None) -> dict[str, Any]:
    return {
        "proposal": proposal,
        "proposal_findings": [Finding(**one) for one in proposal.findings] if proposal else [],
        "may_sign": proposal is not None and may_sign(request.actor, proposal),  # type: ignore[attr-defined]
        "sign_form": form or SignForm(),
    }


@require_POST
def proposal_sign(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """The second person: sign, or send back to the officer."""
    proposal = proposals_visible_to(request.actor).filter(pk=proposal_id).first()  # type: ignore[attr-defined]
    if proposal is None:
        raise Http404
    form = SignForm(request.POST)
    form.is_valid()
    agree = request.POST.get("action") == "sign"
    sign = sign_supplier_review if proposal.supplier_id else sign_product_review
    answer = form.cleaned_data.get("answer", "")
    try:
        sign(proposal=proposal, agree=agree, answer=answer, by=request.actor, at=clock.now())  # type: ignore[attr-defined, operator]
    except Refusal as refusal:
        form.add_refusal(refusal)
        return _sign_again(request, proposal, form)
    messages.success(request, "已签发。" if agree else "已退回承办人。")
    return redirect(_page_of(proposal), proposal.supplier_id or proposal.product_id)


def _page_of(proposal: Proposal) -> str:
    return "province:suppliers_review" if proposal.supplier_id else "province:product"


def _sign_again(request: HttpRequest, proposal: Proposal, form: SignForm) -> HttpResponse:
    subject = proposal.supplier or proposal.product
    if isinstance(subject, Supplier):
        blank = SupplierReviewForm(outcomes=(), initial=_marks_of(subject))
        context = _supplier_context(request, subject, blank)
        template = "province/suppliers_review.html"
    else:
        assert isinstance(subject, Product)  # noqa: S101  the database's CHECK: one of the two
        context = _product_context(request, subject, ProductReviewForm(outcomes=()))
        template = "province/product.html"
    return render(request, template, {**context, **_signing(request, open_proposal(subject), form)}, status=422)


# -- products ----------------------------------------------------------------------------------------------------


@require_GET
def products(request: HttpRequest) -> HttpResponse:
    base = products_visible_to(request.actor)  # type: ignore[attr-defined]
    version = catalog_for_products(clock.now())
    items = items_of(version).values_list("number", "name") if version else []
    form, view = ProductFilter(request.GET, items=items), request.GET.get("view", "")
    states = tab_states(PROVINCE_PRODUCT_TABS, view)
    narrow = base.filter(state__in=states) if states else base
    found = narrowed(narrow, form, "state", "product_class", "item_number")
    if request.GET.get("export"):
        return excel(products_sheet(found.order_by("-pk").iterator(500)), "products", dated=True)
    context = {
        "page": key_page(with_open_proposals(found), request.GET),
        "count": count_of(found),
        "filter": form,
        "chips": chips_of(form, request.GET),
        "tabs": tabs_of(base, PROVINCE_PRODUCT_TABS, view),
    }
    return render(request, "province/products.html", context)


@require_http_methods(["GET", "POST"])
def product(request: HttpRequest, product_id: int) -> HttpResponse:
    """The product beside what its item asks for; proposal with the class, or the second signature."""
    found = products_visible_to(request.actor).filter(pk=product_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    initial = {"version": found.version, "product_class": found.product_class}
    outcomes = PRODUCT_OUTCOMES.get(found.state, ())
    form = ProductReviewForm(request.POST or None, outcomes=outcomes, initial=initial)
    if request.method == "POST" and form.is_valid() and _propose_product(request, found, form):
        return redirect("province:product", found.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "province/product.html", _product_context(request, found, form), status=status)


def _propose_product(request: HttpRequest, found: Product, form: ProductReviewForm) -> bool:
    data = form.cleaned_data
    try:
        review_product(
            product=found,
            outcome=data["outcome"],
            product_class=data["product_class"],
            opinion=data["opinion"],
            findings=form.reasons(),
            version=data["version"],
            by=request.actor,  # type: ignore[attr-defined]
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, "意见已提出，等另一位审批人签发。")
    return True


def _product_context(request: HttpRequest, found: Product, form: ProductReviewForm) -> dict[str, Any]:
    proposal = open_proposal(found)
    return {
        **_signing(request, proposal),
        "product": found,
        "item": item_of(found),
        "form": form,
        "may_propose": bool(PRODUCT_OUTCOMES.get(found.state)) and may_propose(request.actor),  # type: ignore[attr-defined]
        "checks": product_submission_findings(found) if found.state == "province_review" else [],
        "progress": product_progress(found, proposal),
        "files": file_rows(files_of_product(found)),
        "reviews": reviews_of(found),
        "proposals": proposals_of(found),
        "trail": trail_of(found),
    }
