"""The finance bureau records what the bank did, once per line and bank reference; the ledger is append-only."""

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from platform_site.accounts.queries import day_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one
from settlement.domain.reach import tell_city, tell_enterprise
from settlement.enums import BankOutcome, BatchState, Event, LedgerKind, NoticeListState, RedemptionState
from settlement.models import BankResult, Batch, BatchLine, NoticeList, PaymentLedger, Redemption
from settlement.permissions import check_user_can_handle, check_user_can_pay
from settlement.queries.batches import open_lines
from vouchers.domain import settle as settle_voucher


@command
def record_payment(
    *,
    line: BatchLine,
    bank_reference: str,
    paid_on: date,
    by: Actor,
    at: datetime,
    amount: Decimal | None = None,
) -> BankResult:
    """The bank paid the line: voucher settled, quota consumed, difference released. The same again changes nothing.

    amount: what the bank's list says; it must be the line's, None takes the line's.
    """
    reference = bank_reference.strip()
    batch = Batch.objects.get(pk=line.batch_id)
    check_user_can_pay(by, batch.city_id)
    known = _known(line, reference, BankOutcome.PAID)
    if known is not None:
        return known
    refuse_if(
        [*_line_findings(line, batch), *_reference_findings(reference, paid_on, at), *_amount_findings(line, amount)]
    )
    redemption = Redemption.objects.select_related("voucher").get(pk=line.redemption_id)
    settle_voucher(voucher=redemption.voucher, paid_amount=line.amount, by=by, at=at)
    redemption = _locked(line)
    result = _result(line, BankOutcome.PAID, reference, "", paid_on, by, at)
    _book(line, redemption, result)
    perform(redemption, "pay", at=at)
    data = {"amount": str(line.amount), "bonus": str(line.bonus), "reference": reference, "batch": batch.number}
    data["matching"] = str(line.matching)
    record(by=by, at=at, event=Event.PAYMENT_RECORDED, subject=redemption, data=data)
    body = f"{line.total:,.2f} 元已付到 {line.account_name}，银行流水号 {reference}。"
    tell_enterprise(redemption, title=f"{redemption.number} 已兑付", body=body, at=at)
    _move_list(redemption, by, at)
    _move_batch(batch, by, at)
    return result


@command
def record_failure(
    *, line: BatchLine, reason: str, bank_reference: str, paid_on: date, by: Actor, at: datetime
) -> BankResult:
    """The bank sent the money back; the city looks at the account and offers the line again in the next batch."""
    reference = bank_reference.strip()
    batch = Batch.objects.get(pk=line.batch_id)
    check_user_can_pay(by, batch.city_id)
    known = _known(line, reference, BankOutcome.FAILED)
    if known is not None:
        return known
    refuse_if([*_line_findings(line, batch), *_reference_findings(reference, paid_on, at)])
    if not reason.strip():
        raise Refusal(
            Finding(
                "payment.no_reason",
                "S19/5.4.14",
                "没有写退回原因。",
                "请写银行给出的原因。",
                "reason",
                title="请写原因",
            )
        )
    redemption = _locked(line)
    result = _result(line, BankOutcome.FAILED, reference, reason.strip(), paid_on, by, at)
    perform(redemption, "fail_payment", at=at)
    data = {"reason": reason.strip(), "reference": reference, "batch": batch.number}
    record(by=by, at=at, event=Event.PAYMENT_FAILED, subject=redemption, data=data)
    tell_city(
        batch.city_id,
        title=f"{redemption.number} 银行退回",
        body=reason.strip(),
        at=at,
        link=f"/city/redemptions/{redemption.pk}/",
    )
    _move_batch(batch, by, at)
    return result


@command
def retry_payment(*, redemption: Redemption, by: Actor, at: datetime) -> Redemption:
    """After the bank's return: payable again, in its old place."""
    redemption = lock_one(Rank.REDEMPTION, Redemption.objects.all(), pk=redemption.pk)
    check_user_can_handle(by, redemption.city_id)
    perform(redemption, "retry", at=at)
    record(by=by, at=at, event=Event.RELEASED, subject=redemption, data={"verb": "retry"})
    return redemption


def _known(line: BatchLine, reference: str, outcome: str) -> BankResult | None:
    """The result that is there already; another answer for the same line is a refusal."""
    result = BankResult.objects.filter(line=line).first()
    if result is None:
        return None
    if result.outcome == outcome and result.reference == reference:
        return result
    raise Refusal(
        Finding(
            "payment.already_recorded",
            "S19/5.4.14",
            f"这一行已经登记为“{result.get_outcome_display()}”，流水号 {result.reference}。",
            "一行只登记一次；登记有误的，联系地市核对。",
            "bank_reference",
            title="已经登记过",
        )
    )


