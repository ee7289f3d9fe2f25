"""Second signature: the approver approves, returns, refuses, or sends the proposal back."""

from datetime import datetime

from catalog.rules.assessment import assessment_to_json
from monitoring.domain import freeze_verdict
from monitoring.queries import verdict_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one
from settlement.domain.check_redemption import CHECK_FIELDS, judged_now
from settlement.domain.evidence import evidence_findings
from settlement.domain.reach import tell_enterprise
from settlement.enums import Event, Fault, Opinion, RedemptionState
from settlement.models import Redemption
from settlement.permissions import check_user_can_handle, user_can_sign
from settlement.policies import claim_findings, decision_findings, second_person_findings
from settlement.queries.claim import claim_case, claim_terms
from settlement.queries.redemptions import redemption_for_work
from settlement.rules.claim import case_from_json, terms_from_json, to_json
from settlement.rules.payable import matching_of, payable
from vouchers.domain import void as void_voucher
from vouchers.enums import VoidGround

DECISION_FIELDS = ["decided_by", "decided_by_name", "decided_at", "decision_note"]
_GROUNDS = {
    Fault.ENTERPRISE: VoidGround.ENTERPRISE_FAULT,
    Fault.SUPPLIER: VoidGround.SUPPLIER_FAULT,
    Fault.NOBODY: VoidGround.DISPUTE,
}


@command
def decide_redemption(
    *, redemption: Redemption, by: Actor, at: datetime, note: str = "", version: int | None = None
) -> Redemption:
    """Sign what the reviewer proposed; needs the form check and, to approve, a passed verdict (S19/5.4.13)."""
    before = _prepared(redemption, by, at)
    redemption = _locked(before, version)
    refuse_if(_open_findings(redemption))
    if redemption.opinion == Opinion.APPROVE:
        redemption.verdict = judged_now(redemption, by, at)
    refuse_if(decision_findings(redemption, redemption.opinion, by))
    _check_signer(redemption, by)
    redemption.decided_by, redemption.decided_by_name, redemption.decided_at = by.user_id, by.label, at
    redemption.decision_note = note.strip()
    _CARRY_OUT[Opinion(redemption.opinion)](redemption, by, at)
    return redemption


@command
def send_back_to_reviewer(
    *, redemption: Redemption, note: str, by: Actor, at: datetime, version: int | None = None
) -> Redemption:
    """Not agreed: the form check is open again, the reason stands beside it."""
    redemption = _locked(redemption, version)
    check_user_can_handle(by, redemption.city_id)
    refuse_if([*_open_findings(redemption), *second_person_findings(redemption.checked_by, by)])
    _check_signer(redemption, by)
    data = {"opinion": redemption.opinion, "disagreed": note.strip()}
    redemption.opinion = redemption.checked_by_name = ""
    redemption.checked_by = redemption.checked_at = None
    redemption.opinion_findings, redemption.fault, redemption.look = [], "", {}
    redemption.decision_note = note.strip()
    redemption.version += 1
    redemption.save(update_fields=[*CHECK_FIELDS, "decision_note", "version"])
    record(by=by, at=at, event=Event.CHECKED, subject=redemption, data=data)
    return redemption


def recheck(redemption: Redemption) -> bool:
    """The approved amount follows from the frozen inputs; a test asks this for every decided redemption."""
    case, terms = case_from_json(redemption.case["claim"]), terms_from_json(redemption.case["terms"])
    again = payable(case, terms)
    stored = (redemption.approved_amount, redemption.bonus_amount, redemption.matching_amount)
    same = (again.amount, again.bonus, matching_of(case, terms)) == stored
    return same and assessment_to_json(again) == redemption.assessment


def _prepared(redemption: Redemption, by: Actor, at: datetime) -> Redemption:
    """What must happen on the floors below before this row is locked (lock order: voucher, then redemption)."""
    before = redemption_for_work(redemption.pk)
    check_user_can_handle(by, before.city_id)
    if before.opinion == Opinion.REFUSE and before.checked_by != by.user_id and user_can_sign(by, before.city_id):
        ground = _GROUNDS[Fault(before.fault)]
        reason = "；".join(finding["reason"] for finding in before.opinion_findings)
        void_voucher(voucher=before.voucher, ground=ground, reason=reason, clause="S19/6.1", by=by, at=at)
    return before


