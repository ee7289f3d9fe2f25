"""The province's desk for monitoring schemes: draft from what is in force, change item by item, compare, sign."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.forms import ReasonForm
from catalog.models import Item
from catalog.pages.steps import carried_out, form_version, may_now, two_people
from monitoring import domain
from monitoring.forms import DraftSchemesForm, SchemeForm
from monitoring.models import Scheme, SchemeSet
from monitoring.queries.schemes import (
    borrowed_schemes,
    changed_schemes,
    drafting_editions,
    items_judged,
    origin_of,
    scheme_sets_visible_to,
)
from monitoring.rules.scheme_checks import numbers_of, said
from platform_site.audit.enums import event_name
from platform_site.audit.queries import trail_of
from platform_site.kit import clock
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import obj_state


@require_http_methods(["GET", "HEAD", "POST"])
def schemes(request: HttpRequest) -> HttpResponse:
    """All sets by edition, newest first; below, a new draft."""
    editions = drafting_editions()
    form = DraftSchemesForm(request.POST or None, editions=editions)
    if request.method == "POST" and form.is_valid():
        try:
            made = domain.draft_schemes(by=request.actor, at=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "已照现行的方案起草。逐项改好，再提交复核。")
            return redirect("province:scheme_set", made.pk)
    titles = {edition.code: edition.title for edition in editions}
    sets = list(scheme_sets_visible_to(request.actor))  # type: ignore[attr-defined]
    rows = [{"set": one, "edition": titles.get(one.edition_code, one.edition_code)} for one in sets]
    context = {"rows": rows, "borrowed": borrowed_schemes(editions), "form": form}
    return render(request, "province/schemes.html", context, status=422 if form.errors else 200)


@require_safe
def scheme_set(request: HttpRequest, set_id: int) -> HttpResponse:
    """All items of a set beside the set in force before it."""
    return _shown(request, _found(request, set_id))


@require_http_methods(["GET", "HEAD", "POST"])
def scheme(request: HttpRequest, set_id: int, number: int) -> HttpResponse:
    """One item: changed while the set is a draft, else shown on the set's page."""
    found = _found(request, set_id)
    row = found.schemes.filter(item_number=number).first()
    if row is None:
        raise Http404
    if obj_state(found) != "draft" or not may_now(found, request.actor)["may_edit"]:  # type: ignore[attr-defined]
        return redirect("province:scheme_set", found.pk)
    form = SchemeForm(request.POST or None, scheme=row)
    if request.method == "POST" and form.is_valid() and _saved(request, found, row, form):
        return redirect("province:scheme_set", found.pk)
    name = next((item.name for item in items_judged(found.edition_code) if item.number == number), "")
    context = {"set": found, "scheme": row, "item": name, "form": form}
    return render(request, "province/scheme.html", context, status=422 if form.errors else 200)


@require_POST
def scheme_set_hand_in(request: HttpRequest, set_id: int) -> HttpResponse:
    return _done(request, set_id, domain.hand_in_schemes, "已提交，等另一位同事复核。")


@require_POST
def scheme_set_sign(request: HttpRequest, set_id: int) -> HttpResponse:
    return _done(request, set_id, domain.sign_schemes, "已复核，可以施行。")


@require_POST
def scheme_set_send_back(request: HttpRequest, set_id: int) -> HttpResponse:
    return _done(request, set_id, domain.send_back_schemes, "已退回草稿。", reason=request.POST.get("reason", ""))


@require_POST
def scheme_set_withdraw(request: HttpRequest, set_id: int) -> HttpResponse:
    return _done(request, set_id, domain.withdraw_schemes, "草稿已撤回。", reason=request.POST.get("reason", ""))


@require_POST
def scheme_set_publish(request: HttpRequest, set_id: int) -> HttpResponse:
    return _done(request, set_id, domain.publish_schemes, "已施行。现在起的申请按它监测，以前的不变。")


# ---- what the pages share -------------------------------------------------------------------------------------
def _found(request: HttpRequest, set_id: int) -> SchemeSet:
    found = scheme_sets_visible_to(request.actor).filter(pk=set_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _saved(request: HttpRequest, found: SchemeSet, row: Scheme, form: SchemeForm) -> bool:
    try:
        domain.amend_scheme(
            scheme_set=found,
            item_number=row.item_number,
            changes=form.cleaned_data,
            by=request.actor,  # type: ignore[attr-defined]
            at=clock.now(),
            version=form_version(request),
        )
    except Refusal as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, f"第 {row.item_number} 项已保存。")
    return True


def _done(
    request: HttpRequest, set_id: int, command: Callable[..., SchemeSet], words: str, **more: Any
) -> HttpResponse:
    refused = carried_out(request, command, words, scheme_set=_found(request, set_id), **more)
    return _shown(request, _found(request, set_id), refused) if refused else redirect("province:scheme_set", set_id)


def _shown(request: HttpRequest, found: SchemeSet, refused: list[Finding] | None = None) -> HttpResponse:
    origin = origin_of(found)
    changed = changed_schemes(found, origin) if origin else {}
    items = {item.number: item for item in items_judged(found.edition_code)}
    rows = [
        _row(scheme, items.get(scheme.item_number), changed.get(scheme.item_number, []))
        for scheme in found.schemes.all()
    ]
    context = {
        "set": found,
        "origin": origin,
        "rows": rows,
        "changed": [row for row in rows if row["changes"]],
        "refused": refused or [],
        "two": two_people(found),
        "reason_form": ReasonForm(),
        "entries": _trail(found),
        **may_now(found, request.actor),  # type: ignore[attr-defined]
    }
    return render(request, "province/scheme_set.html", context, status=422 if refused else 200)


def _row(scheme: Scheme, item: Item | None, changes: list[tuple[str, Any, Any]]) -> dict[str, Any]:
    labels = {number.name: number.label for number in numbers_of(scheme.kind)}
    return {
        "scheme": scheme,
        "name": item.name if item else "",
        "per_device": item.per_device if item else None,
        "changes": [
            {"label": labels[name], "old": said(name, old), "new": said(name, new)} for name, old, new in changes
        ],
    }


def _trail(found: SchemeSet) -> list[dict[str, Any]]:
    """What happened to it, newest first, with reasons."""
    return [
        {
            "at": entry.at,
            "who": entry.actor_label,
            "text": "：".join(filter(None, (event_name(entry.event), _words(entry.data)))),
            "operation": entry.op,
        }
        for entry in trail_of(found)
    ]


def _words(data: dict[str, Any]) -> str:
    return f"第 {data['item']} 项" if "item" in data else str(data.get("reason", ""))
