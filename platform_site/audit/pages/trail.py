"""The record of operations, as far as the reader may see it."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from platform_site.audit.queries import entries_visible_to, search_entries
from platform_site.kit.page_keys import key_from

PAGE = 50


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Newest first; `?q=` searches event, person, subject or operation id; `?before=` turns the page by key."""
    wanted = request.GET.get("q", "").replace("\0", "").strip()
    rows = search_entries(entries_visible_to(request.actor), wanted, _operation(wanted))  # type: ignore[attr-defined]
    before = key_from(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    return render(
        request,
        "audit/audit.html",
        {
            "entries": found[:PAGE],
            "q": wanted,
            "next_before": found[PAGE - 1].pk if len(found) > PAGE else None,
        },
    )


def _operation(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
