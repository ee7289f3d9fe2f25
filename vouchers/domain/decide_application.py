"""The city's approver signs: the voucher is issued or refused, by another person than the one who proposed it."""

from datetime import datetime

from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.messages.domain import notify
from vouchers import policies
from vouchers.domain.allocate import drain_after
from vouchers.domain.events import write_event
from vouchers.domain.review_application import end_round, locked
from vouchers.domain.tell import tell_enterprise
from vouchers.enums import AuditEvent, EventKind, Proposal, ReviewOutcome
from vouchers.models import ApplicationReview, Voucher
from vouchers.permissions import check_user_can_sign_application
from vouchers.queries.supplier_answers import supplier_word
from vouchers.queries.vouchers import open_review


def decide_application(
    *, voucher: Voucher, agree: bool, note: str = "", by: Actor, at: datetime, version: int | None = None
) -> Voucher:
    """agree: sign the proposal; otherwise it goes back to the reviewer with a note. The quota follows at once."""
    decided = _decide(voucher=voucher, agree=agree, note=note, by=by, at=at, version=version)
    drain_after(period_id=decided.period_id)
    return decided


@command
def _decide(*, voucher: Voucher, agree: bool, note: str, by: Actor, at: datetime, version: int | None) -> Voucher:
    voucher = locked(voucher)
    refuse_if(policies.in_person(by))
    check_user_can_sign_application(by, voucher)
    check_version(voucher, version)
    review = open_review(voucher)
    if review is None or not review.proposal:
        raise Refusal(policies.not_proposed())
    refuse_if([*policies.two_people(review, by), *(policies.signing(voucher, review) if agree else [])])
    if agree and review.proposal == Proposal.APPROVE:
        refuse_if(policies.supplier_word_first(voucher, supplier_word(voucher, at)))
    if not agree:
        return _send_back(voucher, review, note, by=by, at=at)
    review.note = note.strip()
    review.save(update_fields=["note"])
    issue = review.proposal == Proposal.APPROVE
    end_round(review, outcome=ReviewOutcome.ISSUED if issue else ReviewOutcome.REFUSED, at=at, approver_id=by.user_id)
    return _issue(voucher, by=by, at=at) if issue else _refuse(voucher, review, by=by, at=at)


def _issue(voucher: Voucher, *, by: Actor, at: datetime) -> Voucher:
    """The amount is final from here on: what still queued for a rise falls away (platform default 3)."""
    voucher.issued_at, voucher.deadline_at, voucher.findings = at, voucher.period.redeem_to, []
    perform(voucher, "issue", at=at, save=["issued_at", "deadline_at", "findings"])
    if voucher.claims.exists():
        write_event(period_id=voucher.period_id, kind=EventKind.LOWER, voucher_id=voucher.pk)
    record(by=by, at=at, event=AuditEvent.ISSUED, subject=voucher, data={"amount": voucher.amount})
    body = f"券额 {voucher.amount:,.2f} 元，请在兑现截止前完成实施并申请兑现。"
    tell_enterprise(voucher, title=f"{voucher.number} 已发券", body=body, at=at, key="issued")
    return voucher


def _refuse(voucher: Voucher, review: ApplicationReview, *, by: Actor, at: datetime) -> Voucher:
    voucher.findings, voucher.deadline_at = review.findings, None
    perform(voucher, "refuse", at=at, save=["findings", "deadline_at"])
    write_event(period_id=voucher.period_id, kind=EventKind.REFUSE, voucher_id=voucher.pk)
    record(by=by, at=at, event=AuditEvent.REFUSED, subject=voucher, data={"findings": review.findings})
    reasons = "；".join(finding["reason"] for finding in review.findings)
    tell_enterprise(voucher, title=f"{voucher.number} 不予发券", body=reasons, at=at, key="refused")
    return voucher


def _send_back(voucher: Voucher, review: ApplicationReview, note: str, *, by: Actor, at: datetime) -> Voucher:
    reason = [Finding("review.note", "S19/6.2", note)]
    refuse_if(policies.reasons_given(reason, verb="退回审核人"))
    review.note = note.strip()
    review.save(update_fields=["note"])
    end_round(review, outcome=ReviewOutcome.NOT_AGREED, at=at, approver_id=by.user_id)
    voucher.reviewer_id, voucher.taken_up_at = None, None
    voucher.save(update_fields=["reviewer", "taken_up_at"])
    record(by=by, at=at, event=AuditEvent.NOT_AGREED, subject=voucher, data={"note": review.note})
    notify(user_ids=[review.reviewer_id], title=f"{voucher.number} 签发人未同意", body=review.note, at=at)
    return voucher
