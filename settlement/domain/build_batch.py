"""The city builds a batch within its money, the second person signs it."""

from datetime import datetime
from decimal import Decimal

from catalog.models import Period
from catalog.queries import terms_for
from platform_site.accounts.models import City
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import bulk_perform, perform
from platform_site.kit.locks import Rank, lock, lock_one
from platform_site.kit.money import ZERO
from settlement.domain.allocate_lines import allocate_lines, sum_up
from settlement.domain.evidence import evidence_findings
from settlement.domain.numbers import next_in
from settlement.domain.reach import tell_finance
from settlement.enums import BatchState, Event, RedemptionState
from settlement.models import Batch, BatchLine, Redemption
from settlement.permissions import acting, check_user_can_handle, user_can_sign
from settlement.policies import batch_findings, second_person_findings
from settlement.queries.allocation import waiting_for_money


@command
def build_batch(*, city: City, period: Period, budget: Decimal, by: Actor, at: datetime) -> Batch:
    """Everything payable in the order of settlement; what the money doesn't reach is marked to be carried over."""
    check_user_can_handle(by, city.pk)
    refuse_if(_open_draft_findings(city, period))
    rows = lock(Rank.REDEMPTION, waiting_for_money(city.pk, period.pk, at).only("pk", "state"))
    resumed = [row.pk for row in rows if row.state == RedemptionState.CARRIED_OVER]
    bulk_perform(Redemption, resumed, "resume", at=at)
    batch = _begin(city, period, budget, by, at)
    locked = Redemption.objects.filter(pk__in=[row.pk for row in rows])
    lines = allocate_lines(batch, locked, terms_for(period.edition, period).settlement_order)
    batch.total, fitting = sum_up(batch)
    batch.save(update_fields=["total"])
    refuse_if(batch_findings(batch, fitting))
    data = {"number": batch.number, "total": str(batch.total), "lines": lines}
    record(by=by, at=at, event=Event.BATCH_BUILT, subject=batch, data=data)
    return batch


@command
def sign_batch(*, batch: Batch, by: Actor, at: datetime) -> Batch:
    """Second signature: the lines that fit go to the finance bureau, the others are carried over (S19/7.2)."""
    ids = list(batch.lines.values_list("redemption_id", flat=True))
    rows = {row.pk: row for row in lock(Rank.REDEMPTION, Redemption.objects.filter(pk__in=ids))}
    batch = lock_one(Rank.LIST, Batch.objects.select_related("city", "period"), pk=batch.pk)
    check_user_can_handle(by, batch.city_id)
    refuse_if([*second_person_findings(batch.built_by, by), *_signer_findings(by, batch.city_id)])
    lines = list(batch.lines.select_related("redemption__voucher__contract"))
    refuse_if(_line_findings(lines, rows))
    batch.signed_by, batch.signed_by_name, batch.signed_at = by.user_id, by.label, at
    perform(batch, "sign", at=at, save=["signed_by", "signed_by_name", "signed_at"])
    fitting = [line.redemption_id for line in lines if line.fits]
    beyond = [line.redemption_id for line in lines if not line.fits]
    bulk_perform(Redemption, fitting, "start_payment", at=at)
    first = [pk for pk in beyond if rows[pk].carried_over_at is None]
    bulk_perform(Redemption, first, "carry_over", at=at, carried_over_at=at)
    bulk_perform(Redemption, [pk for pk in beyond if pk not in first], "carry_over", at=at)
    data = {"paying": fitting, "carried_over": beyond, "total": str(batch.total)}
    record(by=by, at=at, event=Event.BATCH_SIGNED, subject=batch, data=data)
    body = f"{len(fitting)} 行，合计 {batch.total:,.2f} 元。"
    tell_finance(
        batch.city_id, title=f"批次 {batch.number} 待付款", body=body, at=at, link=f"/finance/batches/{batch.pk}/"
    )
    return batch


@command
def cancel_batch(*, batch: Batch, by: Actor, at: datetime) -> Batch:
    """Before the second signature; its redemptions stay payable and keep their place."""
    batch = lock_one(Rank.LIST, Batch.objects.all(), pk=batch.pk)
    check_user_can_handle(by, batch.city_id)
    perform(batch, "cancel", at=at)
    record(by=by, at=at, event=Event.BATCH_CANCELLED, subject=batch)
    return batch


def _begin(city: City, period: Period, budget: Decimal, by: Actor, at: datetime) -> Batch:
    series = f"JS{city.pk[:4]}-{period.code[:8]}"
    return Batch.objects.create(
        number=f"{series}-{next_in(series):02d}",
        city=city,
        period=period,
        budget=budget,
        total=ZERO,
        built_at=at,
        built_by=acting(by),
        built_by_name=by.label,
        state_since=at,
    )


def _open_draft_findings(city: City, period: Period) -> list[Finding]:
    draft = Batch.objects.filter(city=city, period=period, state=BatchState.DRAFT).first()
    if draft is None:
        return []
    why = f"批次 {draft.number} 还在编制。"
    return [Finding("batch.draft_exists", "S19/7.2", why, "先把它送复核或取消。", title="已有一个编制中的批次")]


def _signer_findings(by: Actor, city_id: str) -> list[Finding]:
    if user_can_sign(by, city_id):
        return []
    why = "批次要由本市有复核权限的人员签名。"
    return [Finding("signature.not_approver", "S19/5.4.14", why, "请转给复核人员。", title="没有复核权限")]


def _paid_by(line: BatchLine) -> tuple[Decimal, Decimal, Decimal, str]:
    return line.amount, line.bonus, line.matching, line.account


def _line_findings(lines: list[BatchLine], rows: dict[int, Redemption]) -> list[Finding]:
    """Nothing may have changed between the two signatures: state, amount, account, evidence."""
    found = []
    for line in lines:
        row = rows[line.redemption_id]
        same = _paid_by(line) == (row.approved_amount, row.bonus_amount, row.matching_amount, row.bank_account)
        if row.state != RedemptionState.PAYABLE or not same:
            why = f"第 {line.order_no} 行 {row.number} 在编制之后有变动。"
            found.append(
                Finding("batch.line_changed", "S19/5.4.14", why, "请取消这个批次，重新编制。", title="批次与现状不同")
            )
        if line.fits:
            found += evidence_findings(line.redemption)
    return found
