"""Reading messages."""

from django.db.models import QuerySet

from platform_site.kit.actor import Actor
from platform_site.messages.models import Message


def messages_visible_to(actor: Actor) -> QuerySet[Message]:
    """A person's own messages, newest first."""
    if actor.user_id is None:
        return Message.objects.none()
    return Message.objects.filter(user_id=actor.user_id).order_by("-id")


def unread_count(actor: Actor) -> int:
    return messages_visible_to(actor).filter(read_at=None).count()
