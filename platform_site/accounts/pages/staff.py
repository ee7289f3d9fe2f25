"""The people of an organisation: one implementation for companies and bureaus, mounted in every portal.

Every member may see who their colleagues are; only administrators get forms and buttons.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platform_site.accounts import domain, queries
from platform_site.accounts.domain.delegate import delegated_roles
from platform_site.accounts.enums import DELEGATED_WORK
from platform_site.accounts.forms import DelegateForm, InviteForm, RolesForm
from platform_site.accounts.models import Membership, Organisation
from platform_site.accounts.pages.member import hand_over_form
from platform_site.accounts.permissions import user_can_manage_members
from platform_site.kit import clock
from platform_site.kit.findings import Refusal

UNPROCESSABLE = 422


@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """Members in force, entrusted people, open invitations."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    organisation = _own(request)
    members = list(queries.staff_of(actor, at))
    may_manage = user_can_manage_members(actor, organisation)
    invitations = queries.open_invitations(queries.invitations_visible_to(actor), at) if may_manage else []
    context = {
        "organisation": organisation,
        "members": [one for one in members if not one.delegated],
        "delegates": [one for one in members if one.delegated],
        "invitations": list(invitations),
        "may_manage": may_manage,
        "may_delegate": may_manage and organisation.kind in DELEGATED_WORK,
        "routes": _routes(request),
    }
    return render(request, "accounts/staff.html", context)


@require_http_methods(["GET", "POST"])
def staff_invite(request: HttpRequest) -> HttpResponse:
    organisation = _managed(request)
    form = InviteForm(request.POST or None, kind=organisation.kind)
    if request.method == "POST" and form.is_valid() and _invited(request, organisation, form, form.cleaned_data):
        return redirect(_routes(request)["list"])
    context = {"form": form, "organisation": organisation, "routes": _routes(request)}
    return render(request, "accounts/staff_invite.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_http_methods(["GET", "POST"])
def staff_delegate(request: HttpRequest) -> HttpResponse:
    """Entrust daily work to a person of a third party (S19/8, T18/7)."""
    organisation = _managed(request)
    if organisation.kind not in DELEGATED_WORK:
        raise Http404
    form = DelegateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"roles": delegated_roles(organisation)}
        if _invited(request, organisation, form, values):
            return redirect(_routes(request)["list"])
    context = {"form": form, "organisation": organisation, "routes": _routes(request)}
    return render(request, "accounts/staff_delegate.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_http_methods(["GET", "POST"])
def staff_member(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: roles to change, and the ways to end, hand over, reset."""
    organisation, member = _managed(request), _member(request, pk)
    form = RolesForm(request.POST or None, kind=organisation.kind, initial={"roles": member.roles})
    if request.method == "POST" and form.is_valid():
        try:
            domain.change_roles(membership=member, by=request.actor, at=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"{member.user.name}的角色已更改，马上生效。")
            return redirect(_routes(request)["list"])
    context = {
        "form": form,
        "member": member,
        "routes": _routes(request),
        "has_second_factor": queries.has_second_factor(member.user_id),
    }
    return render(request, "accounts/staff_member.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_POST
def staff_end(request: HttpRequest, pk: int) -> HttpResponse:
    _managed(request)
    member = _member(request, pk)
    try:
        domain.remove_member(membership=member, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Refusal as refusal:
        _say(request, refusal)
        return redirect(_routes(request)["member"], pk=pk)
    messages.success(request, f"{member.user.name}的权限已停用，以前办理的记录都保留。")
    return redirect(_routes(request)["list"])


@require_http_methods(["GET", "POST"])
def staff_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """An administrator hands a colleague's place over."""
    _managed(request)
    member = _member(request, pk)
    if member.delegated:
        raise Http404
    result, form = hand_over_form(request, member)
    if result is not None:
        return redirect(_routes(request)["list"])
    context = {"form": form, "membership": member, "routes": _routes(request)}
    return render(request, "accounts/hand_over.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_POST
def staff_reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    _managed(request)
    member = _member(request, pk)
    domain.reset_second_factor(membership=member, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    messages.success(request, f"{member.user.name}的双重验证已重置，下次登录后要重新设置。")
    return redirect(_routes(request)["member"], pk=pk)


@require_POST
def staff_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    _managed(request)
    invitation = get_object_or_404(queries.invitations_visible_to(request.actor), pk=pk)  # type: ignore[attr-defined]
    domain.withdraw_invitation(invitation=invitation, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    messages.success(request, "邀请已撤回，原来的链接不能再用。")
    return redirect(_routes(request)["list"])


def _own(request: HttpRequest) -> Organisation:
    actor = request.actor  # type: ignore[attr-defined]
    return get_object_or_404(queries.organisations_visible_to(actor), pk=actor.organisation_id)


def _managed(request: HttpRequest) -> Organisation:
    """The own organisation, for administrators; others do not learn that the page is there."""
    organisation = _own(request)
    if not user_can_manage_members(request.actor, organisation):  # type: ignore[attr-defined]
        raise Http404
    return organisation


def _member(request: HttpRequest, pk: int) -> Membership:
    return get_object_or_404(queries.staff_of(request.actor, clock.now()), pk=pk)  # type: ignore[attr-defined]


def _invited(request: HttpRequest, organisation: Organisation, form: Any, values: dict[str, Any]) -> bool:
    try:
        domain.invite_member(organisation=organisation, by=request.actor, at=clock.now(), **values)  # type: ignore[attr-defined]
    except Refusal as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, f"邀请信已发到 {values['email']}，7 天内有效。")
    return True


def _say(request: HttpRequest, refusal: Refusal) -> None:
    for finding in refusal.findings:
        messages.error(request, f"{finding.title}。{finding.reason}{finding.remedy}")


def _routes(request: HttpRequest) -> dict[str, str]:
    """Names of these pages in the portal the request came in by."""
    match = request.resolver_match
    portal = match.namespace if match is not None else ""
    names = {"list": "staff", "invite": "staff_invite", "delegate": "staff_delegate", "member": "staff_member"}
    names |= {"end": "staff_end", "hand_over": "staff_hand_over", "withdraw": "staff_withdraw"}
    names |= {"reset": "staff_reset_second_factor"}
    return {key: f"{portal}:{name}" for key, name in names.items()}
