"""The clock of the city's review: who signs and who runs the office hear of it before and when the days are over."""

from datetime import datetime

from platform_site.accounts.enums import Role
from platform_site.accounts.queries import bureau_of
from platform_site.audit.domain import record
from platform_site.audit.queries import trail_of
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.locks import Rank, lock_one
from platform_site.working_calendar.queries import SHANGHAI, working_days_between
from settlement.domain.reach import tell_city
from settlement.enums import Event, RedemptionState
from settlement.models import Redemption
from settlement.permissions import check_is_platform

SOON, OVER = "soon", "over"
LEAD = 1  # working days
WHO = (Role.CITY_APPROVER, Role.BUREAU_ADMIN)


@command
def escalate_review(*, redemption: Redemption, by: Actor, at: datetime) -> bool:
    """Once when one working day is left, once when it is over (S19/6.2). False: nothing new to say."""
    check_is_platform(by)
    redemption = lock_one(Rank.REDEMPTION, Redemption.objects.select_related("voucher__enterprise"), pk=redemption.pk)
    step = _step(redemption, at)
    if not step or _said(redemption, step):
        return False
    due = redemption.review_due_at.astimezone(SHANGHAI) if redemption.review_due_at else at
    words = "审核已超过期限" if step == OVER else "审核只剩 1 个工作日"
    tell_city(
        redemption.city_id,
        title=f"{redemption.number} {words}",
        body=f"{redemption.voucher.enterprise.name}，期限 {due:%Y-%m-%d}。",
        at=at,
        link=f"/city/redemptions/{redemption.pk}/",
        roles=tuple(str(role) for role in WHO),
    )
    data = {"step": step, "due": due.isoformat(), "bureau": bureau_of(redemption.city_id).pk}
    record(by=by, at=at, event=Event.REVIEW_ESCALATED, subject=redemption, data=data)
    return True


def _step(redemption: Redemption, at: datetime) -> str:
    open_ = redemption.state in (RedemptionState.MONITORED, RedemptionState.UNDER_REVIEW)
    if not open_ or redemption.review_due_at is None:
        return ""
    if at > redemption.review_due_at:
        return OVER
    due = redemption.review_due_at.astimezone(SHANGHAI).date()
    return SOON if working_days_between(at.astimezone(SHANGHAI).date(), due) <= LEAD else ""


def _said(redemption: Redemption, step: str) -> bool:
    """For this deadline already; after a return there is a new one."""
    due = redemption.review_due_at.astimezone(SHANGHAI).isoformat() if redemption.review_due_at else ""
    return any(
        entry.event == Event.REVIEW_ESCALATED and (entry.data["step"], entry.data["due"]) == (step, due)
        for entry in trail_of(redemption)
    )
