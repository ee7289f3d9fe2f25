"""The province's desk for catalog versions: draft from an old one, change items, compare, sign, publish."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import domain, queries
from catalog.forms import DraftCatalogForm, ItemForm, NewItemForm, ReasonForm
from catalog.models import CatalogVersion, Item
from catalog.pages.steps import Kind, desk_of, form_version, may_now
from catalog.pages.wording import group_tabs, item_changes, requirement_lines
from catalog.policies import check_catalog
from catalog.rules.item_checks import ITEM_LABELS
from platform_site.kit import clock
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import obj_state


@require_safe
def catalog(request: HttpRequest) -> HttpResponse:
    """Versions of the catalog and the items of one; `?version=`, `?q=`, `?group=`."""
    versions = list(queries.catalog_versions_visible_to(request.actor))  # type: ignore[attr-defined]
    chosen = next((one for one in versions if one.code == request.GET.get("version")), _newest(versions))
    words, group = request.GET.get("q", "").strip()[:80], request.GET.get("group", "")
    context: dict[str, Any] = {"versions": versions, "version": chosen}
    if chosen is not None:
        context |= {"rows": queries.search_items(chosen, words, group), "tabs": group_tabs(chosen, group)}
        context |= may_now(chosen, request.actor)  # type: ignore[attr-defined]
    return render(request, "province/catalog.html", context)


@require_http_methods(["GET", "POST"])
def catalog_new(request: HttpRequest) -> HttpResponse:
    form = DraftCatalogForm(request.POST or None, origins=queries.published_catalogs())
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data | {"origin": form.origins[form.cleaned_data["origin"]]}
        try:
            made = domain.draft_catalog(**facts, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "已存为草稿。逐项改好，再提交复核。")
            return redirect("province:catalog_version", made.pk)
    return render(request, "province/catalog_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def catalog_version(request: HttpRequest, catalog_id: int) -> HttpResponse:
    """A version beside the one it was made from; `?view=changed` only the items that differ."""
    return _shown(request, _found(request, catalog_id), [])


@require_http_methods(["GET", "POST"])
def catalog_item(request: HttpRequest, catalog_id: int, number: int) -> HttpResponse:
    """One item: to read, and to change while its version is a draft."""
    found = _found(request, catalog_id)
    try:
        item = queries.item_in(found, number)
    except Item.DoesNotExist as missing:
        raise Http404 from missing
    may_edit = may_now(found, request.actor)["may_edit"]  # type: ignore[attr-defined]
    form = ItemForm(request.POST or None, item=item) if may_edit else None
    if request.method == "POST" and form is not None and form.is_valid():
        changes = {number: form.facts()}
        if _said_yes(request, form, domain.amend_items, "已保存。", catalog=found, changes=changes):
            return redirect("province:catalog_version", found.pk)
    context = {
        "catalog": found,
        "item": item,
        "form": form,
        "requirements": requirement_lines(item),
        "changes": next(row["cells"] for row in item_changes(found.origin, found) if row["number"] == number),
        "reason_form": ReasonForm(),
        "clauses": queries.all_clauses() if form else [],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "province/catalog_item.html", context, status=status)


@require_http_methods(["GET", "POST"])
def catalog_item_new(request: HttpRequest, catalog_id: int) -> HttpResponse:
    """An item joins the draft, with its clause and the reason."""
    found = _found(request, catalog_id)
    if obj_state(found) != "draft":
        return redirect("province:catalog_version", found.pk)
    groups = [(key, name) for key, name, _ in queries.groups_of(found)]
    form = NewItemForm(request.POST or None, groups=groups)
    if request.method == "POST" and form.is_valid():
        facts, reason = form.facts(), form.cleaned_data["reason"]
        if _said_yes(request, form, domain.add_item, "已增加。", catalog=found, facts=facts, reason=reason):
            return redirect("province:catalog_version", found.pk)
    context = {
        "catalog": found,
        "form": form,
        "number": queries.free_number(),
        "clauses": queries.all_clauses(),
    }
    return render(request, "province/catalog_item_new.html", context, status=422 if form.errors else 200)


@require_POST
def catalog_item_take_out(request: HttpRequest, catalog_id: int, number: int) -> HttpResponse:
    return KIND.take_with_reason(request, catalog_id, domain.take_out_item, "已去掉，复核前可以放回。", number=number)


@require_POST
def catalog_item_put_back(request: HttpRequest, catalog_id: int, number: int) -> HttpResponse:
    return KIND.take(request, catalog_id, domain.put_item_back, "已照原来的放回。", number=number)


@require_POST
def catalog_hand_in(request: HttpRequest, catalog_id: int) -> HttpResponse:
    return KIND.take(request, catalog_id, domain.hand_in_catalog, "已提交，等另一位同事复核。")


@require_POST
def catalog_sign(request: HttpRequest, catalog_id: int) -> HttpResponse:
    return KIND.take(request, catalog_id, domain.sign_catalog, "已复核，可以公布。")


@require_POST
def catalog_send_back(request: HttpRequest, catalog_id: int) -> HttpResponse:
    return KIND.take_with_reason(request, catalog_id, domain.send_back_catalog, "已退回草稿。")


@require_POST
def catalog_withdraw(request: HttpRequest, catalog_id: int) -> HttpResponse:
    return KIND.take_with_reason(request, catalog_id, domain.withdraw_catalog, "草稿已撤回。")


@require_POST
def catalog_publish(request: HttpRequest, catalog_id: int) -> HttpResponse:
    return KIND.take(request, catalog_id, domain.publish_catalog, "已公布，新的申领期可以选用。")


def _found(request: HttpRequest, catalog_id: int) -> CatalogVersion:
    rows = queries.catalog_versions_visible_to(request.actor)  # type: ignore[attr-defined]
    try:
        return rows.select_related("origin").get(pk=catalog_id)
    except CatalogVersion.DoesNotExist as missing:
        raise Http404 from missing


def _shown(request: HttpRequest, found: CatalogVersion, refused: list[Finding]) -> HttpResponse:
    rows = item_changes(found.origin, found)
    changed = [row for row in rows if row["changed"]]
    only = request.GET.get("view") == "changed"
    context = {
        "catalog": found,
        "rows": changed if only else rows,
        "labels": ITEM_LABELS,
        "tabs": [
            {"label": "全部", "url": "?", "count": len(rows), "current": not only},
            {"label": "只看不同", "url": "?view=changed", "count": len(changed), "current": only},
        ],
        **desk_of(found, request.actor, refused, check_catalog(found)),  # type: ignore[attr-defined]
    }
    return render(request, "province/catalog_version.html", context, status=422 if refused else 200)


KIND = Kind("catalog", "province:catalog_version", _found, _shown)


def _said_yes(request: HttpRequest, form: ItemForm, command: Callable[..., Any], words: str, **more: Any) -> bool:
    """Run the command behind the form; what it refuses stands at the fields."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        command(**more, by=actor, at=clock.now(), version=form_version(request))
    except Refusal as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, words)
    return True


def _newest(versions: list[CatalogVersion]) -> CatalogVersion | None:
    """The newest published one, else whatever there is."""
    published = [one for one in versions if obj_state(one) == "published"]
    return max(published or versions, key=lambda one: one.code, default=None)
