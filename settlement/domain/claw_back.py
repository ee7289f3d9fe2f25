"""Fraud or a missing condition is found after the payment: the money comes back (S19/7.5.1, S19/4.4.5).

One person of the city or the province proposes, another signs, the finance bureau records what comes in.
"""

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
from settlement.domain.numbers import next_in
from settlement.domain.reach import tell_city, tell_enterprise, tell_finance
from settlement.enums import ClawbackState, Event, LedgerKind, RedemptionState
from settlement.models import Clawback, PaymentLedger, Redemption
from settlement.permissions import acting, check_user_can_claw_back, check_user_can_pay, user_can_order_clawback
from settlement.policies import second_person_findings
from settlement.queries.clawbacks import clawback_of, demanded_parts, paid_parts, received_parts
from settlement.rules.clawback import (
    FRAUD,
    NOT_APPROVER,
    Demand,
    Parts,
    demand_findings,
    receipt_findings,
    reference_used,
    spread,
    withdrawal_findings,
)


@command
def propose_clawback(
    *, redemption: Redemption, parts: Parts, reason: str, clause: str, due_on: date, by: Actor, at: datetime
) -> Clawback:
    """Ask money back in the lines in which it was paid: all of it, a part, or the bonus alone."""
    redemption = _locked(redemption.pk)
    check_user_can_claw_back(by, redemption.city_id)
    paid = paid_parts(redemption)
    refuse_if(
        [*_standing_findings(redemption), *demand_findings(Demand(parts, paid, reason, clause, due_on), day_of(at))]
    )
    series = f"ZH{redemption.city_id[:4]}-{redemption.period.code[:8]}"
    clawback = Clawback.objects.create(
        number=f"{series}-{next_in(series):02d}",
        redemption=redemption,
        amount=parts.amount,
        bonus=parts.bonus,
        matching=parts.matching,
        reason=reason.strip(),
        clause=clause,
        due_on=due_on,
        proposed_at=at,
        proposed_by=acting(by),
        proposed_by_name=by.label,
        state_since=at,
    )
    data = {"number": clawback.number, "total": str(parts.total), "reason": clawback.reason, "clause": clause}
    record(by=by, at=at, event=Event.CLAWBACK_PROPOSED, subject=redemption, data=data)
    return clawback


@command
def order_clawback(*, clawback: Clawback, by: Actor, at: datetime) -> Clawback:
    """Second signature: the enterprise is told what to pay back, why, by which clause, until when."""
    redemption = _locked(clawback.redemption_id)
    clawback = lock_one(Rank.LIST, Clawback.objects.all(), pk=clawback.pk)
    check_user_can_claw_back(by, redemption.city_id)
    signer = [] if user_can_order_clawback(by, redemption.city_id) else [NOT_APPROVER]
    refuse_if([*second_person_findings(clawback.proposed_by, by), *signer])
    clawback.signed_by, clawback.signed_by_name, clawback.signed_at = by.user_id, by.label, at
    perform(clawback, "order", at=at, save=["signed_by", "signed_by_name", "signed_at"])
    perform(redemption, "recover", at=at)
    data = {"number": clawback.number, "total": str(clawback.total), "reason": clawback.reason}
    record(by=by, at=at, event=Event.CLAWBACK_ORDERED, subject=redemption, data=data)
    body = f"请在 {clawback.due_on} 前缴回 {clawback.total:,.2f} 元。原因：{clawback.reason}"
    tell_enterprise(redemption, title=f"{redemption.number} 的款项需要缴回", body=body, at=at)
    title = f"{clawback.number} 待收缴回款"
    tell_finance(redemption.city_id, title=title, body="", at=at, link=f"/finance/clawbacks/{clawback.pk}/")
    return clawback


