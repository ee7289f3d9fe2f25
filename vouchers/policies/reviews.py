"""May a review be proposed and signed: reasons, and two people."""

from collections.abc import Iterable

from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding
from vouchers.enums import EnterpriseState, Proposal
from vouchers.models import ApplicationReview, Voucher


def not_proposed() -> Finding:
    return Finding(
        "review.not_proposed",
        "S19/6.2",
        "审核人还没有提出意见。",
        "等审核人送来意见再签发。",
        title="还没有审核意见",
    )


def two_people(review_row: ApplicationReview, by: Actor) -> list[Finding]:
    """Whoever proposes does not sign."""
    if review_row.reviewer_id != by.user_id:
        return []
    return [
        Finding(
            "review.same_person",
            "D/four_eyes",
            "审核和签发不能是同一个人，这件是您自己审核的。",
            "请由另一位签发人办理。",
            title="要由另一个人签发",
        )
    ]


def in_person(by: Actor) -> list[Finding]:
    """Entrusted staff propose, they never sign (S19/8)."""
    if not by.delegated:
        return []
    return [
        Finding(
            "review.delegate",
            "S19/8",
            "您是受托人员，受托人员可以审核，不能签发。",
            "请由本单位的签发人办理。",
            title="受托人员不能签发",
        )
    ]


def signing(voucher: Voucher, review_row: ApplicationReview) -> list[Finding]:
    """An enterprise may apply before its own review ends, but its voucher is not approved before (REF/1)."""
    if review_row.proposal != Proposal.APPROVE or voucher.enterprise.state == EnterpriseState.APPROVED:
        return []
    return [
        Finding(
            "enterprise.not_approved",
            "REF/1",
            f"{voucher.enterprise.name}的企业信息现在是“{voucher.enterprise.get_state_display()}”，还没有审核通过。",
            "先审核企业信息，通过后再签发这张券。",
            title="企业信息还没有审核通过",
        )
    ]


def reasons_given(findings: Iterable[Finding], *, verb: str) -> list[Finding]:
    """A return or refusal names its reasons (S19/6.2)."""
    if any(finding.reason.strip() for finding in findings):
        return []
    return [
        Finding(
            "review.no_reason",
            "S19/6.2",
            f"{verb}要写明理由。",
            "请勾选或填写至少一条理由，一次写全。",
            "reasons",
            title="没有写理由",
        )
    ]
