"""The enterprise hands its claim in, corrects it, or lowers it."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from catalog.queries import terms_for
from monitoring.domain import judge_adoption
from platform_site.audit.domain import record
from platform_site.files.domain import grant
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one
from platform_site.kit.money import ZERO
from platform_site.working_calendar.queries import deadline
from settlement.domain.check_redemption import judged_now
from settlement.domain.claim_rows import write_claim
from settlement.domain.draft import editable_findings
from settlement.domain.evidence import seal_evidence
from settlement.domain.numbers import next_in
from settlement.domain.reach import tell_city, tell_supplier
from settlement.enums import UNDECIDED_STATES, Event, FileKind, RedemptionState
from settlement.models import Redemption
from settlement.permissions import check_user_can_claim
from settlement.policies import claim_findings
from settlement.queries.claim import Claim
from settlement.queries.redemptions import redemption_for_work
from vouchers.domain import mark_redeeming
from vouchers.enums import VoucherState

_SUBMITTED = ["number", "sequence", "submitted_at", "submitted_by", "supplier_due_at", "supplier_reason"]


@command
def claim_redemption(
    *, redemption: Redemption, claim: Claim, by: Actor, at: datetime, version: int | None = None
) -> Redemption:
    """Hand in: for the first time, again after the supplier's rejection, or corrected after a return.

    Everything is checked and every finding comes at once; a refusal leaves the draft as it was.
    """
    voucher = redemption_for_work(redemption.pk).voucher
    check_user_can_claim(by, voucher.enterprise.organisation_id)
    if voucher.state == VoucherState.ISSUED:
        mark_redeeming(voucher=voucher, by=by, at=at)
    lock_one(Rank.REDEMPTION, Redemption.objects.all(), pk=redemption.pk)
    redemption = redemption_for_work(redemption.pk)
    check_version(redemption, version)
    refuse_if(editable_findings(redemption))
    write_claim(redemption, claim, by, at)
    refuse_if(claim_findings(redemption, at))
    return _hand_in(redemption, by, at)


@command
def lower_claim(
    *, redemption: Redemption, amount: Decimal, by: Actor, at: datetime, version: int | None = None
) -> Redemption:
    """Ask for less before the decision, e.g. devices × amount per device (platform default 3). Never for more."""
    lock_one(Rank.REDEMPTION, Redemption.objects.all(), pk=redemption.pk)
    redemption = redemption_for_work(redemption.pk)
    check_user_can_claim(by, redemption.voucher.enterprise.organisation_id)
    check_version(redemption, version)
    refuse_if(_lowering_findings(redemption, amount))
    before, redemption.claimed_amount = redemption.claimed_amount, amount
    redemption.version += 1
    redemption.save(update_fields=["claimed_amount", "version"])
    if redemption.verdict_id is not None:
        redemption.verdict = judge_adoption(voucher=redemption.voucher, amount=amount, by=by, at=at)
        redemption.save(update_fields=["verdict"])
    seal_evidence(redemption)
    data = {"before": str(before), "after": str(amount)}
    record(by=by, at=at, event=Event.CLAIM_LOWERED, subject=redemption, data=data)
    return redemption


def _lowering_findings(redemption: Redemption, amount: Decimal) -> list[Finding]:
    if (
        redemption.state in UNDECIDED_STATES
        and redemption.checked_by is None
        and ZERO < amount < redemption.claimed_amount
    ):
        return []
    return [
        Finding(
            "claim.not_lowered",
            "D/3",
            f"现在申请 {redemption.claimed_amount:,.2f} 元，要调到 {amount:,.2f} 元。",
            "只能在经办签名之前往低调，且大于零。",
            "amount",
            title="不能这样调整",
        )
    ]


# ---- handing in ------------------------------------------------------------------------------------------------------


def _hand_in(redemption: Redemption, by: Actor, at: datetime) -> Redemption:
    terms = terms_for(redemption.voucher.edition, redemption.period)
    correcting = redemption.state == RedemptionState.RETURNED
    _make_live(redemption)
    redemption.draft = {}
    redemption.submitted_by = by.user_id
    if redemption.submitted_at is None:
        year = redemption.period.code[:8]
        redemption.submitted_at = at
        redemption.sequence = next_in(f"DX-{redemption.period.code}")
        redemption.number = f"DX{year}-{next_in(f'DX{year}'):06d}"
    if correcting:
        redemption.review_due_at = deadline(at, terms.review_working_days)
        redemption.verdict = judged_now(redemption, by, at)
        _forget_opinions(redemption)
        perform(redemption, "resubmit", at=at, save=["draft", "submitted_by", "review_due_at", "verdict", *_OPINIONS])
        _tell_reviewers(redemption, at)
    else:
        redemption.supplier_due_at = deadline(at, terms.supplier_confirm_working_days)
        redemption.supplier_reason = ""
        perform(redemption, "submit", at=at, save=["draft", *_SUBMITTED])
        _tell_supplier(redemption, at)
    seal_evidence(redemption)
    data = {"number": redemption.number, "amount": str(redemption.claimed_amount), "evidence": redemption.evidence_hash}
    record(by=by, at=at, event=Event.CLAIMED, subject=redemption, data=data)
    return redemption


_OPINIONS = [
    "opinion",
    "opinion_note",
    "opinion_findings",
    "checklist",
    "look",
    "checked_by",
    "checked_by_name",
    "checked_at",
    "decided_by",
    "decided_by_name",
    "decided_at",
]


def _forget_opinions(redemption: Redemption) -> None:
    """A corrected claim is checked and signed anew; what was said before stays in the audit."""
    redemption.opinion = redemption.opinion_note = redemption.checked_by_name = redemption.decided_by_name = ""
    redemption.opinion_findings, redemption.checklist, redemption.look = [], {}, {}
    redemption.checked_by = redemption.checked_at = redemption.decided_by = redemption.decided_at = None


def _make_live(redemption: Redemption) -> None:
    """From now on nobody else uses these invoices; two claims at the same moment are told apart by the database."""
    try:
        with transaction.atomic():
            redemption.invoices.update(live=True)
            redemption.bonus_holder = redemption.voucher.enterprise.uscc if redemption.bonus_claimed else None
            redemption.save(update_fields=["bonus_holder"])
    except IntegrityError as error:
        raise Refusal(
            Finding(
                "invoice.used_elsewhere",
                "S19/7.5.1",
                "其中一张发票（或两化融合奖补）刚刚用于另一笔兑现。",
                "请刷新页面查看是哪一张，更正后再提交。",
                "invoices",
                title="发票已被使用",
            )
        ) from error


def _tell_supplier(redemption: Redemption, at: datetime) -> None:
    for paper in redemption.files.filter(kind=FileKind.ACCEPTANCE).select_related("file"):
        grant(file=paper.file, organisation_ids=[redemption.voucher.supplier.organisation_id])
    tell_supplier(
        redemption,
        title=f"{redemption.voucher.enterprise.name} 申请兑现，请确认交付",
        body=f"{redemption.voucher.product.name}，兑现号 {redemption.number}。请核对并接入监测。",
        at=at,
    )


def _tell_reviewers(redemption: Redemption, at: datetime) -> None:
    tell_city(
        redemption.city_id,
        title=f"{redemption.number} 已补正，请审核",
        body=redemption.voucher.enterprise.name,
        at=at,
        link=f"/city/redemptions/{redemption.pk}/",
    )
