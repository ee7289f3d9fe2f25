"""What the reviewer has at hand: the next case, and the reasons kept."""

from datetime import datetime

from django.db.models import Q, QuerySet

from platform_site.kit.actor import Actor
from settlement.enums import RedemptionState
from settlement.models import ReasonText, Redemption
from settlement.queries.redemptions import redemptions_visible_to

OPEN = (RedemptionState.MONITORED, RedemptionState.UNDER_REVIEW)


def next_case(actor: Actor, redemption: Redemption, *, to_sign: bool) -> Redemption | None:
    """The next one on the same desk, after the last the first again. None: there is no other."""
    desk = redemptions_visible_to(actor).exclude(pk=redemption.pk)
    if to_sign:
        desk = desk.filter(state=RedemptionState.UNDER_REVIEW, checked_by__isnull=False).exclude(
            checked_by=actor.user_id
        )
    else:
        desk = desk.filter(state__in=OPEN, checked_by__isnull=True)
    return desk.filter(pk__gt=redemption.pk).order_by("pk").first() or desk.order_by("pk").first()


def reason_texts(actor: Actor) -> QuerySet[ReasonText]:
    """One's own and the office's."""
    if actor.organisation_id is None:
        return ReasonText.objects.none()
    mine = Q(owner=actor.user_id) | Q(owner__isnull=True)
    return ReasonText.objects.filter(mine, organisation_id=actor.organisation_id)


def reviews_due(before: datetime) -> list[Redemption]:
    """Undecided, with their last day before that moment."""
    found = Redemption.objects.filter(state__in=OPEN, review_due_at__lt=before)
    return list(found.select_related("voucher__enterprise").order_by("review_due_at", "pk"))
