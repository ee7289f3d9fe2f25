"""After signing in: to the first page of the person's own menu."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from platform_site.portals.context import home_url


@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """Each role has its own desk; a person without a membership lands on the public home page."""
    return redirect(home_url(request.actor))  # type: ignore[attr-defined]
