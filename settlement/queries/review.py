"""What the reviewer has at hand: the next case, and the reasons kept."""

from datetime import datetime

from django.db.models import Q, QuerySet

from platform_site.kit.actor import Actor
from settlement.enums import RedemptionState
from settlement.models import ReasonText, Redemption
from settlement.queries.redemptions import redemptions_visible_to

OPEN = (RedemptionState.MONITORED, RedemptionState.UNDER_REVIEW)


def to_be_checked_by(actor: Actor) -> QuerySet[Redemption]:
    """Judged, without the first signature."""
    return redemptions_visible_to(actor).filter(state__in=OPEN, checked_by__isnull=True)


def to_be_signed_by(actor: Actor) -> QuerySet[Redemption]:
    """With another person's first signature."""
    checked = redemptions_visible_to(actor).filter(state=RedemptionState.UNDER_REVIEW, checked_by__isnull=False)
    return checked.exclude(checked_by=actor.user_id)


def next_case(actor: Actor, redemption: Redemption, *, to_sign: bool) -> Redemption | None:
    """The next one on the same desk, after the last the first again. None: there is no other."""
    every = to_be_signed_by(actor) if to_sign else to_be_checked_by(actor)
    desk = every.exclude(pk=redemption.pk)
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
