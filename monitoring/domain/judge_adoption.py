"""The verdict: written nightly and on demand, frozen when the city decides (S19/5.4.12–13)."""

from datetime import datetime
from decimal import Decimal

from monitoring.domain.reviews import open_disagreement
from monitoring.enums import Event, Outcome
from monitoring.models import Verdict
from monitoring.policies import freeze_findings
from monitoring.queries import assessed
from monitoring.queries.adoption import as_json
from monitoring.rules.scheme import terms_to_json
from platform_site.accounts.queries import member_ids
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.locks import Rank, lock
from platform_site.messages.domain import notify
from platform_site.outbox.domain import enqueue
from vouchers.models import Voucher


@command
def judge_adoption(*, voucher: Voucher, at: datetime, by: Actor, amount: Decimal | None = None) -> Verdict:
    """Compute and write the verdict. Refused once frozen.

    `amount`: the claim, where it is lower than the voucher; it is remembered for the nights that follow.
    Written down in the audit, told to the enterprise and passed on to the redemption when the outcome changes.
    """
    verdict = _locked(voucher)
    refuse_if(freeze_findings(verdict))
    before = verdict.outcome if verdict else ""
    verdict = verdict or Verdict(voucher=voucher)
    verdict.claimed_amount = verdict.claimed_amount if amount is None else amount
    judged = assessed(voucher, at, amount=verdict.claimed_amount)
    verdict.outcome, verdict.computed_at = judged.result.outcome, at
    verdict.scheme = terms_to_json(judged.terms)
    verdict.numbers, verdict.explanation = as_json(judged)
    verdict.save()
    if judged.sources_contradict:
        open_disagreement(verdict=verdict, by=by, at=at)
    if before != verdict.outcome:
        data = {"before": before, "after": verdict.outcome, "numbers": verdict.numbers}
        record(by=by, at=at, event=Event.VERDICT_CHANGED, subject=voucher, data=data)
        _tell(verdict, at)
        if verdict.outcome != Outcome.NOT_ENOUGH:
            enqueue(task="settlement.note_verdict", kwargs={"voucher_id": voucher.pk}, at=at)
    return verdict


@command
def freeze_verdict(*, voucher: Voucher, by: Actor, at: datetime) -> Verdict:
    """Fix the last written verdict for good. Raises Refusal when there is none, or when it is frozen already."""
    verdict = _locked(voucher)
    refuse_if(freeze_findings(verdict))
    if verdict is None:
        raise Refusal(_no_verdict())
    verdict.frozen_at = at
    verdict.save(update_fields=["frozen_at"])
    data = {"outcome": verdict.outcome, "numbers": verdict.numbers}
    record(by=by, at=at, event=Event.VERDICT_FROZEN, subject=voucher, data=data)
    return verdict


def _locked(voucher: Voucher) -> Verdict | None:
    return next(iter(lock(Rank.LEDGER, Verdict.objects.filter(voucher=voucher))), None)


def _tell(verdict: Verdict, at: datetime) -> None:
    if verdict.outcome not in (Outcome.PASSED, Outcome.FAILED):
        return
    voucher = verdict.voucher
    organisation_id = voucher.enterprise.organisation_id
    notify(
        user_ids=member_ids(organisation_id),
        title=f"{voucher.number} 应用监测：{verdict.explanation['headline']}",
        body=verdict.explanation["need"],
        at=at,
        organisation_id=organisation_id,
        key=f"adoption:{voucher.pk}:{verdict.outcome}",
    )


def _no_verdict() -> Finding:
    return Finding(
        code="verdict.none",
        clause="S19/5.4.12",
        title="还没有监测结论",
        reason="供应商接入监测以后才有结论。",
        remedy="请供应商先确认兑现并接入数据。",
    )
