"""First signature: the reviewer checks the form and proposes."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from catalog.queries import terms_for
from monitoring.domain import judge_adoption
from monitoring.models import Verdict
from monitoring.queries import doubts_of, verdict_of
from platform_site.accounts.enums import Role
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one
from platform_site.working_calendar.queries import deadline
from settlement.domain.reach import tell_city
from settlement.enums import Event, Fault, Opinion, RedemptionState
from settlement.models import Redemption
from settlement.permissions import check_user_can_handle
from settlement.policies import check_findings
from settlement.queries.redemptions import redemption_for_work
from settlement.rules.review import look_findings
from vouchers.rules.returns import marked, repeat_findings

CHECK_FIELDS = [
    "opinion",
    "opinion_note",
    "opinion_findings",
    "checklist",
    "look",
    "fault",
    "checked_by",
    "checked_by_name",
    "checked_at",
]


@command
def take_up_redemption(*, redemption: Redemption, by: Actor, at: datetime) -> Redemption:
    """Open the review. Taken up already: given back as it is."""
    redemption = _locked(redemption, None)
    check_user_can_handle(by, redemption.city_id)
    if redemption.state != RedemptionState.UNDER_REVIEW:
        _take_up(redemption, by, at)
    return redemption


@command
def check_redemption(
    *,
    redemption: Redemption,
    opinion: str,
    by: Actor,
    at: datetime,
    checked: Mapping[str, bool] | None = None,
    note: str = "",
    findings: Iterable[Finding] = (),
    still_open: Collection[str] = (),
    look_reason: str = "",
    fault: str = "",
    version: int | None = None,
) -> Redemption:
    """Sign the form check. checked: finding code → ticked. findings: all reasons of a return or refusal at once.

    still_open: codes of reasons named before and not resolved. look_reason: what was seen, for the verdict "look".
    """
    redemption = _locked(redemption, version)
    check_user_can_handle(by, redemption.city_id)
    if redemption.state in (RedemptionState.MONITORED, RedemptionState.ESCALATED):
        _take_up(redemption, by, at)
    reasons, ticked = list(findings), dict(checked or {})
    refuse_if(_state_findings(redemption))
    doubts = _look_at_verdict(redemption, opinion, look_reason, by, at)
    against = [*check_findings(redemption, opinion, ticked, at), *look_findings(doubts, redemption.look)]
    refuse_if([*against, *_reasons_findings(opinion, reasons, fault)])
    if opinion == Opinion.RETURN:
        refuse_if(repeat_findings(reasons, redemption.returns, still_open))
        reasons = marked(reasons, redemption.returns, still_open)
    redemption.opinion, redemption.opinion_note, redemption.checklist = Opinion(opinion), note.strip(), ticked
    redemption.opinion_findings = [finding.as_dict() for finding in reasons]
    redemption.fault = fault if opinion == Opinion.REFUSE else ""
    _sign(redemption, by, at)
    return redemption


def judged_now(redemption: Redemption, by: Actor, at: datetime) -> Verdict | None:
    """The verdict on the amount that is claimed now, which may be lower than the voucher (platform default 3)."""
    verdict = verdict_of(redemption.voucher)
    if verdict is None or verdict.frozen_at is not None:
        return verdict
    return judge_adoption(voucher=redemption.voucher, amount=redemption.claimed_amount, by=by, at=at)


def _look_at_verdict(
    redemption: Redemption, opinion: str, reason: str, by: Actor, at: datetime
) -> list[dict[str, str]]:
    """Judge now and keep what the reviewer saw; gives what a person must look at. Only agreeing rests on it."""
    redemption.look = {}
    if opinion != Opinion.APPROVE:
        return []
    redemption.verdict = judged_now(redemption, by, at)
    doubts = doubts_of(redemption.verdict)
    if doubts:
        redemption.look = {"reason": reason.strip(), "findings": doubts}
    return doubts


def _sign(redemption: Redemption, by: Actor, at: datetime) -> None:
    redemption.checked_by, redemption.checked_by_name, redemption.checked_at = by.user_id, by.label, at
    redemption.version += 1
    redemption.save(update_fields=[*CHECK_FIELDS, "verdict", "version"])
    data = {
        "opinion": redemption.opinion,
        "note": redemption.opinion_note,
        "findings": redemption.opinion_findings,
        "look": redemption.look,
    }
    record(by=by, at=at, event=Event.CHECKED, subject=redemption, data=data)
    _tell_signers(redemption, at)


def _take_up(redemption: Redemption, by: Actor, at: datetime) -> None:
    redemption.taken_up_by = by.user_id
    redemption.verdict = verdict_of(redemption.voucher)
    if redemption.review_due_at is None:
        terms = terms_for(redemption.voucher.edition, redemption.period)
        redemption.review_due_at = deadline(at, terms.review_working_days)
    perform(redemption, "take_up", at=at, save=["taken_up_by", "verdict", "review_due_at"])
    record(by=by, at=at, event=Event.TAKEN_UP, subject=redemption)


def _locked(redemption: Redemption, version: int | None) -> Redemption:
    lock_one(Rank.REDEMPTION, Redemption.objects.all(), pk=redemption.pk)
    locked = redemption_for_work(redemption.pk)
    check_version(locked, version)
    return locked


def _state_findings(redemption: Redemption) -> list[Finding]:
    if redemption.state == RedemptionState.UNDER_REVIEW and redemption.checked_by is None:
        return []
    signed = redemption.checked_by is not None and redemption.state == RedemptionState.UNDER_REVIEW
    why = "经办已经签名，等复核。" if signed else f"这笔兑现现在是“{redemption.get_state_display()}”。"
    return [Finding("check.not_open", "S19/5.4.11", why, "请刷新页面，看现在轮到谁办。", title="现在不能签形式审核")]


def _reasons_findings(opinion: str, reasons: list[Finding], fault: str) -> list[Finding]:
    found = []
    if opinion not in set(Opinion):
        raise Refusal(
            Finding("check.opinion", "S19/5.4.11", "没有选意见。", "请选择意见。", "opinion", title="请选意见")
        )
    if opinion != Opinion.APPROVE and not reasons:
        found.append(
            Finding(
                "check.no_reasons",
                "S19/6.2",
                "退回或不予兑现要一次写明全部理由。",
                "请勾选不符合的项目，或补写理由和条款。",
                "reasons",
                title="没有写理由",
            )
        )
    if opinion == Opinion.REFUSE and fault not in set(Fault):
        found.append(
            Finding(
                "check.no_fault",
                "S19/7.5.2",
                "不予兑现要写明是谁的原因，只有企业原因计入未兑现次数。",
                "请选择原因归属。",
                "fault",
                title="请选原因归属",
            )
        )
    return found


def _tell_signers(redemption: Redemption, at: datetime) -> None:
    tell_city(
        redemption.city_id,
        title=f"{redemption.number} 等复核",
        body=f"{redemption.voucher.enterprise.name}：{redemption.get_opinion_display()}",
        at=at,
        link=f"/city/redemptions/{redemption.pk}/",
        roles=(Role.CITY_APPROVER,),
    )
