"""Pages for people who are not signed in: sign-up and invitations."""

from allauth.account import app_settings as account_settings
from allauth.account.utils import complete_signup
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from platform_site.accounts import domain, queries
from platform_site.accounts.domain.invite import invitation_of
from platform_site.accounts.forms import JoinForm, SignUpForm
from platform_site.accounts.middleware import CHOSEN_MEMBERSHIP
from platform_site.accounts.models import Invitation, Membership, User
from platform_site.accounts.policies import invitation_findings
from platform_site.kit import clock
from platform_site.kit.findings import Refusal

UNPROCESSABLE = 422


@sensitive_post_parameters("password", "password_again")
@never_cache
@require_http_methods(["GET", "POST"])
@rate_limit(action="signup")
def sign_up(request: HttpRequest) -> HttpResponse:
    """A company and its first person."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.signed_in:
        return redirect("accounts:switch")
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = domain.sign_up(**form.arguments(), by=actor, at=clock.now())
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "注册好了。下一步请完善单位信息，提交审核。")
            return _let_in(request, user)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "accounts/sign_up.html", {"form": form}, status=status)


@sensitive_post_parameters("password", "password_again")
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The letter's link: who is invited whereto; accepting needs the account with the letter's e-mail, or makes it."""
    letter, at = invitation_of(token), clock.now()
    findings = invitation_findings(letter, at)
    if letter is None or findings:
        return render(request, "accounts/invitation_void.html", {"findings": findings}, status=410)
    if request.actor.signed_in:  # type: ignore[attr-defined]
        return _accept(request, token, letter)
    if queries.person_by_email(letter.email) is not None:
        way = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
        return render(request, "accounts/invitation.html", {"letter": letter, "login_url": way})
    return _join(request, token, letter)


def _accept(request: HttpRequest, token: str, letter: Invitation) -> HttpResponse:
    findings = []
    if request.method == "POST":
        try:
            membership = domain.accept_invitation(token=token, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        except Refusal as refusal:
            findings = refusal.findings
        else:
            return _arrived(request, membership)
    status = UNPROCESSABLE if findings else 200
    context = {"letter": letter, "may_accept": True, "findings": findings}
    return render(request, "accounts/invitation.html", context, status=status)


def _join(request: HttpRequest, token: str, letter: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, email=letter.email, initial={"name": letter.name})
    if request.method == "POST" and form.is_valid():
        try:
            membership = domain.join_by_invitation(
                token=token,
                by=request.actor,  # type: ignore[attr-defined]
                at=clock.now(),
                **form.arguments(),
            )
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            return _let_in(request, membership.user)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "accounts/invitation.html", {"letter": letter, "form": form}, status=status)


def _let_in(request: HttpRequest, user: User) -> HttpResponse:
    """Signed in by allauth, which also sends the letter that verifies the mailbox."""
    return complete_signup(request, user, account_settings.EMAIL_VERIFICATION, resolve_url(settings.LOGIN_REDIRECT_URL))


def _arrived(request: HttpRequest, membership: Membership) -> HttpResponse:
    request.session[CHOSEN_MEMBERSHIP] = membership.pk
    messages.success(request, f"您已加入{membership.organisation.name}。")
    return redirect(settings.LOGIN_REDIRECT_URL)