@command
def withdraw_clawback(*, clawback: Clawback, reason: str, by: Actor, at: datetime) -> Clawback:
    """Before the second signature, with a reason; the payment stands."""
    redemption = _locked(clawback.redemption_id)
    clawback = lock_one(Rank.LIST, Clawback.objects.all(), pk=clawback.pk)
    check_user_can_claw_back(by, redemption.city_id)
    refuse_if(withdrawal_findings(reason))
    clawback.withdrawal_reason = reason.strip()
    perform(clawback, "withdraw", at=at, save=["withdrawal_reason"])
    data = {"number": clawback.number, "reason": clawback.withdrawal_reason}
    record(by=by, at=at, event=Event.CLAWBACK_WITHDRAWN, subject=redemption, data=data)
    return clawback


@command
def record_receipt(
    *, clawback: Clawback, received: Decimal, bank_reference: str, received_on: date, by: Actor, at: datetime
) -> PaymentLedger:
    """Money came in, all or a part; once per bank reference: the same again changes nothing."""
    redemption = _locked(clawback.redemption_id)
    clawback = lock_one(Rank.LIST, Clawback.objects.all(), pk=clawback.pk)
    check_user_can_pay(by, redemption.city_id)
    reference = bank_reference.strip()
    known = PaymentLedger.objects.filter(clawback=clawback, bank_reference=reference).first()
    if known is not None and known.total == received:
        return known
    left = demanded_parts(clawback).less(received_parts(clawback))
    day = day_of(at)
    refuse_if([*_open_findings(clawback), *receipt_findings(received, left.total, reference, received_on, day)])
    entry = _book(clawback, spread(received, left), reference, received_on, at)
    data = {"number": clawback.number, "received": str(received), "reference": reference}
    record(by=by, at=at, event=Event.CLAWBACK_RECEIVED, subject=redemption, data=data)
    if received == left.total:
        _collected(clawback, redemption, by, at)
    return entry


def _locked(redemption_id: int) -> Redemption:
    found = Redemption.objects.select_related("voucher__enterprise", "period")
    return lock_one(Rank.REDEMPTION, found, pk=redemption_id)


def _standing_findings(redemption: Redemption) -> list[Finding]:
    """Only what was paid comes back, and once."""
    if redemption.state == RedemptionState.PAID and clawback_of(redemption) is None:
        return []
    why = f"这笔兑现现在是“{redemption.get_state_display()}”。"
    if redemption.state == RedemptionState.PAID:
        why = "这笔兑现已经有一件追回在办。"
    return [Finding("clawback.not_paid", FRAUD, why, "已兑付、没有在追回的才能提出。", title="现在不能追回")]


def _open_findings(clawback: Clawback) -> list[Finding]:
    if clawback.state == ClawbackState.ORDERED:
        return []
    why = f"{clawback.number} 现在是“{clawback.get_state_display()}”。"
    return [Finding("clawback.not_open", FRAUD, why, "两人签名以后、收齐以前才能登记。", title="现在不能登记")]


def _book(clawback: Clawback, parts: Parts, reference: str, received_on: date, at: datetime) -> PaymentLedger:
    """A reference is unique in the whole ledger: of two at the same moment one is refused."""
    try:
        with transaction.atomic():
            return PaymentLedger.objects.create(
                redemption_id=clawback.redemption_id,
                clawback=clawback,
                kind=LedgerKind.RECOVERY,
                amount=parts.amount,
                bonus=parts.bonus,
                matching=parts.matching,
                bank_reference=reference,
                paid_on=received_on,
                recorded_at=at,
            )
    except IntegrityError as error:
        raise Refusal(reference_used(reference)) from error


def _collected(clawback: Clawback, redemption: Redemption, by: Actor, at: datetime) -> None:
    perform(clawback, "collect", at=at)
    perform(redemption, "finish_recovery", at=at)
    record(by=by, at=at, event=Event.CLAWBACK_COLLECTED, subject=redemption, data={"number": clawback.number})
    title = f"{clawback.number} 已全部缴回"
    tell_city(redemption.city_id, title=title, body="", at=at, link=f"/city/clawbacks/{clawback.pk}/")
    tell_enterprise(redemption, title=f"{redemption.number} 的款项已全部缴回", body="", at=at)
