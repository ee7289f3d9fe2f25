"""The first page of everybody who works here: what waits, and the latest news."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from platform_site.kit import clock
from platform_site.messages.queries import messages_visible_to
from platform_site.portals.navigation import entries_for
from platform_site.portals.queries.desks import badges_for, waiting_for

LATEST = 6


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the to-do list."""

    count: int
    label: str
    note: str
    url: str


@require_safe
def todo(request: HttpRequest) -> HttpResponse:
    """Own desks that are not empty, each leading to its list."""
    actor = request.actor  # type: ignore[attr-defined]
    lines = waiting_for(actor, clock.now())
    items = [
        Item(line.count, line.desk.label, line.desk.note, reverse(line.desk.route) + line.desk.query) for line in lines
    ]
    return render(
        request,
        "portals/todo.html",
        {"items": items, "latest": list(messages_visible_to(actor)[:LATEST]), "entries": entries_for(actor)},
    )


@require_safe
def badges(request: HttpRequest) -> HttpResponse:
    """Counts for the menu, swapped in out of band."""
    actor = request.actor  # type: ignore[attr-defined]
    shown = {entry.route for entry in entries_for(actor) if entry.badge} | {"messages:inbox"}
    counts = {route: count for route, count in badges_for(actor, clock.now()).items() if route in shown}
    return render(request, "portals/badges.html", {"counts": counts})
