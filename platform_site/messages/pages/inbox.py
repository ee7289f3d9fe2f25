"""The notification centre."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from platform_site.kit import clock
from platform_site.kit.page_keys import key_from
from platform_site.messages.domain import mark_read
from platform_site.messages.queries import messages_visible_to, unread_count

PAGE = 30


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Own messages, newest first; `?unread=1` narrows, `?before=` turns the page by key."""
    rows = messages_visible_to(request.actor)  # type: ignore[attr-defined]
    if request.GET.get("unread") == "1":
        rows = rows.filter(read_at=None)
    before = key_from(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    return render(
        request,
        "messages/inbox.html",
        {
            "messages_shown": found[:PAGE],
            "next_before": found[PAGE - 1].pk if len(found) > PAGE else None,
            "unread": unread_count(request.actor),  # type: ignore[attr-defined]
            "only_unread": request.GET.get("unread") == "1",
        },
    )


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark one, several or (without ids) all messages as read."""
    actor = request.actor  # type: ignore[attr-defined]
    ids = [key for text in request.POST.getlist("id") if (key := key_from(text)) is not None]
    chosen = ids or list(messages_visible_to(actor).filter(read_at=None).values_list("pk", flat=True))
    mark_read(message_ids=chosen, by=actor, at=clock.now())
    return redirect("messages:inbox")