def _locked(line: BatchLine) -> Redemption:
    return lock_one(Rank.REDEMPTION, Redemption.objects.select_related("voucher__enterprise"), pk=line.redemption_id)


def _result(
    line: BatchLine, outcome: str, reference: str, reason: str, paid_on: date, by: Actor, at: datetime
) -> BankResult:
    """Line and reference are unique in the database: of two at the same moment one is refused."""
    try:
        with transaction.atomic():
            return BankResult.objects.create(
                line=line,
                outcome=outcome,
                reference=reference,
                reason=reason,
                paid_on=paid_on,
                recorded_at=at,
                recorded_by=by.user_id,
                recorded_by_name=by.label,
            )
    except IntegrityError as error:
        raise Refusal(
            Finding(
                "payment.reference_used",
                "S19/5.4.14",
                f"流水号 {reference} 已经登记在另一行。",
                "请核对银行回单，一个流水号只能登记一次。",
                "bank_reference",
                title="流水号已用过",
            )
        ) from error


def _book(line: BatchLine, redemption: Redemption, result: BankResult) -> None:
    """The payment in the ledger, amount and bonus apart."""
    PaymentLedger.objects.create(
        redemption=redemption,
        line=line,
        kind=LedgerKind.PAYMENT,
        amount=line.amount,
        bonus=line.bonus,
        matching=line.matching,
        bank_reference=result.reference,
        paid_on=result.paid_on,
        recorded_at=result.recorded_at,
    )


def _line_findings(line: BatchLine, batch: Batch) -> list[Finding]:
    if batch.state not in (BatchState.SIGNED, BatchState.PAYING):
        why = f"批次 {batch.number} 现在是“{batch.get_state_display()}”。"
        return [Finding("payment.batch_not_signed", "S19/5.4.14", why, "复核签名之后才能付款。", title="批次不能付款")]
    if not line.fits:
        why = f"第 {line.order_no} 行不在本批资金之内，已结转下批。"
        return [Finding("payment.carried_over", "S19/7.2", why, "请在下一批付款。", title="这一行不在本批")]
    return []


def _reference_findings(reference: str, paid_on: date, at: datetime) -> list[Finding]:
    found = []
    if not reference:
        found.append(
            Finding(
                "payment.no_reference", "S19/5.4.14", "没有填银行流水号。", "请填回单上的流水号。", "bank_reference",
                title="缺银行流水号",
            )
        )  # fmt: skip
    if paid_on > day_of(at):
        found.append(
            Finding(
                "payment.day", "S19/5.4.14", f"付款日期 {paid_on} 在今天之后。", "请核对回单日期。", "paid_on",
                title="付款日期不对",
            )
        )  # fmt: skip
    return found


def _amount_findings(line: BatchLine, amount: Decimal | None) -> list[Finding]:
    if amount is None or amount == line.total:
        return []
    why = f"银行付了 {amount:,.2f} 元，这一行应付 {line.total:,.2f} 元。"
    return [
        Finding("payment.amount", "S19/5.4.14", why, "请核对银行结果，金额一致才能登记。", "amount", title="金额不一致")
    ]


def _move_batch(batch: Batch, by: Actor, at: datetime) -> None:
    batch = lock_one(Rank.LIST, Batch.objects.all(), pk=batch.pk)
    if batch.state == BatchState.SIGNED:
        perform(batch, "start", at=at)
    if batch.state == BatchState.PAYING and not open_lines(batch).exists():
        perform(batch, "settle", at=at)
        record(by=by, at=at, event=Event.BATCH_SETTLED, subject=batch)


_OPEN = (
    RedemptionState.LISTED,
    RedemptionState.ON_NOTICE,
    RedemptionState.DISPUTED,
    RedemptionState.PAYABLE,
    RedemptionState.CARRIED_OVER,
    RedemptionState.PAYING,
    RedemptionState.FAILED,
    RedemptionState.HELD,
)


def _move_list(redemption: Redemption, by: Actor, at: datetime) -> None:
    """The list knows whether it is paid in part or in full."""
    notice_list = lock_one(Rank.LIST, NoticeList.objects.all(), pk=redemption.notice_list_id)
    if notice_list.state not in (NoticeListState.CLOSED, NoticeListState.PARTLY_SETTLED):
        return
    rest = Redemption.objects.filter(notice_list=notice_list, state__in=_OPEN).exists()
    if not rest:
        perform(notice_list, "settle", at=at)
        record(by=by, at=at, event=Event.LIST_SETTLED, subject=notice_list)
    elif notice_list.state == NoticeListState.CLOSED:
        perform(notice_list, "settle_partly", at=at)
