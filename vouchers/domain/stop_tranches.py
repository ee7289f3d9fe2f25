"""What is left of a plan in tranches can be stopped: one person asks for it, another decides."""

from datetime import datetime

from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock, lock_one
from vouchers import policies
from vouchers.domain.tell import tell_province_approvers
from vouchers.enums import AuditEvent, TrancheState
from vouchers.models import QuotaPlan, QuotaTranche
from vouchers.permissions import check_user_can_draft_quota, check_user_can_sign_quota, person_of


@command
def ask_to_stop(*, plan: QuotaPlan, reason: str, by: Actor, at: datetime) -> QuotaPlan:
    """Until the second person agrees, tranches go out at their times as signed."""
    plan = lock_one(Rank.LEDGER, QuotaPlan.objects.select_related("period"), pk=plan.pk)
    check_user_can_draft_quota(by)
    planned = _planned(plan)
    refuse_if(policies.stop_can_be_asked(planned, reason))
    for tranche in planned:
        tranche.stop_reason, tranche.stop_asked_by_id, tranche.stop_asked_at = reason.strip(), person_of(by), at
    QuotaTranche.objects.bulk_update(planned, ["stop_reason", "stop_asked_by", "stop_asked_at"])
    record(by=by, at=at, event=AuditEvent.STOP_ASKED, subject=plan, data={"reason": reason.strip()})
    tell_province_approvers(
        title="有人提出停止放额，等您决定",
        body=f"{plan.period.title}：{plan.title}。{reason.strip()}",
        link=f"/province/quota/plans/{plan.pk}/",
        at=at,
    )
    return plan


@command
def drop_stop(*, plan: QuotaPlan, by: Actor, at: datetime) -> QuotaPlan:
    """It goes on as signed."""
    plan = lock_one(Rank.LEDGER, QuotaPlan.objects.all(), pk=plan.pk)
    check_user_can_draft_quota(by)
    planned = _planned(plan)
    refuse_if(policies.stop_was_asked(planned))
    for tranche in planned:
        tranche.stop_reason, tranche.stop_asked_by, tranche.stop_asked_at = "", None, None
    QuotaTranche.objects.bulk_update(planned, ["stop_reason", "stop_asked_by", "stop_asked_at"])
    record(by=by, at=at, event=AuditEvent.STOP_DROPPED, subject=plan)
    return plan


@command
def stop_tranches(*, plan: QuotaPlan, by: Actor, at: datetime) -> QuotaPlan:
    """The second person: what has not gone out stays in."""
    plan = lock_one(Rank.LEDGER, QuotaPlan.objects.all(), pk=plan.pk)
    check_user_can_sign_quota(by, plan)
    planned = _planned(plan)
    refuse_if([*policies.stop_was_asked(planned), *policies.stop_two_people(planned, by)])
    for tranche in planned:
        tranche.stopped_by_id, tranche.stopped_at = person_of(by), at
        perform(tranche, "stop", at=at, save=["stopped_by", "stopped_at"])
    numbers = [tranche.number for tranche in planned]
    record(by=by, at=at, event=AuditEvent.TRANCHES_STOPPED, subject=plan, data={"tranches": numbers})
    return plan


def _planned(plan: QuotaPlan) -> list[QuotaTranche]:
    return lock(Rank.LEDGER, QuotaTranche.objects.filter(plan=plan, state=TrancheState.PLANNED))
