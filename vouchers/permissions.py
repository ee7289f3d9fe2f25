"""May this person. Pairs: `user_can_x` for buttons, `check_user_can_x` raises PermissionDenied. Policies know no
user."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from platform_site.accounts.enums import ENTERPRISE, SUPPLIER, Kind, Role, Task
from platform_site.accounts.queries import entrusted_tasks
from platform_site.kit.actor import Actor
from vouchers.models import Enterprise, QuotaPlan, Voucher

BUREAU_REVIEWERS = frozenset({Role.CITY_REVIEWER, Role.COUNTY_REVIEWER})


def _may(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def user_can_edit_enterprise(actor: Actor, enterprise: Enterprise | None = None) -> bool:
    """Members of the enterprise itself."""
    own = enterprise is None or enterprise.organisation_id == actor.organisation_id
    return own and actor.organisation_kind == Kind.ENTERPRISE and actor.has(*ENTERPRISE)


def check_user_can_edit_enterprise(actor: Actor, enterprise: Enterprise | None = None) -> None:
    _may(user_can_edit_enterprise(actor, enterprise))


def _of_area(actor: Actor, city_id: str, county_id: str | None) -> bool:
    if actor.organisation_kind == Kind.CITY:
        return actor.area_code == city_id
    return actor.organisation_kind == Kind.COUNTY and actor.area_code == county_id


def _entrusted(actor: Actor, task: Task) -> bool:
    tasks = entrusted_tasks(actor)
    return tasks is None or task in tasks


def user_can_review_enterprise(actor: Actor, enterprise: Enterprise) -> bool:
    """City or county reviewer of its area; entrusted staff within their tasks (S19/8)."""
    return (
        _of_area(actor, enterprise.city_id, enterprise.county_id)
        and actor.has(*BUREAU_REVIEWERS, Role.CITY_APPROVER, Role.DELEGATE)
        and _entrusted(actor, Task.ENTERPRISE_REVIEW)
    )


def check_user_can_review_enterprise(actor: Actor, enterprise: Enterprise) -> None:
    _may(user_can_review_enterprise(actor, enterprise))


def user_can_review_application(actor: Actor, voucher: Voucher) -> bool:
    """Reviewers of the area; entrusted staff within their tasks, who propose but never sign."""
    return (
        _of_area(actor, voucher.city_id, voucher.enterprise.county_id)
        and actor.has(*BUREAU_REVIEWERS, Role.DELEGATE)
        and _entrusted(actor, Task.APPLICATION_REVIEW)
    )


def check_user_can_review_application(actor: Actor, voucher: Voucher) -> None:
    _may(user_can_review_application(actor, voucher))


def user_can_answer_application(actor: Actor, voucher: Voucher) -> bool:
    """Members of the supplier that is named in the contract."""
    own = voucher.supplier.organisation_id == actor.organisation_id
    return own and actor.organisation_kind == Kind.SUPPLIER and actor.has(*SUPPLIER)


def check_user_can_answer_application(actor: Actor, voucher: Voucher) -> None:
    _may(user_can_answer_application(actor, voucher))


def user_can_sign_application(actor: Actor, voucher: Voucher) -> bool:
    """The city's approver in person; entrusted staff never (S19/8)."""
    own = actor.organisation_kind == Kind.CITY and actor.area_code == voucher.city_id
    return own and actor.has(Role.CITY_APPROVER) and not actor.delegated


def check_user_can_sign_application(actor: Actor, voucher: Voucher) -> None:
    _may(user_can_sign_application(actor, voucher))


def user_can_draft_quota(actor: Actor) -> bool:
    return actor.organisation_kind == Kind.PROVINCE and actor.has(Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER)


def check_user_can_draft_quota(actor: Actor) -> None:
    _may(user_can_draft_quota(actor))


def user_can_sign_quota(actor: Actor, plan: QuotaPlan | None = None) -> bool:
    """An approver in person; that it is another one than the drafter is a policy."""
    return actor.organisation_kind == Kind.PROVINCE and actor.has(Role.PROVINCE_APPROVER) and not actor.delegated


def check_user_can_sign_quota(actor: Actor, plan: QuotaPlan | None = None) -> None:
    _may(user_can_sign_quota(actor, plan))


def user_can_hold_voucher(actor: Actor, voucher: Voucher) -> bool:
    """An investigation is opened by the province or by the voucher's city."""
    if actor.has("system", Role.PROVINCE_APPROVER):
        return not actor.delegated
    return user_can_sign_application(actor, voucher)


def check_user_can_hold_voucher(actor: Actor, voucher: Voucher) -> None:
    _may(user_can_hold_voucher(actor, voucher))


def check_is_platform_or(actor: Actor, roles: Iterable[str]) -> None:
    """Jobs of the platform itself, or one of these roles."""
    _may(actor.has("system", *roles))


def person_of(actor: Actor) -> int:
    """The id of whoever acts in person; raises PermissionDenied for the platform itself and for visitors."""
    if actor.user_id is None:
        raise PermissionDenied
    return actor.user_id
