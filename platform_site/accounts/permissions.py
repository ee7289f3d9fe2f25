"""May this person? Rules come in pairs: `check_user_can_…` raises PermissionDenied, `user_can_…` serves buttons."""

from django.core.exceptions import PermissionDenied

from platform_site.accounts.enums import ADMIN_OF_KIND, APPROVERS, COMPANIES, Kind, Role
from platform_site.accounts.models import Membership, Organisation
from platform_site.accounts.queries import entrusted_tasks, helped_companies
from platform_site.kit.actor import Actor

SYSTEM = "system"


def _check(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def is_system(actor: Actor) -> bool:
    """The platform itself: set-up commands and jobs."""
    return actor.has(SYSTEM) and not actor.signed_in


def user_can_manage_members(actor: Actor, organisation: Organisation) -> bool:
    """The organisation's own administrators; the province's for every bureau, so that a bureau can begin."""
    if is_system(actor):
        return True
    if actor.delegated:
        return False
    if actor.organisation_id == organisation.pk:
        return actor.has(ADMIN_OF_KIND[organisation.kind])
    by_province = actor.organisation_kind == Kind.PROVINCE and actor.has(Role.BUREAU_ADMIN)
    return by_province and organisation.kind not in COMPANIES


def check_user_can_manage_members(actor: Actor, organisation: Organisation) -> None:
    _check(user_can_manage_members(actor, organisation))


def user_can_create_organisation(actor: Actor, kind: str) -> bool:
    """Companies sign themselves up; everything else is set up by the platform or the province's administrator."""
    if kind in COMPANIES or is_system(actor):
        return True
    return actor.organisation_kind == Kind.PROVINCE and actor.has(Role.BUREAU_ADMIN) and not actor.delegated


def check_user_can_create_organisation(actor: Actor, kind: str) -> None:
    _check(user_can_create_organisation(actor, kind))


def user_can_close_organisation(actor: Actor) -> bool:
    by_province = actor.organisation_kind == Kind.PROVINCE and actor.has(Role.BUREAU_ADMIN)
    return is_system(actor) or (by_province and not actor.delegated)


def check_user_can_close_organisation(actor: Actor) -> None:
    _check(user_can_close_organisation(actor))


def user_can_hand_over(actor: Actor, membership: Membership) -> bool:
    """One's own place, or any place of an organisation one administers. Entrusted places are ended, never passed on."""
    if membership.delegated:
        return False
    return actor.user_id == membership.user_id or user_can_manage_members(actor, membership.organisation)


def check_user_can_hand_over(actor: Actor, membership: Membership) -> None:
    _check(user_can_hand_over(actor, membership))


def user_can_recover(actor: Actor, organisation: Organisation) -> bool:
    """Officials of the bureau responsible for the company, never entrusted staff (S19/8)."""
    return helped_companies(actor).filter(pk=organisation.pk).exists()


def check_user_can_recover(actor: Actor, organisation: Organisation) -> None:
    _check(user_can_recover(actor, organisation))


def user_can_approve(actor: Actor) -> bool:
    """Approving is never entrusted to third parties (S19/8, T18/7)."""
    return actor.has(*APPROVERS) and not actor.delegated


def check_user_can_approve(actor: Actor) -> None:
    _check(user_can_approve(actor))


def user_can_work_on(actor: Actor, task: str) -> bool:
    """Own staff always; a delegate only on the tasks entrusted. Roles are checked by the route."""
    tasks = entrusted_tasks(actor)
    return tasks is None or str(task) in tasks


def check_user_can_work_on(actor: Actor, task: str) -> None:
    _check(user_can_work_on(actor, task))


def user_can_change_standing(actor: Actor) -> bool:
    """Who decides on bars is checked by the callers on higher floors (two persons); here only officials at all."""
    return is_system(actor) or (actor.organisation_kind in (Kind.PROVINCE, Kind.CITY) and not actor.delegated)


def check_user_can_change_standing(actor: Actor) -> None:
    _check(user_can_change_standing(actor))
