"""What happens to an issued voucher: redeemed, given up, void, held. Settlement above calls these."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.fsm import perform
from vouchers.domain.allocate import drain_after
from vouchers.domain.events import write_event
from vouchers.domain.review_application import locked
from vouchers.domain.tell import tell_enterprise
from vouchers.enums import AuditEvent, EventKind, VoidGround
from vouchers.models import Voucher
from vouchers.permissions import check_user_can_edit_enterprise, check_user_can_hold_voucher


@command
def mark_redeeming(*, voucher: Voucher, by: Actor, at: datetime) -> Voucher:
    """A redemption was handed in (settlement)."""
    return _walk(voucher, "start_redeeming", AuditEvent.REDEEMING, by=by, at=at)


@command
def leave_redeeming(*, voucher: Voucher, by: Actor, at: datetime) -> Voucher:
    """The redemption was taken back or rejected; the voucher is issued as before."""
    return _walk(voucher, "leave_redeeming", AuditEvent.REDEEMING_ENDED, by=by, at=at)


@command
def settle(*, voucher: Voucher, paid_amount: Decimal, by: Actor, at: datetime) -> Voucher:
    """Paid out. What was paid is consumed, the rest of the reservation is released to its dimensions."""
    voucher = locked(voucher)
    voucher.paid_amount, voucher.deadline_at = paid_amount, None
    perform(voucher, "settle", at=at, save=["paid_amount", "deadline_at"])
    consume(voucher=voucher, paid_amount=paid_amount, by=by, at=at)
    record(by=by, at=at, event=AuditEvent.SETTLED, subject=voucher, data={"paid": paid_amount})
    return voucher


@command
def consume(*, voucher: Voucher, paid_amount: Decimal, by: Actor, at: datetime) -> None:
    """The event alone; `settle` calls it."""
    write_event(
        period_id=voucher.period_id,
        kind=EventKind.CONSUME,
        voucher_id=voucher.pk,
        payload={"amount": str(paid_amount)},
    )
    drain_after(period_id=voucher.period_id)


@command
def release(*, voucher: Voucher, by: Actor, at: datetime) -> None:
    """Everything the voucher still reserves is free again; called with the state change that ends it."""
    write_event(period_id=voucher.period_id, kind=EventKind.RELEASE, voucher_id=voucher.pk)
    drain_after(period_id=voucher.period_id)


@command
def give_up(*, voucher: Voucher, reason: str = "", by: Actor, at: datetime) -> Voucher:
    """The enterprise gives an issued voucher up; it counts as unredeemed (S19/7.5.2)."""
    check_user_can_edit_enterprise(by, voucher.enterprise)
    done = _walk(voucher, "give_up", AuditEvent.GIVEN_UP, by=by, at=at, clear_deadline=True, data={"reason": reason})
    release(voucher=done, by=by, at=at)
    return done


@command
def void(*, voucher: Voucher, ground: VoidGround, reason: str, clause: str, by: Actor, at: datetime) -> Voucher:
    """Not redeemed in time, or refused in redemption (S19/6.1); the right to decide is the caller's matter."""
    voucher = locked(voucher)
    voucher.void_ground, voucher.deadline_at = ground, None
    voucher.findings = [
        {
            "code": f"voucher.void_{ground}",
            "clause": clause,
            "title": VoidGround(ground).label,
            "reason": reason,
            "remedy": "",
            "field": "",
            "severity": "bad",
        }
    ]
    perform(voucher, "make_void", at=at, save=["void_ground", "deadline_at", "findings"])
    release(voucher=voucher, by=by, at=at)
    record(by=by, at=at, event=AuditEvent.VOIDED, subject=voucher, data={"ground": str(ground), "reason": reason})
    tell_enterprise(voucher, title=f"{voucher.number} 已作废", body=reason, at=at, key="void")
    return voucher


@command
def hold(*, voucher: Voucher, reason: str, by: Actor, at: datetime) -> Voucher:
    """Fraud is investigated: nothing moves, nothing expires (platform default 11)."""
    check_user_can_hold_voucher(by, voucher)
    was = str(voucher.state)
    return _walk(voucher, "hold", AuditEvent.HELD, by=by, at=at, data={"reason": reason, "was": was})


@command
def resume(*, voucher: Voucher, was: str = "issued", by: Actor, at: datetime) -> Voucher:
    """`was`: the state before the hold, "issued" or "redeeming"."""
    check_user_can_hold_voucher(by, voucher)
    verb = "resume_redeeming" if was == "redeeming" else "resume"
    return _walk(voucher, verb, AuditEvent.RESUMED, by=by, at=at)


def _walk(
    voucher: Voucher,
    verb: str,
    event: AuditEvent,
    *,
    by: Actor,
    at: datetime,
    clear_deadline: bool = False,
    data: dict[str, Any] | None = None,
) -> Voucher:
    voucher = locked(voucher)
    if clear_deadline:
        voucher.deadline_at = None
    perform(voucher, verb, at=at, save=["deadline_at"] if clear_deadline else [])
    record(by=by, at=at, event=event, subject=voucher, data=data)
    return voucher
