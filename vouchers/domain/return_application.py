"""Back to the enterprise with every reason at once, and in again corrected; the place in the queue is kept."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from catalog.queries import terms_of_period
from catalog.rules.assessment import assess, assessment_to_json
from catalog.rules.case import case_to_json
from catalog.rules.terms import EditionTerms
from platform_site.audit.domain import once, record, remember
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one
from platform_site.working_calendar.queries import deadline
from vouchers import policies
from vouchers.domain.allocate import drain_after
from vouchers.domain.arrive import let_readers_in
from vouchers.domain.events import write_event
from vouchers.domain.make_application import attach, contract_values, write_lines
from vouchers.domain.review_application import end_round, locked, take_up_review
from vouchers.domain.tell import ask_supplier, tell_city, tell_enterprise
from vouchers.enums import AuditEvent, EventKind, ReviewOutcome
from vouchers.models import ApplicationDraft, Enterprise, Voucher
from vouchers.permissions import check_user_can_edit_enterprise
from vouchers.queries.quota import cap_used
from vouchers.queries.surroundings import case_of
from vouchers.queries.vouchers import returns_of
from vouchers.rules.application import Application
from vouchers.rules.contract_key import contract_key
from vouchers.rules.returns import marked, repeat_findings

ZERO = Decimal("0.00")


@command
def return_application(
    *,
    voucher: Voucher,
    findings: Iterable[Finding],
    still_open: Collection[str] = (),
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Voucher:
    """All reasons at once; a second return only what is new, or named in `still_open` by its code (S19/6.2). Place and
    quota are kept until the deadline (platform default 5)."""
    review = take_up_review(voucher=voucher, by=by, at=at, version=version)
    reasons = list(findings)
    refuse_if(policies.reasons_given(reasons, verb="退回"))
    voucher = review.voucher
    earlier = returns_of(voucher)
    refuse_if(repeat_findings(reasons, earlier, still_open))
    review.findings = [finding.as_dict() for finding in marked(reasons, earlier, still_open)]
    review.save(update_fields=["findings"])
    end_round(review, outcome=ReviewOutcome.RETURNED, at=at)
    terms = terms_of_period(voucher.period)
    voucher.findings = review.findings
    voucher.deadline_at = deadline(at, terms.returned_keep_working_days)
    perform(voucher, "return_back", at=at, save=["findings", "deadline_at"])
    record(by=by, at=at, event=AuditEvent.RETURNED, subject=voucher, data={"findings": review.findings})
    body = f"有 {len(reasons)} 条要改，{voucher.deadline_at:%m-%d} 前重新提交，名次和额度都保留。"
    tell_enterprise(voucher, title=f"{voucher.number} 退回补正", body=body, at=at)
    return voucher


def resubmit(
    *,
    voucher: Voucher,
    form: Application,
    key: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
    draft: ApplicationDraft | None = None,
) -> Voucher:
    """The corrected form; supplier, product and contract stay. A lower amount gives quota back; of a higher one the
    difference queues anew at its own time, place and reservation stay (platform default 5). Closing does not matter
    here."""
    done = _resubmit(voucher=voucher, form=form, key=key, by=by, at=at, version=version, draft=draft)
    drain_after(period_id=done.period_id)
    return done


@command
def _resubmit(
    *,
    voucher: Voucher,
    form: Application,
    key: str,
    by: Actor,
    at: datetime,
    version: int | None,
    draft: ApplicationDraft | None,
) -> Voucher:
    request = once(key=key, by=by, body={"correction": asdict(form), "voucher": voucher.pk}, at=at)
    if request.outcome is not None:
        return Voucher.objects.get(pk=voucher.pk)
    lock_one(Rank.ENTERPRISE, Enterprise.objects.all(), pk=voucher.enterprise_id)
    voucher = locked(voucher)
    check_user_can_edit_enterprise(by, voucher.enterprise)
    check_version(voucher, version)
    terms = terms_of_period(voucher.period)
    refuse_if(_against(voucher, form, terms, at))
    _rewrite_contract(voucher, form, by)
    change = _assess_again(voucher, form, terms)
    voucher.deadline_at = deadline(at, terms.review_working_days)
    voucher.findings, voucher.reviewer_id, voucher.taken_up_at = [], None, None
    voucher.supplier_confirmed_at = None  # it confirmed what stood there before (T18/5.3.7)
    fields = ["amount", "prepared_amount", "case", "assessment", "bonus_claimed", "deadline_at"]
    perform(voucher, "resubmit", at=at, save=[*fields, "findings", "reviewer", "taken_up_at", "supplier_confirmed_at"])
    _queue_change(voucher, change)
    let_readers_in(voucher, voucher.contract.files.values_list("file_id", flat=True))
    ApplicationDraft.objects.filter(voucher=voucher).delete()
    data = {"amount": voucher.amount, "asked": voucher.amount + max(change, ZERO)}
    record(by=by, at=at, event=AuditEvent.RESUBMITTED, subject=voucher, data=data)
    tell_city(voucher, "city_reviewer", title="补正件已重新提交", body=str(voucher.number), at=at)
    ask_supplier(voucher, at=at)
    remember(request, {"voucher": voucher.pk})
    return voucher


def _against(voucher: Voucher, form: Application, terms: EditionTerms, at: datetime) -> list[Finding]:
    return [
        *policies.correction_in_time(voucher, at),
        *policies.correction_keeps(voucher, form, contract_key(form.contract_number)),
        *policies.review(voucher, form, terms, at),
    ]


def _queue_change(voucher: Voucher, change: Decimal) -> None:
    """Less gives quota back; more queues at the time of its own event."""
    if change != ZERO:
        kind = EventKind.LOWER if change < ZERO else EventKind.RISE
        write_event(period_id=voucher.period_id, kind=kind, voucher_id=voucher.pk)


def _rewrite_contract(voucher: Voucher, form: Application, by: Actor) -> None:
    contract = voucher.contract
    for name, value in contract_values(form).items():
        setattr(contract, name, value)
    contract.save()
    contract.cost_lines.all().delete()
    write_lines(contract, form)
    attach(contract, form, by)


def _assess_again(voucher: Voucher, form: Application, terms: EditionTerms) -> Decimal:
    """By how much the corrected form is worth less (negative) or more, yuan. What is reserved already falls at once,
    and never rises here: the allocator gives the difference, or lets it wait."""
    around = {
        "application": form,
        "enterprise": voucher.enterprise,
        "period": voucher.period,
        "product": voucher.product,
        "terms": terms,
    }
    before = voucher.amount
    prepared = assess(case_of(**around), terms).amount  # type: ignore[arg-type]
    case = case_of(**around, cap_used=cap_used(voucher.enterprise_id, voucher.period, but=voucher.pk))  # type: ignore[arg-type]
    found = assess(case, terms)
    voucher.prepared_amount = prepared
    voucher.amount = found.amount if before is None else min(before, found.amount)
    voucher.case, voucher.assessment = case_to_json(case), assessment_to_json(found)
    voucher.bonus_claimed = form.bonus_claimed
    return ZERO if before is None else found.amount - before
