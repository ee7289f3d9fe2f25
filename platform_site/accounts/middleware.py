"""Who acts in this request, and whether an official has the second factor that the operator asks for."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from platform_site.accounts.enums import OFFICIALS
from platform_site.accounts.queries import actor_for, has_second_factor
from platform_site.kit import clock
from platform_site.kit.actor import ANONYMOUS, Actor
from platform_site.kit.routes import PUBLIC

CHOSEN_MEMBERSHIP = "membership"
SECOND_FACTOR_SEEN = "second_factor_seen"
_Respond = Callable[[HttpRequest], HttpResponseBase]


class ActorMiddleware:
    """Lazy: a page that never asks costs nothing; a visitor costs nothing; a signed-in person one query."""

    def __init__(self, get_response: _Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: _actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor_of(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return ANONYMOUS
    return actor_for(request.user, request.session.get(CHOSEN_MEMBERSHIP), at=clock.now())


class SecondFactorMiddleware:
    """Officials without a second factor are led to its set-up page before they see anything else.

    Asked once per session: once there, the factor cannot be taken off by the person, and signing in asks for it.
    """

    def __init__(self, get_response: _Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not settings.OFFICIALS_NEED_SECOND_FACTOR or _open_without_factor(request, view):
            return None
        actor = request.actor  # type: ignore[attr-defined]
        if not actor.signed_in or actor.roles.isdisjoint(OFFICIALS) or request.session.get(SECOND_FACTOR_SEEN):
            return None
        if has_second_factor(actor.user_id):
            request.session[SECOND_FACTOR_SEEN] = True
            return None
        messages.warning(request, "您的岗位要求使用双重验证。请先完成设置，再办理业务。")
        return redirect("mfa_index")


def _open_without_factor(request: HttpRequest, view: Callable[..., Any]) -> bool:
    """Public pages, and the account pages on which the factor is set up."""
    match = request.resolver_match
    declaration = getattr(view, "declaration", None)
    own = match is not None and (match.url_name or "").startswith(("account_", "mfa_"))
    return own or (declaration is not None and PUBLIC in declaration.roles)