def _locked(redemption: Redemption, version: int | None) -> Redemption:
    lock_one(Rank.REDEMPTION, Redemption.objects.all(), pk=redemption.pk)
    locked = redemption_for_work(redemption.pk)
    check_version(locked, version)
    return locked


def _check_signer(redemption: Redemption, by: Actor) -> None:
    if not user_can_sign(by, redemption.city_id):
        raise Refusal(
            Finding(
                "signature.not_approver",
                "S19/5.4.13",
                "复核要由本市有复核权限的人员签名。",
                "请转给复核人员。",
                title="没有复核权限",
            )
        )


def _open_findings(redemption: Redemption) -> list[Finding]:
    if redemption.state == RedemptionState.UNDER_REVIEW:
        return []
    why = f"这笔兑现现在是“{redemption.get_state_display()}”。"
    return [Finding("decision.not_open", "S19/5.4.13", why, "请刷新页面，看现在轮到谁办。", title="现在不能复核")]


def _approve(redemption: Redemption, by: Actor, at: datetime) -> None:
    refuse_if([*claim_findings(redemption, at), *evidence_findings(redemption)])
    case, terms = claim_case(redemption, at), claim_terms(redemption.voucher)
    result = payable(case, terms)
    redemption.approved_amount, redemption.bonus_amount = result.amount, result.bonus
    redemption.matching_amount = matching_of(case, terms)
    redemption.case = {"claim": to_json(case), "terms": to_json(terms), "look": redemption.look}
    redemption.assessment = assessment_to_json(result)
    frozen = ["approved_amount", "bonus_amount", "matching_amount", "case", "assessment", "verdict"]
    perform(redemption, "approve", at=at, save=[*DECISION_FIELDS, *frozen])
    _freeze(redemption, by, at)
    data = {"amount": str(result.amount), "bonus": str(result.bonus), "note": redemption.decision_note}
    data["matching"] = str(redemption.matching_amount)
    data["look"] = redemption.look.get("reason", "")
    record(by=by, at=at, event=Event.APPROVED, subject=redemption, data=data)
    body = f"核定 {result.amount:,.2f} 元，接下来列入名单公示。"
    tell_enterprise(redemption, title=f"{redemption.number} 审核通过", body=body, at=at)


def _return(redemption: Redemption, by: Actor, at: datetime) -> None:
    """Not the end: the verdict stays open and is judged again with what comes in until the final decision."""
    redemption.findings = redemption.opinion_findings
    redemption.review_due_at = None
    redemption.returns = [*redemption.returns, {"at": at.isoformat(), "by": by.label, "findings": redemption.findings}]
    kept = [*DECISION_FIELDS, "findings", "returns", "review_due_at"]
    perform(redemption, "return_for_correction", at=at, save=kept)
    record(by=by, at=at, event=Event.RETURNED, subject=redemption, data={"findings": redemption.findings})
    body = f"共 {len(redemption.findings)} 条理由，已一次列全。补正后继续审核，顺序不变。"
    tell_enterprise(redemption, title=f"{redemption.number} 退回补正", body=body, at=at)


def _refuse(redemption: Redemption, by: Actor, at: datetime) -> None:
    redemption.findings = redemption.opinion_findings
    redemption.bonus_holder = None
    redemption.invoices.update(live=False)
    perform(redemption, "refuse", at=at, save=[*DECISION_FIELDS, "findings", "bonus_holder"])
    _freeze(redemption, by, at)
    data = {"findings": redemption.findings, "fault": redemption.fault}
    record(by=by, at=at, event=Event.REFUSED, subject=redemption, data=data)
    tell_enterprise(redemption, title=f"{redemption.number} 不予兑现", body="理由和条款见页面，服务券作废。", at=at)


def _freeze(redemption: Redemption, by: Actor, at: datetime) -> None:
    """At a final decision only: approved or refused."""
    verdict = verdict_of(redemption.voucher)
    if verdict is not None and verdict.frozen_at is None:
        freeze_verdict(voucher=redemption.voucher, by=by, at=at)


_CARRY_OUT = {Opinion.APPROVE: _approve, Opinion.RETURN: _return, Opinion.REFUSE: _refuse}
