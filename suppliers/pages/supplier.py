"""The supplier's own record and its agents."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from platform_site.accounts.models import Organisation
from platform_site.accounts.queries import organisations_visible_to
from platform_site.audit.queries import trail_of
from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from suppliers.domain import (
    add_supplier_file,
    edit_supplier,
    list_agent,
    register_supplier,
    remove_agent,
    remove_supplier_file,
    start_supplier_again,
    submit_supplier,
)
from suppliers.forms import AgentForm, SupplierForm
from suppliers.models import Supplier
from suppliers.pages.attached import file_rows
from suppliers.pages.progress import supplier_progress
from suppliers.policies import (
    EDITABLE_SUPPLIER,
    submission_findings,
)
from suppliers.queries import (
    agents_of,
    files_of,
    open_proposal,
    own_supplier,
    reviews_of,
)


def _own(request: HttpRequest) -> Supplier:
    supplier = own_supplier(request.actor)  # type: ignore[attr-defined]
    if supplier is None:
        raise Http404
    return supplier


# -- the record --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Form while it may be edited, else the record with its progress."""
    actor = request.actor  # type: ignore[attr-defined]
    supplier = own_supplier(actor)
    initial = SupplierForm.initial_of(supplier) if supplier else {"contact_name": actor.label}
    form = SupplierForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        answer = _save_profile(request, supplier, form)
        if answer is not None:
            return answer
    status = 422 if request.method == "POST" else 200
    return render(request, "supplier/profile.html", _profile_context(request, form), status=status)


def _save_profile(request: HttpRequest, supplier: Supplier | None, form: SupplierForm) -> HttpResponse | None:
    """Saved first and then submitted: a refusal to submit loses nothing that was typed or uploaded."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    try:
        if supplier is None:
            organisation = _organisation(request)
            supplier = register_supplier(organisation=organisation, profile=form.profile(), by=actor, at=at)
        else:
            version = int(request.POST.get("version") or supplier.version)
            supplier = edit_supplier(supplier=supplier, profile=form.profile(), version=version, by=actor, at=at)
        for kind in SupplierForm.FILES:
            if form.cleaned_data[kind]:
                add_supplier_file(supplier=supplier, upload=form.cleaned_data[kind], kind=kind, by=actor, at=at)
        if request.POST.get("action") == "submit":
            submit_supplier(supplier=supplier, by=actor, at=at)
    except Refusal as refusal:
        form.add_refusal(refusal)
        return None
    submitted = request.POST.get("action") == "submit"
    messages.success(request, "已提交审核。" if submitted else "已保存，还没有提交。")
    return redirect("supplier:profile")


def _organisation(request: HttpRequest) -> Organisation:
    actor = request.actor  # type: ignore[attr-defined]
    return organisations_visible_to(actor).get(pk=actor.organisation_id)


def _profile_context(request: HttpRequest, form: SupplierForm) -> dict[str, Any]:
    supplier = own_supplier(request.actor)  # type: ignore[attr-defined]
    context: dict[str, Any] = {"form": form, "supplier": supplier, "organisation": _organisation(request)}
    if supplier is None:
        return {**context, "editable": True}
    reviews, editable = reviews_of(supplier), supplier.state in EDITABLE_SUPPLIER
    return {
        **context,
        "editable": editable,
        "progress": supplier_progress(supplier, open_proposal(supplier)),
        "files": file_rows(files_of(supplier), "supplier:profile_file_remove" if editable else ""),
        "reviews": reviews,
        "last_return": reviews[0] if supplier.state == "returned" and reviews else None,
        "missing": submission_findings(supplier, clock.now()) if editable else [],
        "trail": trail_of(supplier),
    }


@require_POST
def profile_file_remove(request: HttpRequest, file_id: int) -> HttpResponse:
    attached = next((one for one in files_of(_own(request)) if one.pk == file_id), None)
    if attached is None:
        raise Http404
    try:
        remove_supplier_file(supplier_file=attached, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Refusal as refusal:
        messages.error(request, refusal.findings[0].reason)
    return redirect("supplier:profile")


@require_POST
def profile_again(request: HttpRequest) -> HttpResponse:
    """Register once more after a refusal."""
    try:
        start_supplier_again(supplier=_own(request), by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Refusal as refusal:
        messages.error(request, refusal.findings[0].reason)
    return redirect("supplier:profile")


# -- agents ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def agents(request: HttpRequest) -> HttpResponse:
    supplier = own_supplier(request.actor)  # type: ignore[attr-defined]
    form = AgentForm(request.POST or None)
    if supplier is not None and request.method == "POST" and form.is_valid():
        try:
            list_agent(supplier=supplier, **form.cleaned_data, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "已列入名单。")
            return redirect("supplier:agents")
    context = {"supplier": supplier, "form": form, "agents": agents_of(supplier) if supplier else []}
    return render(request, "supplier/agents.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def agent_remove(request: HttpRequest, agent_id: int) -> HttpResponse:
    agent = agents_of(_own(request)).filter(pk=agent_id).first()
    if agent is None:
        raise Http404
    try:
        remove_agent(agent=agent, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Refusal as refusal:
        messages.error(request, refusal.findings[0].reason)
    return redirect("supplier:agents")
