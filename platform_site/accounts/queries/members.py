"""People of an organisation, invitations, recoveries."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Q, QuerySet

from platform_site.accounts.enums import (
    ADMIN_OF_KIND,
    COMPANIES,
    READ_ALL,
    Kind,
    MailChoice,
    Role,
)
from platform_site.accounts.models import Invitation, Membership, Organisation, Recovery, User
from platform_site.accounts.queries.acting import day_of, memberships_in_force
from platform_site.kit.actor import Actor


def members_visible_to(actor: Actor) -> QuerySet[Membership]:
    """Members of one's own organisation; the province's administrators and the auditor see all bureaus' too."""
    if not actor.signed_in or actor.organisation_id is None:
        return Membership.objects.none()
    found = Membership.objects.select_related("user", "organisation")
    own = Q(organisation_id=actor.organisation_id)
    if actor.organisation_kind == Kind.PROVINCE and actor.has(Role.BUREAU_ADMIN, Role.AUDITOR):
        return found.filter(own | ~Q(organisation__kind__in=sorted(COMPANIES)))
    return found.filter(own)


def staff_of(actor: Actor, at: datetime) -> QuerySet[Membership]:
    """Colleagues in force in the organisation in use, by name."""
    if actor.organisation_id is None:
        return Membership.objects.none()
    own = memberships_in_force(at).filter(organisation_id=actor.organisation_id, pk__in=members_visible_to(actor))
    return own.select_related("user", "organisation").order_by("user__name", "pk")


def colleagues_of(held: Membership, at: datetime) -> list[Membership]:
    """Own staff who could take a place over."""
    found = memberships_in_force(at).filter(organisation_id=held.organisation_id, delegated_from__isnull=True)
    return list(found.exclude(pk=held.pk).select_related("user", "organisation").order_by("user__name", "pk"))


def mailable_people(user_ids: Iterable[int], choice: MailChoice) -> list[int]:
    """Of these, who can sign in, has a mailbox proven to be theirs and chose this way of being told."""
    found = User.objects.filter(pk__in=list(user_ids), is_active=True, mail_choice=choice)
    proven = found.filter(emailaddress__primary=True, emailaddress__verified=True)
    return list(proven.order_by("pk").values_list("pk", flat=True))


def person_by_id(user_id: int) -> User | None:
    return User.objects.filter(pk=user_id).first()


def admin_count(organisation: Organisation, at: datetime) -> int:
    """Administrators in force who can still sign in."""
    admin = str(ADMIN_OF_KIND[organisation.kind])
    found = memberships_in_force(at).filter(organisation=organisation, roles__contains=[admin], user__is_active=True)
    return found.count()


def is_province_admin(actor: Actor) -> bool:
    return actor.organisation_kind == Kind.PROVINCE and actor.has(Role.BUREAU_ADMIN) and not actor.delegated


def bureaus_visible_to(actor: Actor, at: datetime) -> QuerySet[Organisation]:
    """Official bodies with `admins` and `people` in force; for everybody who works at the province."""
    if actor.organisation_kind != Kind.PROVINCE:
        return Organisation.objects.none()
    in_force = Q(memberships__active=True) & (
        Q(memberships__until__isnull=True) | Q(memberships__until__gte=day_of(at))
    )
    return (
        Organisation.objects.exclude(kind__in=sorted(COMPANIES))
        .annotate(
            people=Count("memberships", filter=in_force),
            admins=Count("memberships", filter=in_force & Q(memberships__roles__contains=[Role.BUREAU_ADMIN])),
        )
        .order_by("area_code", "kind", "pk")
    )


def invitations_visible_to(actor: Actor) -> QuerySet[Invitation]:
    """Open and past invitations into one's own organisation."""
    found = Invitation.objects.select_related("organisation", "invited_by")
    return found.filter(organisation_id=actor.organisation_id) if actor.organisation_id else found.none()


def invitation_by_secret(secret: str) -> Invitation | None:
    return Invitation.objects.select_related("organisation", "invited_by").filter(secret=secret).first()


def invitation_by_id(pk: int) -> Invitation | None:
    return Invitation.objects.select_related("organisation", "invited_by").filter(pk=pk).first()


def open_invitations(found: QuerySet[Invitation], at: datetime) -> QuerySet[Invitation]:
    return found.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at)


def recoveries_visible_to(actor: Actor) -> QuerySet[Recovery]:
    """What one's own bureau opened; the province and the auditor see all."""
    found = Recovery.objects.select_related("organisation", "opened_by", "bureau")
    if actor.organisation_kind == Kind.PROVINCE and actor.has(*READ_ALL, Role.BUREAU_ADMIN):
        return found
    return found.filter(bureau_id=actor.organisation_id) if actor.organisation_id else found.none()


def logins_by_role(at: datetime) -> dict[str, list[Membership]]:
    """Memberships in force by role, oldest first, of people who have a password: for the operator's console."""
    found: dict[str, list[Membership]] = {}
    people = memberships_in_force(at).filter(user__is_active=True).select_related("user", "organisation")
    people = people.exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    for membership in people.order_by("pk"):
        for role in membership.roles:
            found.setdefault(role, []).append(membership)
    return found


def person_by_email(email: str) -> User | None:
    return User.objects.filter(email__iexact=email.strip()).first() if email.strip() else None


def login_taken(username: str) -> bool:
    return User.objects.filter(username__iexact=username.strip()).exists()
