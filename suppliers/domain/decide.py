"""What both kinds of province decision share: one open proposal, carrying out, two signatures, the record."""

from collections.abc import Sequence
from datetime import datetime

from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import perform
from suppliers.domain.tell import tell_supplier
from suppliers.enums import OUTCOMES, Event, Outcome, ReviewLevel
from suppliers.models import Product, Proposal, Review, Supplier
from suppliers.queries import open_proposal

_COMMON = {
    Outcome.RETURN: "send_back",
    Outcome.REFUSE: "refuse",
    Outcome.SUSPEND: "suspend",
    Outcome.RELIST: "relist",
    Outcome.DELIST: "delist",
}
SUPPLIER_STEPS = {**_COMMON, Outcome.PASS: "enter_pool", Outcome.DROP: "drop"}
PRODUCT_STEPS = {**_COMMON, Outcome.PASS: "enter_catalog"}
SUPPLIER_MARKS = ["quota_class", "priority", "platform_capability", "listed_at"]
PRODUCT_MARKS = ["product_class", "listed_at"]
OUTCOME_WORDS = dict(OUTCOMES)


def open_for(subject: Supplier | Product) -> list[Finding]:
    """One proposal at a time."""
    waiting = open_proposal(subject)
    if waiting is None:
        return []
    return [
        Finding(
            code="review.waiting_for_signature",
            clause="D/two_people",
            title="已有意见在等签发",
            reason=f"{waiting.proposed_by.name}已提出“{waiting.get_outcome_display()}”，还没有签发。",
            remedy="请等审批人签发或退回后再提。",
        )
    ]


def carry_out(subject: Supplier | Product, outcome: str, at: datetime) -> None:
    """Walk the edge the outcome stands for; `classify` changes marks only."""
    is_supplier = isinstance(subject, Supplier)
    marks = SUPPLIER_MARKS if is_supplier else PRODUCT_MARKS
    if outcome == Outcome.CLASSIFY:
        subject.version += 1
        subject.save(update_fields=[*marks, "version"])
        return
    steps = SUPPLIER_STEPS if is_supplier else PRODUCT_STEPS
    perform(subject, steps[Outcome(outcome)], at=at, save=marks)


def sign(
    proposal: Proposal, subject: Supplier | Product, answer: str, event: Event, *, by: Actor, at: datetime
) -> None:
    """The second signature, the lasting record, and the word to the supplier."""
    proposal.signed_by_id, proposal.signed_at, proposal.answer = by.user_id, at, answer.strip()
    perform(proposal, "sign", at=at, save=["signed_by", "signed_at", "answer"])
    reasons = [Finding(**finding) for finding in proposal.findings]
    keep_review(subject, ReviewLevel.PROVINCE, proposal.outcome, proposal.opinion, reasons, by=by, at=at)
    data = {"outcome": proposal.outcome, "proposed_by": proposal.proposed_by_id, "proposal": proposal.pk}
    record(by=by, at=at, event=event, subject=subject, data=data)
    what = "产品" if isinstance(subject, Product) else "供应商"
    title = f"{what}审核结果：{OUTCOME_WORDS[Outcome(proposal.outcome)]}（{subject.name}）"
    tell_supplier(subject, title=title, body=proposal.opinion, at=at)


def send_back(
    proposal: Proposal, subject: Supplier | Product, answer: str, event: Event, *, by: Actor, at: datetime
) -> None:
    """The officer may propose anew; the supplier hears nothing of it."""
    if not answer.strip():
        raise Refusal(_ANSWER_MISSING)
    proposal.answer = answer.strip()
    perform(proposal, "send_back", at=at, save=["answer"])
    record(by=by, at=at, event=event, subject=subject, data={"proposal": proposal.pk, "answer": proposal.answer})


def keep_review(
    subject: Supplier | Product,
    level: ReviewLevel,
    outcome: str,
    opinion: str,
    findings: Sequence[Finding],
    *,
    by: Actor,
    at: datetime,
) -> Review:
    """What the supplier reads; opinion and findings as they were at that moment."""
    return Review.objects.create(
        supplier=subject if isinstance(subject, Supplier) else None,
        product=subject if isinstance(subject, Product) else None,
        level=level,
        outcome=outcome,
        opinion=opinion.strip(),
        findings=[finding.as_dict() for finding in findings],
        organisation_name=by.organisation_name or by.label,
        by_label=by.label,
        at=at,
    )


_ANSWER_MISSING = Finding(
    code="review.answer_missing",
    clause="S19/6.2",
    title="没有写明退回承办人的理由",
    reason="承办人要知道改什么。",
    remedy="请写明理由再退。",
    field="answer",
)
