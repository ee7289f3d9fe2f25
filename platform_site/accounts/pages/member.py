"""Pages of every signed-in person: own data, memberships, handing over."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from platform_site.accounts import domain, queries
from platform_site.accounts.forms import HandOverForm, ProfileForm
from platform_site.accounts.middleware import CHOSEN_MEMBERSHIP
from platform_site.accounts.models import Membership
from platform_site.kit import clock
from platform_site.kit.findings import Refusal

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, phone, letters; ways to password, mailbox and second factor."""
    user, at = request.user, clock.now()
    initial = {"name": user.name, "phone": user.phone, "mail_choice": user.mail_choice}  # type: ignore[union-attr]
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        domain.change_profile(**form.cleaned_data, by=request.actor, at=at)  # type: ignore[attr-defined]
        messages.success(request, "已保存。")
        return redirect("accounts:profile")
    context = {
        "form": form,
        "memberships": queries.memberships_of(user.pk, at),  # type: ignore[arg-type]
        "has_second_factor": queries.has_second_factor(user.pk),  # type: ignore[arg-type]
        "email_verified": queries.email_verified(user.pk),  # type: ignore[arg-type]
    }
    return render(request, "accounts/profile.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest) -> HttpResponse:
    """In which organisation's name the person works from now on."""
    memberships = queries.memberships_of(request.user.pk, clock.now())  # type: ignore[arg-type]
    if request.method == "POST":
        chosen = next((one for one in memberships if str(one.pk) == request.POST.get("membership")), None)
        if chosen is None:
            raise Http404
        request.session[CHOSEN_MEMBERSHIP] = chosen.pk
        messages.success(request, f"现在以“{chosen.organisation.name}”的身份办理。")
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/switch.html", {"memberships": memberships})


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """One's own place in the organisation in use."""
    actor = request.actor  # type: ignore[attr-defined]
    held = queries.members_visible_to(actor).filter(pk=actor.membership_id, active=True).first()
    if held is None or held.delegated:
        raise Http404
    answer, form = hand_over_form(request, held)
    if answer is not None:
        request.session.pop(CHOSEN_MEMBERSHIP, None)
        return redirect("accounts:profile")
    context = {"form": form, "membership": held}
    return render(request, "accounts/hand_over.html", context, status=UNPROCESSABLE if form.errors else 200)


def hand_over_form(request: HttpRequest, held: Membership) -> tuple[object | None, HandOverForm]:
    """(what the command gave back, or None while the form is still open; the form)."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    form = HandOverForm(request.POST or None, colleagues=queries.colleagues_of(held, at))
    if request.method != "POST" or not form.is_valid():
        return None, form
    try:
        result = domain.hand_over(membership=held, by=actor, at=at, **form.arguments())
    except Refusal as refusal:
        form.add_refusal(refusal)
        return None, form
    if isinstance(result, Membership):
        messages.success(request, f"已交接给{result.user.name}。")
    else:
        messages.success(request, f"交接邀请已发到 {result.email}，对方接受后原权限自动停用。")
    return result, form
