"""May this person."""

from django.core.exceptions import PermissionDenied

from monitoring.models import Source
from platform_site.accounts.enums import SUPPLIER, Role
from platform_site.kit.actor import Actor
from suppliers.models import Supplier

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
