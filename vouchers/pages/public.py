"""The public queue board: numbers per city, nobody's name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from catalog.queries import current_period, periods_visible_to
from platform_site.kit import clock
from platform_site.kit.actor import ANONYMOUS
from vouchers.queries import queue_board


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Quota, issued and waiting per city, as of this moment."""
    chosen = periods_visible_to(ANONYMOUS).filter(code=request.GET.get("period", "")).first()
    period = chosen or current_period(clock.now())
    board = queue_board(period) if period else []
    return render(request, "public/queue.html", {"period": period, "board": board, "at": clock.now()})
