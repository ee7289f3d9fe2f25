"""Reading the operators' side."""

from django.db.models import QuerySet

from monitoring.enums import Side, SourceState
from monitoring.models import Device, FeedDelivery, Source
from platform_site.accounts.enums import PROVINCE, Role
from platform_site.kit.actor import Actor


def deliveries_visible_to(actor: Actor) -> QuerySet[FeedDelivery]:
    """An operator its own; province and auditor all; newest first."""
    if actor.has(*PROVINCE, Role.AUDITOR):
        return FeedDelivery.objects.select_related("organisation")
    if actor.has(Role.OPERATOR_STAFF) and actor.organisation_id is not None:
        return FeedDelivery.objects.filter(organisation_id=actor.organisation_id).select_related("organisation")
    return FeedDelivery.objects.none()


def watch_list(actor: Actor) -> QuerySet[Device]:
    """User-side devices under monitoring, for operators: numbers and addresses only, no names of enterprises."""
    if not actor.has(Role.OPERATOR_STAFF):
        return Device.objects.none()
    watched = Source.objects.exclude(state=SourceState.CLOSED).values("voucher")
    listed = Device.objects.filter(voucher__in=watched, side=Side.USER, removed_at__isnull=True)
    return listed.select_related("voucher").order_by("voucher__number", "device_id")
