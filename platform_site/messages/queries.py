"""Reading messages."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from platform_site.kit.actor import Actor
from platform_site.messages.models import Message


def messages_visible_to(actor: Actor) -> QuerySet[Message]:
    """A person's own messages, newest first."""
    if actor.user_id is None:
        return Message.objects.none()
    return Message.objects.filter(user_id=actor.user_id).order_by("-id")


def unmailed_by_person(*, since: datetime) -> dict[int, list[int]]:
    """Unread messages in no letter yet, oldest first: user id → message ids."""
    rows = Message.objects.filter(mailed_at=None, read_at=None, at__gte=since).order_by("id")
    found: dict[int, list[int]] = {}
    for user_id, pk in rows.values_list("user_id", "pk"):
        found.setdefault(user_id, []).append(pk)
    return found


def messages_of_letter(user_id: int, message_ids: Iterable[int]) -> list[Message]:
    """A person's messages of a letter; one that was read meanwhile is left out."""
    rows = Message.objects.filter(user_id=user_id, pk__in=list(message_ids), read_at=None)
    return list(rows.order_by("id"))


def unread_count(actor: Actor) -> int:
    return messages_visible_to(actor).filter(read_at=None).count()
