"""Putting a verdict in question, and the city's answer (S19/5.4.12–13; REF: the operators' result wins)."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from monitoring.enums import Event, ReviewGround, ReviewState
from monitoring.models import Review, Verdict
from monitoring.permissions import (
    check_user_can_answer,
    check_user_can_connect,
    check_user_can_contest,
    contest_side,
)
from monitoring.policies import answer_findings, contest_findings, explain_findings
from monitoring.queries.reviews import open_reviews_of
from platform_site.accounts.enums import Role
from platform_site.accounts.queries import bureau_of, member_ids
from platform_site.audit.domain import once, record, remember
from platform_site.files.domain import grant, store_upload
from platform_site.files.models import StoredFile
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock, lock_one
from platform_site.messages.domain import notify
from vouchers.models import Voucher

EVIDENCE = ("pdf", "image", "xlsx", "csv")
ANSWERING = (Role.CITY_REVIEWER, Role.CITY_APPROVER)
EXPLAINED = ["explanation", "explained_by_label", "explained_at", "explanation_file"]
ANSWERED = ["answer", "answered_by_id", "answered_by_label", "answered_at"]


@command
def contest_verdict(
    *, voucher: Voucher, statement: str, evidence: UploadedFile | None, by: Actor, at: datetime, key: str
) -> Review:
    """With a reason and evidence, while the verdict is not passed and the city has not decided.

    `key`: the form's idempotency key; sent twice it gives the first one again.
    """
    check_user_can_contest(by, voucher)
    request = once(key=key, by=by, body={"contest": voucher.pk, "statement": statement}, at=at)
    if request.outcome is not None:
        return Review.objects.get(pk=request.outcome["review"])
    verdict = next(iter(lock(Rank.LEDGER, Verdict.objects.filter(voucher=voucher))), None)
    side = contest_side(by, voucher)
    open_ones = [one for one in open_reviews_of(voucher) if one.kind == side]
    refuse_if(contest_findings(verdict, open_ones, statement, has_evidence=evidence is not None))
    review = Review(
        voucher=voucher, ground=ReviewGround.CONTEST, kind=by.organisation_kind, statement=statement.strip()
    )
    review.opened_by_id, review.opened_by_label, review.opened_at = by.user_id, by.label, at
    review.evidence = _kept(evidence, voucher, by, at)
    review.seen, review.state_since = _seen(verdict), at
    review.save()
    record(by=by, at=at, event=Event.REVIEW_OPENED, subject=review, data={"ground": review.ground, "kind": review.kind})
    remember(request, {"review": review.pk})
    _tell_city(review, "有监测异议待答复", at)
    return review


def open_disagreement(*, verdict: Verdict, by: Actor, at: datetime) -> Review | None:
    """Called where the verdict is written: more of it contradicts than the scheme lets pass.

    None: one is open, or the city has answered as many contradicting days already.
    """
    conflicts = verdict.numbers["conflict_days"]
    known = Review.objects.filter(voucher=verdict.voucher, ground=ReviewGround.DISAGREEMENT)
    if any(one.state == ReviewState.OPEN or one.seen["numbers"]["conflict_days"] >= conflicts for one in known):
        return None
    words = f"{conflicts} 个设备日，运营商和供应商的结果不同，已按运营商的结果计算。请供应商说明原因。"
    review = Review.objects.create(
        voucher=verdict.voucher,
        ground=ReviewGround.DISAGREEMENT,
        statement=words,
        seen=_seen(verdict),
        opened_at=at,
        state_since=at,
    )
    record(by=by, at=at, event=Event.REVIEW_OPENED, subject=review, data={"ground": review.ground, "days": conflicts})
    _tell_supplier(review, "两个来源不一致，请说明", at)
    _tell_city(review, "两个来源不一致，待核实", at)
    return review


@command
def explain_disagreement(
    *, review: Review, explanation: str, evidence: UploadedFile | None, by: Actor, at: datetime
) -> Review:
    """The supplier's side of it, once, before the city answers."""
    review = _locked(review)
    check_user_can_connect(by, review.voucher.supplier)
    refuse_if(explain_findings(review, explanation))
    review.explanation, review.explained_by_label, review.explained_at = explanation.strip(), by.label, at
    review.explanation_file = _kept(evidence, review.voucher, by, at) if evidence else None
    review.version += 1
    review.save(update_fields=[*EXPLAINED, "version"])
    record(by=by, at=at, event=Event.REVIEW_EXPLAINED, subject=review)
    _tell_city(review, "供应商已说明，待答复", at)
    return review


