"""The city's reviewer takes an application up and says what should become of it."""

from collections.abc import Iterable
from datetime import datetime

from platform_site.accounts.enums import Role
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import check_version
from platform_site.kit.locks import Rank, lock_one
from vouchers import policies
from vouchers.domain.read_contract import read_contract_later
from vouchers.domain.tell import tell_city
from vouchers.enums import AuditEvent, Proposal, ReviewOutcome, VoucherState
from vouchers.models import ApplicationReview, Voucher
from vouchers.permissions import check_user_can_review_application, person_of
from vouchers.queries.supplier_answers import supplier_word
from vouchers.queries.vouchers import open_review

AROUND = ("enterprise", "period", "product", "supplier", "contract", "city")


def locked(voucher: Voucher) -> Voucher:
    """The voucher under lock, with what stands around it."""
    return lock_one(Rank.VOUCHER, Voucher.objects.select_related(*AROUND), pk=voucher.pk)


@command
def take_up_review(*, voucher: Voucher, by: Actor, at: datetime, version: int | None = None) -> ApplicationReview:
    """Begin a round; whoever already holds it keeps it, a colleague takes it over."""
    voucher = locked(voucher)
    check_user_can_review_application(by, voucher)
    check_version(voucher, version)
    _refuse_unless_under_review(voucher)
    current = open_review(voucher)
    if current is not None and (current.reviewer_id == by.user_id or current.proposal):
        return current
    if current is not None:
        end_round(current, outcome=ReviewOutcome.ENDED, at=at)
    rounds = ApplicationReview.objects.filter(voucher=voucher).count()
    started = ApplicationReview.objects.create(
        voucher=voucher, round=rounds + 1, reviewer_id=person_of(by), taken_up_at=at
    )
    voucher.reviewer_id, voucher.taken_up_at = by.user_id, at
    voucher.save(update_fields=["reviewer", "taken_up_at"])
    read_contract_later(contract=voucher.contract, at=at)
    record(by=by, at=at, event=AuditEvent.TAKEN_UP, subject=voucher, data={"round": started.round})
    return started


@command
def propose_decision(
    *,
    voucher: Voucher,
    proposal: Proposal,
    opinion: str = "",
    findings: Iterable[Finding] = (),
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> ApplicationReview:
    """The first of two people: approve or refuse, the latter with its reasons. Taking up is part of it."""
    review = take_up_review(voucher=voucher, by=by, at=at, version=version)
    voucher = review.voucher
    reasons = list(findings)
    if review.reviewer_id != by.user_id:
        raise Refusal(_held_by(review))
    if proposal == Proposal.APPROVE:
        refuse_if(policies.supplier_word_first(voucher, supplier_word(voucher, at)))
    if proposal == Proposal.REFUSE:
        refuse_if(policies.reasons_given(reasons, verb="不予发券"))
    review.proposal, review.opinion, review.proposed_at = proposal, opinion.strip(), at
    review.findings = [finding.as_dict() for finding in reasons]
    review.save(update_fields=["proposal", "opinion", "proposed_at", "findings"])
    data = {"round": review.round, "proposal": str(proposal), "opinion": review.opinion, "findings": review.findings}
    record(by=by, at=at, event=AuditEvent.PROPOSED, subject=voucher, data=data)
    tell_city(
        voucher,
        Role.CITY_APPROVER,
        title="有申请待签发",
        body=f"{voucher.number}：{review.get_proposal_display()}。",
        at=at,
        key=f"proposed-{review.round}",
    )
    return review


def end_round(
    review: ApplicationReview, *, outcome: ReviewOutcome, at: datetime, approver_id: int | None = None
) -> None:
    review.outcome, review.ended_at = outcome, at
    fields = ["outcome", "ended_at"]
    if approver_id is not None:
        review.approver_id = approver_id
        fields.append("approver")
    review.save(update_fields=fields)


def end_open_round(voucher: Voucher, *, at: datetime) -> None:
    """The application left the desk by another way."""
    review = open_review(voucher)
    if review is not None:
        end_round(review, outcome=ReviewOutcome.ENDED, at=at)


def _refuse_unless_under_review(voucher: Voucher) -> None:
    if voucher.state == VoucherState.UNDER_REVIEW:
        return
    raise Refusal(
        Finding(
            "review.not_under_review",
            "S19/5.3.8",
            f"{voucher.number} 现在是“{voucher.get_state_display()}”，不在审核中。",
            "请刷新列表；候补的要等额度。",
            title="不在审核中",
        )
    )


def _held_by(review: ApplicationReview) -> Finding:
    return Finding(
        "review.held_by_other",
        "S19/6.2",
        f"{review.reviewer} 已经送出意见，等签发人办理。",
        "要改意见的，请签发人退回。",
        title="已有审核意见",
    )
