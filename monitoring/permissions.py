"""May this person."""

from django.core.exceptions import PermissionDenied

from monitoring.models import Source
from platform_site.accounts.enums import ENTERPRISE, PROVINCE, SUPPLIER, Kind, Role
from platform_site.kit.actor import Actor
from suppliers.models import Supplier
from vouchers.models import Voucher

SYSTEM = "system"


def user_can_connect(actor: Actor, supplier: Supplier) -> bool:
    """The supplier's own people, and the platform's jobs."""
    return actor.has(SYSTEM) or (actor.has(*SUPPLIER) and actor.organisation_id == supplier.organisation_id)


def check_user_can_connect(actor: Actor, supplier: Supplier) -> None:
    """Raises PermissionDenied."""
    if not user_can_connect(actor, supplier):
        raise PermissionDenied


def check_user_can_manage_source(actor: Actor, source: Source) -> None:
    check_user_can_connect(actor, source.supplier)


def user_can_deliver_feed(actor: Actor, organisation_id: int) -> bool:
    return actor.has(SYSTEM) or (actor.has(Role.OPERATOR_STAFF) and actor.organisation_id == organisation_id)


def check_user_can_deliver_feed(actor: Actor, organisation_id: int) -> None:
    if not user_can_deliver_feed(actor, organisation_id):
        raise PermissionDenied


def user_can_decide_signs(actor: Actor) -> bool:
    """The province's working roles; entrusted staff may not."""
    return actor.has(*PROVINCE) and not actor.delegated


def check_user_can_decide_signs(actor: Actor) -> None:
    """Raises PermissionDenied."""
    if not user_can_decide_signs(actor):
        raise PermissionDenied


def contest_side(actor: Actor, voucher: Voucher) -> str:
    """As which of the two sides the person may speak: "enterprise", "supplier", "" for neither."""
    if actor.has(*ENTERPRISE) and actor.organisation_id == voucher.enterprise.organisation_id:
        return str(Kind.ENTERPRISE)
    if actor.has(*SUPPLIER) and actor.organisation_id == voucher.supplier.organisation_id:
        return str(Kind.SUPPLIER)
    return ""


def user_can_contest(actor: Actor, voucher: Voucher, kind: str = "") -> bool:
    """The enterprise itself and its supplier; `kind`: only that side."""
    side = contest_side(actor, voucher)
    return bool(side) and kind in ("", side)


def check_user_can_contest(actor: Actor, voucher: Voucher, kind: str = "") -> None:
    if not user_can_contest(actor, voucher, kind):
        raise PermissionDenied


def user_can_answer(actor: Actor, voucher: Voucher) -> bool:
    """Officials of the voucher's city."""
    officials = actor.has(Role.CITY_REVIEWER, Role.CITY_APPROVER) and actor.organisation_kind == Kind.CITY
    return officials and actor.area_code == voucher.city_id


def check_user_can_answer(actor: Actor, voucher: Voucher) -> None:
    if not user_can_answer(actor, voucher):
        raise PermissionDenied
