"""Pages of bureaus: recovering a company's access; the province's list of bureaus and their first administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from platform_site.accounts import domain, queries
from platform_site.accounts.enums import ADMIN_OF_KIND
from platform_site.accounts.forms import InviteForm, RecoveryForm, SearchForm
from platform_site.accounts.permissions import user_can_manage_members
from platform_site.kit import clock
from platform_site.kit.findings import Refusal

UNPROCESSABLE = 422


@require_safe
def recoveries(request: HttpRequest) -> HttpResponse:
    """Find a company whose contact is gone; below, what this bureau opened."""
    actor = request.actor  # type: ignore[attr-defined]
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "form": form,
        "words": words,
        "companies": queries.find_organisations(queries.helped_companies(actor), words) if words.strip() else [],
        "recoveries": list(queries.recoveries_visible_to(actor)[:50]),
        "portal": request.resolver_match.namespace,  # type: ignore[union-attr]
    }
    return render(request, "accounts/recoveries.html", context)


@require_http_methods(["GET", "POST"])
def recovery_open(request: HttpRequest, pk: int) -> HttpResponse:
    """After checking who speaks for the company now, invite that person as its administrator."""
    actor = request.actor  # type: ignore[attr-defined]
    company = get_object_or_404(queries.helped_companies(actor), pk=pk)
    form = RecoveryForm(request.POST or None)
    portal = request.resolver_match.namespace  # type: ignore[union-attr]
    if request.method == "POST" and form.is_valid():
        try:
            domain.open_recovery(organisation=company, by=actor, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"邀请信已发给{company.name}的新联系人，原有成员已收到通知。")
            return redirect(f"{portal}:recoveries")
    context = {
        "form": form,
        "company": company,
        "admins": queries.admin_count(company, clock.now()),
        "portal": portal,
    }
    return render(request, "accounts/recovery_open.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_safe
def bureaus(request: HttpRequest) -> HttpResponse:
    """Every bureau with the number of its administrators; none: it cannot begin."""
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        "bureaus": list(queries.bureaus_visible_to(actor, clock.now())),
        "may_invite": queries.is_province_admin(actor),
    }
    return render(request, "accounts/bureaus.html", context)


@require_http_methods(["GET", "POST"])
def bureau_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """The province's administrator invites people into a bureau, first of all its administrator."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    bureau = get_object_or_404(queries.bureaus_visible_to(actor, at), pk=pk)
    if not user_can_manage_members(actor, bureau):
        return redirect("province:bureaus")
    form = InviteForm(request.POST or None, kind=bureau.kind, initial={"roles": [ADMIN_OF_KIND[bureau.kind]]})
    if request.method == "POST" and form.is_valid():
        try:
            domain.invite_member(organisation=bureau, by=actor, at=at, **form.cleaned_data)
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"邀请信已发到 {form.cleaned_data['email']}，7 天内有效。")
            return redirect("province:bureaus")
    context = {"form": form, "organisation": bureau}
    return render(request, "accounts/bureau_invite.html", context, status=UNPROCESSABLE if form.errors else 200)
