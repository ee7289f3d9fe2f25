"""Tell people."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied

from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.messages.models import Message
from platform_site.messages.queries import messages_visible_to


@command
def notify(
    *,
    user_ids: Iterable[int],
    title: str,
    at: datetime,
    body: str = "",
    link: str = "",
    organisation_id: int | None = None,
    key: str = "",
) -> int:
    """One message per person; with a `key` at most once. Returns how many persons were meant.

    `accounts.queries.member_ids(organisation_id, *roles)` gives the people of an organisation.
    """
    rows = [
        Message(
            user_id=user_id, organisation_id=organisation_id, at=at, title=title[:120], body=body, link=link, key=key
        )
        for user_id in sorted(set(user_ids))
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=bool(key))
    return len(rows)


@command
def mark_read(*, message_ids: Iterable[int], by: Actor, at: datetime) -> int:
    """Own messages only; others are left as they are."""
    own = messages_visible_to(by).filter(pk__in=list(message_ids), read_at=None)
    return own.update(read_at=at)


@command
def mark_mailed(*, message_ids: Iterable[int], by: Actor, at: datetime) -> int:
    """They are in a letter now; a message is in one letter only. Done by the platform alone."""
    if not by.has("system"):
        raise PermissionDenied
    return Message.objects.filter(pk__in=list(message_ids), mailed_at=None).update(mailed_at=at)
