"""Who acts: memberships in force and the actor made of them."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from platform_site.accounts.enums import (
    OFFICIALS,
    OrganisationState,
)
from platform_site.accounts.models import Membership, User
from platform_site.kit.actor import ANONYMOUS, Actor
from platform_site.kit.compiled import Compiled, given

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day_of(at: datetime) -> date:
    """The calendar day in Shanghai."""
    return at.astimezone(SHANGHAI).date()


def memberships_in_force(at: datetime) -> QuerySet[Membership]:
    """Active, within the term, of an organisation in use; with organisation."""
    return _in_force(day_of(at), at)


def _in_force(day: Any, at: Any) -> QuerySet[Membership]:
    in_term = Q(until__isnull=True) | Q(until__gte=day)
    return Membership.objects.filter(
        in_term, active=True, since__lte=at, organisation__state=OrganisationState.ACTIVE
    ).select_related("organisation")


_OF_USER = Compiled(  # asked in every request of a signed-in person
    lambda: _in_force(given("day"), given("at")).filter(user_id=given("user")).order_by("since", "pk")
)


_BY_KEY = Compiled(lambda: User.objects.filter(pk=given("pk")))  # likewise


def user_of_session(user_id: int) -> User | None:
    """The person a session names, whether or not they may still sign in."""
    found = _BY_KEY.rows(pk=user_id)
    return found[0] if found else None


def memberships_of(user_id: int, at: datetime) -> list[Membership]:
    """A person's memberships in force, oldest first."""
    return _OF_USER.rows(day=day_of(at), at=at, user=user_id)


def actor_for(
    user: User | AnonymousUser, membership: Membership | int | None = None, *, at: datetime | None = None
) -> Actor:
    """The actor of a signed-in person: by the membership given (object or id), else the oldest one in force.

    A person without any membership in force acts as themself, without roles. `at` None: the term is not looked at
    beyond the `active` mark; pages always give it.
    """
    if not isinstance(user, User) or not user.is_active:
        return ANONYMOUS
    if isinstance(membership, Membership):
        return _actor(user, membership)
    own = memberships_of(user.pk, at) if at else _active_memberships(user.pk)
    chosen = next((one for one in own if one.pk == membership), own[0] if own else None)
    return _actor(user, chosen)


def _active_memberships(user_id: int) -> list[Membership]:
    found = Membership.objects.filter(user_id=user_id, active=True).select_related("organisation")
    return list(found.order_by("since", "pk"))


def _actor(user: User, membership: Membership | None) -> Actor:
    if membership is None:
        return Actor(user_id=user.pk, label=user.name or user.username)
    organisation = membership.organisation
    return Actor(
        user_id=user.pk,
        label=user.name or user.username,
        organisation_id=organisation.pk,
        organisation_name=organisation.name,
        organisation_kind=organisation.kind,
        area_code=organisation.area_code,
        roles=frozenset(membership.roles),
        membership_id=membership.pk,
        delegated=membership.delegated,
    )


def member_ids(organisation_id: int, *roles: str, at: datetime | None = None) -> list[int]:
    """User ids of an organisation's members in force, with one of the roles (none given: all)."""
    found = memberships_in_force(at) if at else Membership.objects.filter(active=True)
    found = found.filter(organisation_id=organisation_id, user__is_active=True)
    if roles:
        found = found.filter(roles__overlap=[str(role) for role in roles])
    return list(found.order_by("user_id").values_list("user_id", flat=True))


def entrusted_tasks(actor: Actor) -> frozenset[str] | None:
    """What a delegate is entrusted with; None for own staff, who are not limited."""
    if not actor.delegated or actor.membership_id is None:
        return None
    scope = Membership.objects.filter(pk=actor.membership_id).values_list("scope", flat=True).first()
    return frozenset(scope or ())


def needs_second_factor(user_id: int) -> bool:
    """Officials must have one where the operator asks for it (OFFICIALS_NEED_SECOND_FACTOR)."""
    if not settings.OFFICIALS_NEED_SECOND_FACTOR:
        return False
    return Membership.objects.filter(user_id=user_id, active=True, roles__overlap=sorted(OFFICIALS)).exists()


def email_verified(user_id: int) -> bool:
    return EmailAddress.objects.filter(user_id=user_id, primary=True, verified=True).exists()


def has_second_factor(user_id: int) -> bool:
    return Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).exists()
