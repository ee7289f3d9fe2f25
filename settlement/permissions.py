"""May this person do it. Pairs: `user_can_…` for buttons, `check_user_can_…` raises PermissionDenied."""

from django.core.exceptions import PermissionDenied

from platform_site.accounts.enums import Kind, Role
from platform_site.kit.actor import Actor
from settlement.models import Redemption

ENTERPRISE_ROLES = (Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF)
SUPPLIER_ROLES = (Role.SUPPLIER_ADMIN, Role.SUPPLIER_STAFF)
PROVINCE_ROLES = (Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER)
CITY_ROLES = (Role.CITY_REVIEWER, Role.CITY_APPROVER)
SYSTEM = "system"


def user_can_claim(by: Actor, organisation_id: int) -> bool:
    """The enterprise itself."""
    return by.has(*ENTERPRISE_ROLES) and by.organisation_id == organisation_id


def user_can_confirm(by: Actor, redemption: Redemption) -> bool:
    """The supplier of the voucher."""
    return by.has(*SUPPLIER_ROLES) and by.organisation_id == redemption.voucher.supplier.organisation_id


def user_can_handle(by: Actor, city_id: str) -> bool:
    """Officials of the city: reviewer or approver, entrusted staff included."""
    return by.has(*CITY_ROLES) and by.organisation_kind == Kind.CITY and by.area_code == city_id


def user_can_sign(by: Actor, city_id: str) -> bool:
    """The city's approver. Entrusted staff never sign (S19/8)."""
    return user_can_handle(by, city_id) and by.has(Role.CITY_APPROVER) and not by.delegated


def user_can_pay(by: Actor, city_id: str) -> bool:
    """The finance bureau of the city."""
    return by.has(Role.FINANCE_OFFICER) and by.area_code == city_id


def user_can_claw_back(by: Actor, city_id: str) -> bool:
    """Officials of the city, or of the province."""
    return user_can_handle(by, city_id) or (by.has(*PROVINCE_ROLES) and by.organisation_kind == Kind.PROVINCE)


def user_can_order_clawback(by: Actor, city_id: str) -> bool:
    """The approver of the city or of the province, never entrusted staff."""
    province = by.has(Role.PROVINCE_APPROVER) and by.organisation_kind == Kind.PROVINCE and not by.delegated
    return user_can_sign(by, city_id) or province


def check_user_can_take_evidence(by: Actor) -> None:
    """The auditor, who reads everything."""
    _require(by.has(Role.AUDITOR))


def acting(by: Actor) -> int:
    """The person's id; lists and batches are always made by a person."""
    if by.user_id is None:
        raise PermissionDenied
    return by.user_id


def check_user_can_claim(by: Actor, organisation_id: int) -> None:
    _require(user_can_claim(by, organisation_id))


def check_user_can_confirm(by: Actor, redemption: Redemption) -> None:
    _require(user_can_confirm(by, redemption))


def check_user_can_handle(by: Actor, city_id: str) -> None:
    _require(user_can_handle(by, city_id))


def check_user_can_pay(by: Actor, city_id: str) -> None:
    _require(user_can_pay(by, city_id))


def check_user_can_claw_back(by: Actor, city_id: str) -> None:
    _require(user_can_claw_back(by, city_id))


def check_is_platform(by: Actor) -> None:
    """Jobs of the platform itself."""
    _require(by.has(SYSTEM))


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
