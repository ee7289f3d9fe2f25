"""What a refused form looks like, and moments of the platform's clock."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from django.test import Client

from platform_site.accounts.models import User
from platform_site.kit import clock
from platform_site.kit.actor import Actor
from platform_site.kit.clause_names import clause_name

BACKEND = "platform_site.accounts.backends.SignInBackend"


def as_(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id), backend=BACKEND)
    return client


def refused(answer: Any, *, clause: str, reason: str, remedy: str, kept: Iterable[str] = ()) -> None:
    """422, the clause by its name, why, what to do, and everything typed still on the page."""
    page = unescape(answer.content.decode())
    said = page[page.find("<main") :].replace("\u00a0", " ")
    assert answer.status_code == 422, f"{answer.status_code}: {said[:1500]}"
    missing = [words for words in (clause_name(clause), reason, remedy, *kept) if words not in said]
    assert missing == [], f"{missing}: " + " ".join(_TAGS.sub(" ", said).split())[:2500]


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The platform's clock reads this when the block begins, and runs on."""
    before = clock.offset()
    clock.dial(moment - datetime.now(UTC))
    try:
        yield
    finally:
        clock.dial(before)


_TAGS = re.compile(r"<[^>]+>")
SECOND = timedelta(seconds=1)
