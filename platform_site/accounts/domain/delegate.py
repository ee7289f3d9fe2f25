"""Daily work entrusted to third parties (S19/8, T18/7)."""

from collections.abc import Iterable
from datetime import date, datetime

from platform_site.accounts.domain.manage_members import add_member
from platform_site.accounts.enums import DELEGATED_WORK, Role
from platform_site.accounts.models import Membership, Organisation, User
from platform_site.kit.actor import Actor
from platform_site.kit.command import command


def delegated_roles(organisation: Organisation) -> list[str]:
    """What an entrusted person holds here: the mark of a delegate and the reviewing role, never the approving one."""
    work = DELEGATED_WORK.get(organisation.kind)
    return [str(Role.DELEGATE), *([str(work)] if work else [])]


@command
def delegate_work(
    *,
    organisation: Organisation,
    user: User,
    tasks: Iterable[str],
    until: date,
    entrusted_to: str,
    by: Actor,
    at: datetime,
) -> Membership:
    """Let a person of a third party do the named tasks until that day, included."""
    return add_member(
        organisation=organisation,
        user=user,
        roles=delegated_roles(organisation),
        until=until,
        entrusted_to=entrusted_to,
        scope=tasks,
        by=by,
        at=at,
    )