@command
def answer_review(*, review: Review, upheld: bool, answer: str, by: Actor, at: datetime) -> Review:
    """The city's answer with its reason. Upheld: the verdict asks for a person's look instead of failing."""
    review = _locked(review)
    check_user_can_answer(by, review.voucher)
    refuse_if(answer_findings(answer))
    review.answer, review.answered_at = answer.strip(), at
    review.answered_by_id, review.answered_by_label = by.user_id, by.label
    perform(review, "uphold" if upheld else "reject", at=at, save=ANSWERED)
    record(by=by, at=at, event=Event.REVIEW_ANSWERED, subject=review, data={"upheld": upheld})
    _tell_sides(review, at)
    return review


@command
def withdraw_contest(*, review: Review, by: Actor, at: datetime) -> Review:
    """By whoever contested."""
    review = _locked(review)
    check_user_can_contest(by, review.voucher, kind=review.kind)
    perform(review, "withdraw", at=at)
    record(by=by, at=at, event=Event.REVIEW_WITHDRAWN, subject=review)
    return review


def _locked(review: Review) -> Review:
    related = Review.objects.select_related("voucher__supplier", "voucher__enterprise")
    return lock_one(Rank.LEDGER, related, pk=review.pk)


def _seen(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {}
    return {"outcome": verdict.outcome, "headline": verdict.explanation["headline"], "numbers": verdict.numbers}


def _kept(evidence: UploadedFile | None, voucher: Voucher, by: Actor, at: datetime) -> StoredFile:
    """Readable by the city that answers. That there is a file was checked before."""
    if evidence is None:
        raise ValueError("a contest without evidence is refused before")
    file = store_upload(upload=evidence, purpose="review", by=by, at=at, allow=EVIDENCE, field="evidence")
    grant(file=file, organisation_ids=[bureau_of(voucher.city_id).pk])
    return file


def _tell_city(review: Review, title: str, at: datetime) -> None:
    bureau = bureau_of(review.voucher.city_id)
    notify(
        user_ids=member_ids(bureau.pk, *ANSWERING),
        title=f"{review.voucher.number} {title}",
        body=review.statement[:200],
        link=f"/city/adoption/reviews/{review.pk}/",
        organisation_id=bureau.pk,
        at=at,
    )


def _tell_supplier(review: Review, title: str, at: datetime) -> None:
    organisation_id = review.voucher.supplier.organisation_id
    notify(
        user_ids=member_ids(organisation_id),
        title=f"{review.voucher.number} {title}",
        body=review.statement[:200],
        link=f"/supplier/adoption/reviews/{review.pk}/",
        organisation_id=organisation_id,
        at=at,
    )


def _tell_sides(review: Review, at: datetime) -> None:
    voucher = review.voucher
    for portal, organisation_id in (
        ("enterprise", voucher.enterprise.organisation_id),
        ("supplier", voucher.supplier.organisation_id),
    ):
        notify(
            user_ids=member_ids(organisation_id),
            title=f"{voucher.number} 监测复核已答复：{review.get_state_display()}",
            body=review.answer[:200],
            link=f"/{portal}/adoption/reviews/{review.pk}/",
            organisation_id=organisation_id,
            at=at,
        )
