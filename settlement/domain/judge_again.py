"""On demand: count what has come in, judge, pass the verdict on. For the enterprise and its city."""

from datetime import datetime

from django.core.exceptions import PermissionDenied

from monitoring.domain import fold, judge_adoption
from monitoring.models import Verdict
from monitoring.queries import source_ids_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor, system_actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from settlement.domain.note_verdict import note_verdict
from settlement.enums import Event
from settlement.models import Redemption
from settlement.permissions import user_can_claim, user_can_handle
from settlement.policies import judging_findings
from settlement.queries.redemptions import redemption_for_work


def judge_again(*, redemption: Redemption, by: Actor, at: datetime) -> Verdict:
    """Three transactions, one after the other: counting and judging lock below the redemption, passing on above."""
    redemption = redemption_for_work(redemption.pk)
    own = user_can_claim(by, redemption.voucher.enterprise.organisation_id)
    if not own and not user_can_handle(by, redemption.city_id):
        raise PermissionDenied
    refuse_if(judging_findings(redemption))
    fold(at=at, source_ids=source_ids_of(redemption.voucher))
    verdict = _judge(redemption, by, at)
    note_verdict(redemption=redemption, by=system_actor("立即判定"), at=at)
    return verdict


@command
def _judge(redemption: Redemption, by: Actor, at: datetime) -> Verdict:
    verdict = judge_adoption(voucher=redemption.voucher, amount=redemption.claimed_amount, by=by, at=at)
    record(by=by, at=at, event=Event.JUDGED, subject=redemption, data={"outcome": verdict.outcome})
    return verdict
