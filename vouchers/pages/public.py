"""The public queue board, nobody's name on it, and the server's clock."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from catalog.queries import current_period, periods_visible_to
from platform_site.kit import clock
from platform_site.kit.actor import ANONYMOUS
from vouchers.pages.shapes import phase_of, waited
from vouchers.queries.board import public_board
from vouchers.queries.plans import public_steps


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Quota, issued and waiting per city, the length of the queue, and how far the decisions are."""
    at = clock.now()
    chosen = periods_visible_to(ANONYMOUS).filter(code=request.GET.get("period", "")).first()
    period = chosen or current_period(at)
    board = public_board(period, at) if period else None
    context: dict[str, Any] = {"period": period, "board": board, "phase": phase_of(period, at) if period else ""}
    if period is not None:
        context["steps"] = public_steps(period)
    if board is not None:
        context["oldest"] = waited(board.state.oldest, board.at)
        context["behind"] = waited(board.state.undecided_since, board.at)
    return render(request, "public/queue.html", context)


@never_cache
@require_GET
def server_clock(request: HttpRequest) -> HttpResponse:
    """For countdowns: a browser's clock may be wrong, and stands still while the computer sleeps."""
    return JsonResponse({"now": clock.now().isoformat()})
