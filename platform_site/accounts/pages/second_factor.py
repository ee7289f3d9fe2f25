"""allauth's pages about an existing second factor, for people who may not have one."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from platform_site.accounts.queries import has_second_factor


def with_second_factor(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Without one there is nothing to show: the overview says so and offers to switch it on."""

    @functools.wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user_id = request.actor.user_id  # type: ignore[attr-defined]
        if user_id is None or not has_second_factor(user_id):
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return enter
