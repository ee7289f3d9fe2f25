"""On demand by the supplier: count what has come in, and judge. The enterprise and its city ask from the redemption."""

from datetime import datetime

from monitoring.domain.fold import fold
from monitoring.domain.judge_adoption import judge_adoption
from monitoring.enums import Event
from monitoring.models import Source, Verdict
from monitoring.permissions import check_user_can_manage_source
from monitoring.policies import freeze_findings, source_findings
from monitoring.queries import source_ids_of, verdict_of
from monitoring.queries.sources import voucher_by_id
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if


def judge_on_demand(*, source: Source, by: Actor, at: datetime) -> Verdict:
    """Two transactions: the fold has its own. Raises Refusal once the voucher's monitoring has ended or is frozen."""
    check_user_can_manage_source(by, source)
    refuse_if([*source_findings(source), *freeze_findings(verdict_of(source.voucher))])
    fold(at=at, source_ids=source_ids_of(source.voucher))
    return _judge(source, by, at)


@command
def _judge(source: Source, by: Actor, at: datetime) -> Verdict:
    verdict = judge_adoption(voucher=voucher_by_id(source.voucher_id), by=by, at=at)
    record(by=by, at=at, event=Event.JUDGED_ON_DEMAND, subject=source.voucher, data={"outcome": verdict.outcome})
    return verdict
