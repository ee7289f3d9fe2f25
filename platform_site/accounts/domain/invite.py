"""Invitations: a letter with a secret, good for one person, once, within its term."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.core import signing
from django.core.exceptions import PermissionDenied

from platform_site.accounts.domain.manage_members import end, in_order, lock_organisation, put_in
from platform_site.accounts.domain.people import create_person
from platform_site.accounts.enums import Event, Purpose
from platform_site.accounts.models import Invitation, Membership, Organisation, Recovery, User
from platform_site.accounts.permissions import check_user_can_manage_members
from platform_site.accounts.policies import RULE, invitation_findings, person_findings, role_findings
from platform_site.accounts.queries import day_of, invitation_by_secret
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.outbox.domain import enqueue

# How long a letter waits in a mailbox: a habit of the platform, not a rule of the documents.
TERM = timedelta(days=7)
_SALT = "accounts.invitation"


@command
def invite_member(
    *,
    organisation: Organisation,
    email: str,
    name: str,
    roles: Iterable[str],
    by: Actor,
    at: datetime,
    until: date | None = None,
    entrusted_to: str = "",
    scope: Iterable[str] = (),
) -> Invitation:
    """Send somebody a letter that makes them a member with these roles. A second letter replaces the first."""
    locked = lock_organisation(organisation.pk)
    check_user_can_manage_members(by, locked)
    wanted, tasks = in_order(roles), sorted({str(task) for task in scope})
    refuse_if(role_findings(organisation=locked, roles=wanted, until=until, scope=tasks, day=day_of(at)))
    return write_letter(
        organisation=locked,
        email=email,
        name=name,
        roles=wanted,
        until=until,
        entrusted_to=entrusted_to,
        scope=tasks,
        by=by,
        at=at,
    )


def write_letter(
    *,
    organisation: Organisation,
    email: str,
    name: str,
    roles: Iterable[str],
    by: Actor,
    at: datetime,
    purpose: str = Purpose.INVITE,
    until: date | None = None,
    entrusted_to: str = "",
    scope: Iterable[str] = (),
    hands_over: Membership | None = None,
    recovery: Recovery | None = None,
) -> Invitation:
    """The part shared by inviting, handing over and recovering; permission was checked there."""
    address = email.strip().lower()
    Invitation.objects.filter(
        organisation=organisation, email=address, accepted_at__isnull=True, withdrawn_at__isnull=True
    ).update(withdrawn_at=at)
    invitation = Invitation.objects.create(
        organisation=organisation,
        purpose=purpose,
        email=address,
        name=name.strip(),
        roles=list(roles),
        secret=secrets.token_urlsafe(24),
        invited_by_id=by.user_id,
        invited_at=at,
        expires_at=at + TERM,
        until=until,
        entrusted_to=entrusted_to.strip(),
        scope=list(scope),
        hands_over=hands_over,
        recovery=recovery,
    )
    enqueue(task="accounts.send_invitation", kwargs={"invitation_id": invitation.pk}, at=at)
    data = {"email": address, "roles": list(roles), "purpose": str(purpose)}
    record(by=by, at=at, event=Event.MEMBER_INVITED, subject=invitation, data=data)
    return invitation


@command
def withdraw_invitation(*, invitation: Invitation, by: Actor, at: datetime) -> None:
    """The letter can no longer be used; one already accepted or withdrawn stays as it is."""
    organisation = lock_organisation(invitation.organisation_id)
    check_user_can_manage_members(by, organisation)
    still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True)
    if still_open.update(withdrawn_at=at):
        record(by=by, at=at, event=Event.INVITATION_WITHDRAWN, subject=invitation, data={"email": invitation.email})


def invitation_token(invitation: Invitation) -> str:
    """What stands in the letter's link: the row's secret, signed, so that a copy of the database opens nothing."""
    return signing.dumps(invitation.secret, salt=_SALT)


def invitation_of(token: str) -> Invitation | None:
    """None for a link that this platform did not write."""
    try:
        secret = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return invitation_by_secret(secret)


@command
def accept_invitation(*, token: str, by: Actor, at: datetime) -> Membership:
    """The signed-in person, whose e-mail is the letter's, joins."""
    invitation = _lock_letter(token, at)
    if by.user_id is None:
        raise PermissionDenied
    user = User.objects.get(pk=by.user_id)
    if user.email.lower() != invitation.email.lower():
        raise Refusal(
            Finding(
                code="invitation.other_person",
                clause=RULE,
                title="邀请发给的是另一个邮箱",
                reason="您登录的账号不是收到邀请的邮箱，不能代别人接受。",
                remedy="请退出后用收到邀请的邮箱登录或注册；或请对方改邀您现在的邮箱。",
            )
        )
    return _accept(invitation, user, by, at)


@command
def join_by_invitation(
    *, token: str, username: str, name: str, phone: str, password: str, by: Actor, at: datetime
) -> Membership:
    """A newcomer makes an account by the letter; its mailbox counts as verified, the letter arrived there."""
    invitation = _lock_letter(token, at)
    login = username.strip() or invitation.email
    refuse_if(person_findings(username=login, name=name, email=invitation.email, password=password))
    user = create_person(
        username=login,
        name=name,
        email=invitation.email,
        password=password,
        phone=phone,
        email_verified=True,
        by=by,
        at=at,
    )
    return _accept(invitation, user, Actor(user_id=user.pk, label=user.name), at)


def _lock_letter(token: str, at: datetime) -> Invitation:
    found = invitation_of(token)
    refuse_if(invitation_findings(found, at))
    assert found is not None  # noqa: S101  the policy has refused a missing one
    lock_organisation(found.organisation_id)
    invitation = Invitation.objects.select_related("organisation", "hands_over", "recovery").get(pk=found.pk)
    refuse_if(invitation_findings(invitation, at))
    return invitation


def _accept(invitation: Invitation, user: User, by: Actor, at: datetime) -> Membership:
    membership = put_in(
        organisation=invitation.organisation,
        user=user,
        roles=invitation.roles,
        until=invitation.until,
        entrusted_to=invitation.entrusted_to,
        scope=invitation.scope,
        by=by,
        at=at,
    )
    invitation.accepted_at, invitation.accepted_by = at, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _end_predecessors(invitation, membership, by, at)
    record(by=by, at=at, event=Event.INVITATION_ACCEPTED, subject=invitation, data={"membership": membership.pk})
    return membership


def _end_predecessors(invitation: Invitation, membership: Membership, by: Actor, at: datetime) -> None:
    """Whoever hands over leaves now, not before the successor is there; a recovery may end everybody's access."""
    leaving = Membership.objects.filter(organisation_id=invitation.organisation_id, active=True).exclude(
        pk=membership.pk
    )
    recovery = invitation.recovery
    if recovery is None or not recovery.ends_previous:
        leaving = leaving.filter(pk=invitation.hands_over_id or 0)
    for one in leaving:
        end(membership=one, ground=Purpose(invitation.purpose).label, by=by, at=at)
