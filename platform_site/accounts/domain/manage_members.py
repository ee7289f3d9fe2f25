"""Members join, change roles and leave; an organisation is never without its last administrator."""

from collections.abc import Iterable
from datetime import date, datetime

from platform_site.accounts.enums import ADMIN_OF_KIND, Event, Role
from platform_site.accounts.models import Membership, Organisation, User
from platform_site.accounts.permissions import check_user_can_manage_members
from platform_site.accounts.policies import last_admin_findings, role_findings
from platform_site.accounts.queries import day_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from platform_site.kit.locks import Rank, lock_one


def lock_organisation(pk: int) -> Organisation:
    """An organisation's people are decided under its row; organisations come first in the lock order."""
    return lock_one(Rank.PROVINCE, Organisation.objects.all(), pk=pk)


@command
def add_member(
    *,
    organisation: Organisation,
    user: User,
    roles: Iterable[str],
    by: Actor,
    at: datetime,
    until: date | None = None,
    entrusted_to: str = "",
    scope: Iterable[str] = (),
) -> Membership:
    """Put a person into an organisation, or give a member further roles. Delegates need `until` and `scope` (S19/8)."""
    locked = lock_organisation(organisation.pk)
    check_user_can_manage_members(by, locked)
    return put_in(
        organisation=locked, user=user, roles=roles, until=until, entrusted_to=entrusted_to, scope=scope, by=by, at=at
    )


def put_in(
    *,
    organisation: Organisation,
    user: User,
    roles: Iterable[str],
    by: Actor,
    at: datetime,
    until: date | None = None,
    entrusted_to: str = "",
    scope: Iterable[str] = (),
) -> Membership:
    """The part shared by adding, accepting an invitation and signing up; permission was checked there."""
    held = Membership.objects.filter(organisation=organisation, user=user, active=True).first()
    wanted = in_order({*roles, *(held.roles if held else ())})
    tasks = sorted({str(task) for task in scope})
    entrusted = Role.DELEGATE in wanted
    refuse_if(role_findings(organisation=organisation, roles=wanted, until=until, scope=tasks, day=day_of(at)))
    membership = held or Membership(organisation=organisation, user=user, since=at)
    membership.roles, membership.until, membership.scope = wanted, until, tasks
    membership.delegated_from, membership.entrusted_to = organisation if entrusted else None, entrusted_to.strip()
    membership.save()
    data = {"user_id": user.pk, "roles": wanted, "until": until, "entrusted_to": entrusted_to, "scope": tasks}
    event = Event.WORK_DELEGATED if entrusted else Event.MEMBER_ADDED
    record(by=by, at=at, event=event, subject=membership, data=data)
    return membership


@command
def change_roles(*, membership: Membership, roles: Iterable[str], by: Actor, at: datetime) -> Membership:
    """Give a member other roles; the term and tasks of a delegate stay as they are."""
    organisation = lock_organisation(membership.organisation_id)
    check_user_can_manage_members(by, organisation)
    held = Membership.objects.select_related("organisation").get(pk=membership.pk, active=True)
    wanted = in_order(roles)
    findings = role_findings(
        organisation=organisation, roles=wanted, until=held.until, scope=held.scope, day=day_of(at)
    )
    loses_admin = str(ADMIN_OF_KIND[organisation.kind]) not in wanted
    refuse_if(findings + last_admin_findings(membership=held, without_admin=loses_admin, at=at))
    before, held.roles = held.roles, wanted
    held.delegated_from = organisation if Role.DELEGATE in wanted else None
    held.save(update_fields=["roles", "delegated_from"])
    record(by=by, at=at, event=Event.ROLES_CHANGED, subject=held, data={"before": before, "after": wanted})
    return held


@command
def remove_member(*, membership: Membership, by: Actor, at: datetime, ground: str = "") -> Membership:
    """End a membership; the person and what they did stay. The last administrator stays."""
    organisation = lock_organisation(membership.organisation_id)
    check_user_can_manage_members(by, organisation)
    held = Membership.objects.select_related("organisation").get(pk=membership.pk, active=True)
    refuse_if(last_admin_findings(membership=held, without_admin=True, at=at))
    return end(membership=held, ground=ground, by=by, at=at)


def end(*, membership: Membership, ground: str, by: Actor, at: datetime) -> Membership:
    """The part shared by removal, handover and recovery."""
    membership.active, membership.ended_at = False, at
    membership.save(update_fields=["active", "ended_at"])
    data = {"user_id": membership.user_id, "ground": ground}
    record(by=by, at=at, event=Event.MEMBER_REMOVED, subject=membership, data=data)
    return membership


def in_order(roles: Iterable[str]) -> list[str]:
    """Each role once, in the order of the enumeration; unknown ones last, for the policy to name."""
    wanted = {str(role) for role in roles}
    return [role for role in Role.values if role in wanted] + sorted(wanted - set(Role.values))
