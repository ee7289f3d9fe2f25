"""The verdict: written nightly and on demand, frozen when the city decides (S19/5.4.12–13)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from monitoring.domain.alone import Work, alone_with_those
from monitoring.domain.reviews import open_disagreement
from monitoring.enums import Event, Outcome
from monitoring.models import Verdict
from monitoring.policies import freeze_findings
from monitoring.queries import Judged
from monitoring.queries.adoption import as_json, assessed_together
from monitoring.queries.sources import vouchers_by_id
from monitoring.rules.scheme import terms_to_json
from platform_site.accounts.queries import member_ids
from platform_site.audit.domain import record, record_many
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.compiled import one_of
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.locks import Rank, lock
from platform_site.messages.domain import notify
from platform_site.outbox.domain import enqueue
from vouchers.models import Voucher

_JUDGED = ["claimed_amount", "outcome", "numbers", "explanation", "scheme", "computed_at"]


@command
def judge_adoption(*, voucher: Voucher, at: datetime, by: Actor, amount: Decimal | None = None) -> Verdict:
    """Compute and write the verdict. Refused once frozen.

    `amount`: the claim, where it is lower than the voucher; it is remembered for the nights that follow.
    Written down in the audit, told to the enterprise and passed on to the redemption when the outcome changes.
    """
    known = _locked([voucher.pk])
    refuse_if(freeze_findings(known.get(voucher.pk)))
    claims = {} if amount is None else {voucher.pk: amount}
    return _judge([voucher], known, claims, by, at)[0]


@command
def judge_vouchers(*, voucher_ids: Sequence[int], by: Actor, at: datetime) -> int:
    """The same for a part of the night. Frozen ones are left out, and those that another worker is at. Gives how many
    were judged."""
    mine = alone_with_those(Work.JUDGE, voucher_ids)
    known = _locked(mine)
    open_ones = [pk for pk in mine if not freeze_findings(known.get(pk))]
    return len(_judge(vouchers_by_id(open_ones), known, {}, by, at))


@command
def freeze_verdict(*, voucher: Voucher, by: Actor, at: datetime) -> Verdict:
    """Fix the last written verdict for good. Raises Refusal when there is none, or when it is frozen already."""
    verdict = _locked([voucher.pk]).get(voucher.pk)
    refuse_if(freeze_findings(verdict))
    if verdict is None:
        raise Refusal(_no_verdict())
    verdict.frozen_at = at
    verdict.save(update_fields=["frozen_at"])
    data = {"outcome": verdict.outcome, "numbers": verdict.numbers}
    record(by=by, at=at, event=Event.VERDICT_FROZEN, subject=voucher, data=data)
    return verdict


def _locked(voucher_ids: Sequence[int]) -> dict[int, Verdict]:
    """By voucher; those judged already."""
    found = lock(Rank.LEDGER, Verdict.objects.filter(one_of("voucher_id", voucher_ids)))
    return {verdict.voucher_id: verdict for verdict in found}


def _judge(
    vouchers: Sequence[Voucher], known: Mapping[int, Verdict], claims: Mapping[int, Decimal], by: Actor, at: datetime
) -> list[Verdict]:
    """known: verdicts of them, locked. claims: amounts claimed now; without one the claim remembered stands."""
    verdicts = [known.get(voucher.pk) or Verdict(voucher=voucher) for voucher in vouchers]
    before = {verdict.voucher_id: verdict.outcome for verdict in verdicts}
    amounts = {verdict.voucher_id: claims.get(verdict.voucher_id, verdict.claimed_amount) for verdict in verdicts}
    judged = assessed_together(vouchers, at, amounts)
    for voucher, verdict in zip(vouchers, verdicts, strict=True):
        verdict.voucher = voucher
    fresh = [one for one in verdicts if _take_over(one, judged[one.voucher_id], amounts[one.voucher_id])]
    _write(verdicts, fresh, at)
    for verdict in verdicts:
        if judged[verdict.voucher_id].sources_contradict:
            open_disagreement(verdict=verdict, by=by, at=at)
    _pass_on([one for one in fresh if one.outcome != before[one.voucher_id]], before, by, at)
    return verdicts


def _take_over(verdict: Verdict, judged: Judged, claim: Decimal | None) -> bool:
    """The result into its row. Gives whether anything of it is other than what is written there."""
    numbers, explanation = as_json(judged)
    result = {
        "claimed_amount": claim,
        "outcome": judged.result.outcome,
        "numbers": numbers,
        "explanation": explanation,
        "scheme": terms_to_json(judged.terms),
    }
    other = {name: value for name, value in result.items() if getattr(verdict, name) != value}
    for name, value in other.items():
        setattr(verdict, name, value)
    return bool(other) or verdict.pk is None


def _write(verdicts: Sequence[Verdict], fresh: Sequence[Verdict], at: datetime) -> None:
    """Two statements at most for those that say something new, one for the time of the others."""
    for verdict in verdicts:
        verdict.computed_at = at
    changed = [verdict for verdict in fresh if verdict.pk is not None]
    same = {verdict.pk for verdict in verdicts} - {verdict.pk for verdict in fresh}
    Verdict.objects.bulk_create([verdict for verdict in fresh if verdict.pk is None])
    Verdict.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=_JUDGED)
    if same:
        Verdict.objects.filter(one_of("pk", same)).update(computed_at=at)


def _pass_on(changed: Sequence[Verdict], before: Mapping[int, str], by: Actor, at: datetime) -> None:
    """Those with another outcome than before."""
    data = [{"before": before[one.voucher_id], "after": str(one.outcome), "numbers": one.numbers} for one in changed]
    entries = [(Event.VERDICT_CHANGED, one.voucher, told) for one, told in zip(changed, data, strict=True)]
    record_many(by=by, at=at, entries=entries)
    for verdict in changed:
        _tell(verdict, at)
        if verdict.outcome != Outcome.NOT_ENOUGH:
            enqueue(task="settlement.note_verdict", kwargs={"voucher_id": verdict.voucher_id}, at=at)


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
