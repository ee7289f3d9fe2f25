"""Routes declare who may come in, how far they see and what is written down; the start-up check wants it of each."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import URLPattern, path

PUBLIC = "public"
SIGNED_IN = "signed_in"
API_TOKEN = "api"  # noqa: S105 - a word, no token


@dataclass(frozen=True, slots=True)
class Declaration:
    """roles: role names, or PUBLIC, SIGNED_IN, API_TOKEN (the view authenticates a machine itself).
    scope: whose objects are seen ("own organisation", "own city", "all", "none").
    audit: verb written down by the command behind it, "" for reading."""

    roles: frozenset[str]
    scope: str
    audit: str


def route(
    pattern: str, view: Callable[..., Any], *, name: str, roles: Iterable[str] | str, scope: str, audit: str = ""
) -> URLPattern:
    """A `path()` whose view lets only the declared roles in: strangers sign in first, others get 403."""
    declared = Declaration(frozenset({roles} if isinstance(roles, str) else roles), scope, audit)
    return path(pattern, _guarded(view, declared), name=name)


def _guarded(view: Callable[..., Any], declared: Declaration) -> Callable[..., HttpResponseBase]:
    @functools.wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if declared.roles & {PUBLIC, API_TOKEN}:
            return view(request, *args, **kwargs)
        actor = request.actor  # type: ignore[attr-defined]
        if not actor.signed_in:
            return _sign_in_first(request)
        if SIGNED_IN not in declared.roles and declared.roles.isdisjoint(actor.roles):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    enter.declaration = declared  # type: ignore[attr-defined]
    return enter


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
    return redirect_to_login(request.get_full_path())
