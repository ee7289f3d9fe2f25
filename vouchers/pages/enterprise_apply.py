"""Applying: choose the product, then one page with contract, costs, modules, files and declarations."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.models import Period
from catalog.queries import current_period, open_period
from platform_site.files.domain import store_upload
from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from platform_site.kit.page_keys import key_from
from suppliers.models import Product
from suppliers.queries import find, listed_products
from vouchers.domain import (
    attach_file,
    detach_file,
    drop_draft,
    prepare_application,
    resubmit,
    save_draft,
    submit_application,
)
from vouchers.forms import ApplicationForm, ContractFileForm, CostLines
from vouchers.models import ApplicationDraft, Enterprise
from vouchers.pages.enterprise import own_voucher, say
from vouchers.pages.outlook import aside_of
from vouchers.pages.shapes import draft_files, findings_of, phase_of
from vouchers.queries import drafts_visible_to, enterprise_of
from vouchers.queries.applications import correction_data, correction_files
from vouchers.queries.chance import rise_waiting
from vouchers.queries.surroundings import product_facts, product_with_supplier, running_pilots_of
from vouchers.rules.application import Application

FIRST_LINES, SHOWN = 3, 20
NOT_READY = "内容有改动，原来备好的已作废。改完请重新“检查并备好”。"
_NOT_KEPT = {"csrfmiddlewaretoken", "idempotency_key", "action", "file", "file_kind"}


def _enterprise(request: HttpRequest) -> Enterprise | None:
    return enterprise_of(request.actor)  # type: ignore[attr-defined]


@require_GET
def apply(request: HttpRequest) -> HttpResponse:
    """Step one: what was bought. Search by product, supplier, pinyin or catalog item."""
    enterprise, at = _enterprise(request), clock.now()
    period = open_period(at) or current_period(at)
    words = request.GET.get("q", "").strip()
    found = find(listed_products(period), words) if period and words else None
    context = {
        "enterprise": enterprise,
        "period": period,
        "is_open": period is not None and period.apply_from <= at < period.apply_to,
        "q": words,
        "products": [_product_row(one, period) for one in found[:SHOWN]] if found is not None and period else None,
        "drafts": list(drafts_visible_to(request.actor).filter(voucher__isnull=True)),  # type: ignore[attr-defined]
    }
    partial = getattr(request, "htmx", False) and request.htmx.target == "products"  # type: ignore[attr-defined]
    return render(request, "enterprise/apply_products.html" if partial else "enterprise/apply.html", context)


def _product_row(product: Any, period: Period) -> dict[str, Any]:
    return {"product": product, "facts": product_facts(product, period)}


@require_POST
def apply_start(request: HttpRequest, product_id: int) -> HttpResponse:
    """A new draft for the chosen product."""
    enterprise, at = _enterprise(request), clock.now()
    period = open_period(at) or current_period(at)
    if enterprise is None:
        return redirect("enterprise:profile")
    if period is None or not listed_products(period).filter(pk=product_id).exists():
        raise Http404
    data = {"product": str(product_id), **_empty_lines(FIRST_LINES)}
    draft = save_draft(enterprise=enterprise, period=period, data=data, by=request.actor, at=at)  # type: ignore[attr-defined]
    return redirect("enterprise:apply_form", pk=draft.pk)


def _empty_lines(count: int) -> dict[str, str]:
    return {"costs-TOTAL_FORMS": str(count), "costs-INITIAL_FORMS": "0"}


def _draft(request: HttpRequest, pk: int) -> ApplicationDraft:
    found = drafts_visible_to(request.actor).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _product(draft: ApplicationDraft) -> Product | None:
    """The chosen product as long as it is listed; a correction keeps the one it was made with."""
    if draft.voucher is not None:
        return product_with_supplier(draft.voucher.product_id)
    chosen = str(draft.data.get("product", ""))
    return listed_products(draft.period).filter(pk=key).first() if (key := key_from(chosen)) else None


@require_http_methods(["GET", "POST"])
def apply_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything on one page. Whatever button is pressed, what was typed is saved first."""
    draft = _draft(request, pk)
    if request.method == "GET":
        return _shown(request, draft, _forms(draft, _typed(draft.data), bound=False))
    was_ready = draft.prepared_id is not None
    try:
        draft = _saved(request, draft)
    except Refusal as refusal:
        say(request, refusal)
        return redirect("enterprise:vouchers")
    action = request.POST.get("action", "save")
    if was_ready and draft.prepared_id is None and action != "prepare":
        messages.warning(request, NOT_READY)
    if action.startswith("remove:"):
        detach_file(draft=draft, file_id=action.partition(":")[2], by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        return redirect("enterprise:apply_form", pk=pk)
    if action == "add_line":
        _with_another_line(request, draft)
        return redirect("enterprise:apply_form", pk=pk)
    if action in ("submit", "prepare"):
        return _sent(request, draft, _hand_in if action == "submit" else _make_ready)
    return _uploaded(request, draft)


def _saved(request: HttpRequest, draft: ApplicationDraft) -> ApplicationDraft:
    data = {
        name: (values if len(values) > 1 or name == "modules" else values[0])
        for name, values in request.POST.lists()
        if name not in _NOT_KEPT
    }
    kept = {"product": draft.data.get("product", "")}
    return save_draft(
        enterprise=draft.enterprise,
        period=draft.period,
        data={**data, **kept},
        by=request.actor,  # type: ignore[attr-defined]
        at=clock.now(),
        draft=draft,
    )


def _with_another_line(request: HttpRequest, draft: ApplicationDraft) -> None:
    lines = int(str(draft.data.get("costs-TOTAL_FORMS", FIRST_LINES)) or 0)
    data = {**draft.data, **_empty_lines(min(lines + 1, CostLines.max_num))}
    save_draft(
        enterprise=draft.enterprise,
        period=draft.period,
        data=data,
        by=request.actor,  # type: ignore[attr-defined]
        at=clock.now(),
        draft=draft,
    )


def _uploaded(request: HttpRequest, draft: ApplicationDraft) -> HttpResponse:
    refusal = _take_file(request, draft)
    if refusal is not None:
        forms_ = _forms(draft, _typed(draft.data), bound=False)
        forms_["upload"].add_findings(refusal.findings)
        return _shown(request, draft, forms_, status=422)
    messages.success(request, "已保存，可以以后接着填。")
    return redirect("enterprise:apply_form", pk=draft.pk)


def _take_file(request: HttpRequest, draft: ApplicationDraft) -> Refusal | None:
    """Keep a file that came with the form. Gives the refusal, if it was refused."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        return None
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    try:
        file = store_upload(
            upload=upload, purpose="contract", by=actor, at=at, allow=("pdf", "ofd", "docx", "image"), field="file"
        )
    except Refusal as refusal:
        return refusal
    kind = request.POST.get("file_kind") or "contract"
    draft.files = attach_file(draft=draft, file=file, kind=kind, by=actor, at=at).files
    return None


def _typed(data: Mapping[str, Any]) -> QueryDict:
    """A draft's data as if it had just been sent."""
    typed = QueryDict(mutable=True)
    for name, value in data.items():
        typed.setlist(name, [str(one) for one in value] if isinstance(value, list) else [str(value)])
    return typed


def _forms(draft: ApplicationDraft, typed: QueryDict, *, bound: bool) -> dict[str, Any]:
    """Unbound forms show the same values without judging them."""
    product, pilots = _product(draft), running_pilots_of(draft.enterprise, draft.period)
    around: dict[str, Any] = {"product": product, "pilots": pilots}
    if bound:
        form, costs = ApplicationForm(typed, **around), CostLines(typed, prefix="costs")
    else:
        initial = {name: typed[name] for name in typed} | {"modules": typed.getlist("modules")}
        form = ApplicationForm(initial=initial, **around)
        costs = CostLines(initial=_line_values(typed), prefix="costs")
    upload = ContractFileForm({"file_kind": "contract"})
    upload.is_valid()
    return {"form": form, "costs": costs, "upload": upload, "product": product}


def _line_values(typed: QueryDict) -> list[dict[str, str]]:
    count = int(typed.get("costs-TOTAL_FORMS") or FIRST_LINES)
    return [
        {name: typed.get(f"costs-{n}-{name}", "") for name in ("name", "kind", "amount")} for n in range(min(count, 40))
    ]


def _shown(request: HttpRequest, draft: ApplicationDraft, forms_: dict[str, Any], status: int = 200) -> HttpResponse:
    product = forms_["product"]
    context = {
        **forms_,
        "draft": draft,
        "voucher": draft.voucher,
        "period": draft.period,
        "phase": phase_of(draft.period, clock.now()),
        "facts": product_facts(product, draft.period) if product else None,
        "files": draft_files(draft.files),
        "returned": findings_of(draft.voucher.findings) if draft.voucher else [],
        **_aside(draft),
    }
    return render(request, "enterprise/apply_form.html", context, status=status)


def _aside(draft: ApplicationDraft) -> dict[str, Any]:
    forms_ = _forms(draft, _typed(draft.data), bound=True)
    return aside_of(
        enterprise=draft.enterprise,
        period=draft.period,
        product=forms_["product"],
        form=forms_["form"],
        costs=forms_["costs"],
        files=draft.files,
        correcting=draft.voucher,
        at=clock.now(),
    )


@require_POST
def apply_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Autosave; answers with what would happen now. 404 for a draft that was handed in meanwhile."""
    draft = _draft(request, pk)
    was_ready = draft.prepared_id is not None
    try:
        draft = _saved(request, draft)
    except Refusal:
        raise Http404 from None
    no_longer = NOT_READY if was_ready and draft.prepared_id is None else ""
    context = {"draft": draft, "autosaved": True, "no_longer": no_longer, **_aside(draft)}
    return render(request, "enterprise/apply_aside.html", context)


@require_POST
def apply_drop(request: HttpRequest, pk: int) -> HttpResponse:
    drop_draft(draft=_draft(request, pk), by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    messages.success(request, "草稿已删除。")
    return redirect("enterprise:vouchers")


def _sent(
    request: HttpRequest,
    draft: ApplicationDraft,
    story: Callable[[HttpRequest, ApplicationDraft, dict[str, Any]], HttpResponse],
) -> HttpResponse:
    """Take the file, read the form, hand it in or make it ready; what is refused stays as it was typed."""
    refused = _take_file(request, draft)
    forms_ = _forms(draft, _typed(draft.data), bound=True)
    if refused is not None:
        forms_["upload"].add_findings(refused.findings)
    well_typed = forms_["form"].is_valid() & forms_["costs"].is_valid()
    if refused is not None or not well_typed:
        return _shown(request, draft, forms_, status=422)
    try:
        return story(request, draft, forms_)
    except Refusal as refusal:
        forms_["form"].add_refusal(refusal)
        return _shown(request, draft, forms_, status=422)


def _application(draft: ApplicationDraft, forms_: dict[str, Any]) -> Application:
    lines = [line.cleaned_data for line in forms_["costs"]]
    return forms_["form"].application(product=forms_["product"], costs=lines, files=draft.files)


def _make_ready(request: HttpRequest, draft: ApplicationDraft, forms_: dict[str, Any]) -> HttpResponse:
    form, actor = _application(draft, forms_), request.actor  # type: ignore[attr-defined]
    voucher = prepare_application(draft=draft, form=form, by=actor, at=clock.now())
    return redirect("enterprise:apply_ready", pk=voucher.pk)


def _hand_in(request: HttpRequest, draft: ApplicationDraft, forms_: dict[str, Any]) -> HttpResponse:
    form = _application(draft, forms_)
    actor, at, key = request.actor, clock.now(), request.POST.get("idempotency_key", "")  # type: ignore[attr-defined]
    key = key or f"draft-{draft.pk}"
    if draft.voucher is not None:
        done = resubmit(voucher=draft.voucher, form=form, key=key, by=actor, at=at, draft=draft)
        rise = rise_waiting(done)
        more = f"多出的 {rise:,.2f} 元按送达先后另排。" if rise else ""
        messages.success(request, f"已重新提交，名次和原来的额度都保留。{more}")
        return redirect("enterprise:voucher", pk=done.pk)
    receipt = submit_application(
        enterprise=draft.enterprise, period=draft.period, form=form, key=key, by=actor, at=at, draft=draft
    )
    messages.success(request, f"已送达，回执号 {receipt.number}。")
    return redirect("enterprise:voucher", pk=receipt.voucher.pk)


@require_POST
def voucher_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the form of a returned application, filled in as it was handed in."""
    found, enterprise = own_voucher(request, pk), _enterprise(request)
    draft = drafts_visible_to(request.actor).filter(voucher=found).first()  # type: ignore[attr-defined]
    if draft is None and enterprise is not None:
        actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
        draft = save_draft(
            enterprise=enterprise, period=found.period, data=correction_data(found), by=actor, at=at, voucher=found
        )
        for file, kind in correction_files(found):
            attach_file(draft=draft, file=file, kind=kind, by=actor, at=at)
    if draft is None:
        raise Http404
    return redirect("enterprise:apply_form", pk=draft.pk)
