"""Monitoring has come to a result: the redemption goes to the city."""

from datetime import datetime

from catalog.queries import terms_for
from monitoring.domain import judge_adoption
from monitoring.enums import Outcome
from monitoring.models import Verdict
from monitoring.queries import assessed, verdict_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one
from platform_site.working_calendar.queries import deadline
from settlement.domain.check_redemption import judged_now
from settlement.domain.reach import tell_city
from settlement.enums import Event, RedemptionState
from settlement.models import Redemption
from settlement.permissions import check_is_platform
from settlement.queries.redemptions import redemption_for_work

_GOOD = (Outcome.PASSED, Outcome.LOOK)


@command
def note_verdict(*, redemption: Redemption, by: Actor, at: datetime) -> bool:
    """False: not waiting for monitoring, or no result yet (the monitoring days are not full)."""
    check_is_platform(by)
    lock_one(Rank.REDEMPTION, Redemption.objects.all(), pk=redemption.pk)
    redemption = redemption_for_work(redemption.pk)
    if redemption.state != RedemptionState.CONFIRMED:
        return False
    lowered = redemption.claimed_amount < redemption.voucher_amount
    verdict = judged_now(redemption, by, at) if lowered else verdict_of(redemption.voucher)
    if verdict is None or verdict.outcome == Outcome.NOT_ENOUGH:
        return False
    _pass_on(redemption, verdict, by, at)
    return True


@command
def judge_confirmed(*, redemption: Redemption, by: Actor, at: datetime) -> bool:
    """New data came in: pass the verdict on before the night if the need is met.

    Only then: data may still be arriving, so that what is missing is left to the night, or to whoever asks for it.
    """
    check_is_platform(by)
    lock_one(Rank.REDEMPTION, Redemption.objects.all(), pk=redemption.pk)
    redemption = redemption_for_work(redemption.pk)
    if redemption.state != RedemptionState.CONFIRMED:
        return False
    if assessed(redemption.voucher, at, amount=redemption.claimed_amount).result.outcome not in _GOOD:
        return False
    verdict = judge_adoption(voucher=redemption.voucher, amount=redemption.claimed_amount, by=by, at=at)
    _pass_on(redemption, verdict, by, at)
    return True


def _pass_on(redemption: Redemption, verdict: Verdict, by: Actor, at: datetime) -> None:
    terms = terms_for(redemption.voucher.edition, redemption.period)
    redemption.verdict, redemption.monitored_at = verdict, at
    redemption.review_due_at = deadline(at, terms.review_working_days)
    perform(redemption, "note_verdict", at=at, save=["verdict", "monitored_at", "review_due_at"])
    record(by=by, at=at, event=Event.VERDICT_NOTED, subject=redemption, data={"outcome": verdict.outcome})
    tell_city(
        redemption.city_id,
        title=f"{redemption.number} 监测完成，请审核",
        body=f"{redemption.voucher.enterprise.name}：{verdict.get_outcome_display()}",
        at=at,
        link=f"/city/redemptions/{redemption.pk}/",
    )
