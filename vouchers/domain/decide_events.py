"""What the allocator does with each kind of event."""

from collections.abc import Callable
from decimal import Decimal

from vouchers.domain.allocation import Batch
from vouchers.domain.batch_rows import Event, HeldVoucher
from vouchers.enums import AuditEvent, EventKind, MovementKind, Outcome, VoucherState
from vouchers.rules.dimensions import parse_dimension
from vouchers.rules.queue import Claim

ZERO = Decimal("0.00")
# Vouchers whose amount may still rise (issued amounts never do, platform default 3).
MAY_RISE = (VoucherState.WAITING, VoucherState.UNDER_REVIEW, VoucherState.RETURNED)


def decide_event(batch: Batch, event: Event) -> None:
    """One event, in its order."""
    _HANDLERS[EventKind(event.kind)](batch, event)


def _claim(batch: Batch, event: Event, voucher: HeldVoucher, amount: Decimal, *, rises: bool = False) -> Claim:
    dimensions = batch.dimensions_of(voucher)
    batch.open_supplier_limit(event, dimensions[1])
    priority = 0 if voucher.pilot_id is not None else 1
    return Claim(event.pk, voucher.pk, amount, dimensions, event.arrived_at, priority, rises)


def _arrive(batch: Batch, event: Event) -> None:
    """Fix the amount, cut to what the enterprise has left of its cap in arrival order; then reserve or wait."""
    voucher = batch.vouchers[_voucher_id(event)]
    if voucher.state != VoucherState.ARRIVED:
        batch.decide(event, Outcome.NOTHING)
        return
    batch.cursor.sequence += 1
    voucher.sequence, voucher.decided_at = batch.cursor.sequence, batch.at
    used = batch.caps[voucher.enterprise_id]
    findings = batch.fix_amount(voucher, used)
    if voucher.amount is None or voucher.amount <= ZERO:
        _refuse_by_cap(batch, event, voucher, findings)
        return
    batch.caps[voucher.enterprise_id] = used + voucher.amount
    served = batch.enqueue_or_serve(event, _claim(batch, event, voucher, voucher.amount))
    batch.decide(event, Outcome.SERVED if served else Outcome.WAITING, amount=voucher.amount, sequence=voucher.sequence)


def _refuse_by_cap(batch: Batch, event: Event, voucher: HeldVoucher, findings: list[dict[str, str]]) -> None:
    voucher.findings = findings
    batch.verbs[voucher.pk] = "refuse_by_cap"
    batch.note(AuditEvent.CAP_REFUSED, voucher, sequence=voucher.sequence, findings=findings)
    batch.decide(event, Outcome.REFUSED, sequence=voucher.sequence)


def _rise(batch: Batch, event: Event) -> None:
    """An earlier voucher of the enterprise fell away: the difference queues anew (S19/4.4.3)."""
    voucher = batch.vouchers[_voucher_id(event)]
    if voucher.state not in MAY_RISE or voucher.amount is None:
        batch.decide(event, Outcome.NOTHING)
        return
    own = _wanted(batch, voucher)
    used_by_others = batch.caps[voucher.enterprise_id] - own
    found = batch.assessed(voucher, max(used_by_others, ZERO))
    rise = min(found.amount, voucher.prepared_amount) - own
    if rise <= ZERO:
        batch.decide(event, Outcome.NOTHING)
        return
    batch.caps[voucher.enterprise_id] += rise
    served = batch.enqueue_or_serve(event, _claim(batch, event, voucher, rise, rises=True))
    batch.decide(event, Outcome.SERVED if served else Outcome.WAITING, amount=rise)


def _wanted(batch: Batch, voucher: HeldVoucher) -> Decimal:
    """What the voucher holds or waits for already, differences included."""
    queued = [claim for claim in batch.claims_of(voucher) if claim.rises]
    return (voucher.amount or ZERO) + sum((claim.amount for claim in queued), ZERO)


def _requeue(batch: Batch, event: Event) -> None:
    """The place is given back and taken anew at the end of the queue."""
    voucher = batch.vouchers[_voucher_id(event)]
    if voucher.state != VoucherState.WAITING or voucher.amount is None:
        batch.decide(event, Outcome.NOTHING)
        return
    _give_cap_back(batch, voucher, batch.drop_claims(voucher))
    _release_all(batch, event, voucher)
    batch.serve_waiting(event)
    served = batch.enqueue_or_serve(event, _claim(batch, event, voucher, voucher.amount))
    batch.decide(event, Outcome.SERVED if served else Outcome.WAITING, amount=voucher.amount)


def _lower(batch: Batch, event: Event) -> None:
    """The applicant lowered the amount while correcting, or the amount became final with the issue."""
    voucher = batch.vouchers[_voucher_id(event)]
    dropped = batch.drop_claims(voucher)
    freed = ZERO
    for dimension, reserved in batch.held.get(voucher.pk, {}).copy().items():
        freed = max(reserved - (voucher.amount or ZERO), ZERO)
        if freed > ZERO:
            batch.move(event, dimension, MovementKind.RELEASE, freed, voucher)
    _give_cap_back(batch, voucher, freed + dropped)
    batch.serve_waiting(event)
    batch.decide(event, Outcome.DONE, released=freed)


def _fall_away(batch: Batch, event: Event) -> None:
    """Withdrawn, refused, lapsed, given up or void: everything it holds is free again."""
    voucher = batch.vouchers[_voucher_id(event)]
    dropped = batch.drop_claims(voucher)
    freed = _release_all(batch, event, voucher)
    _give_cap_back(batch, voucher, freed + dropped)
    batch.serve_waiting(event)
    batch.decide(event, Outcome.DONE if freed + dropped > ZERO else Outcome.NOTHING, released=freed)


def _consume(batch: Batch, event: Event) -> None:
    """Paid out: what was paid is used for good, the rest is free (S19/7.2)."""
    voucher = batch.vouchers[_voucher_id(event)]
    paid, freed = Decimal(event.payload["amount"]), ZERO
    for dimension, reserved in batch.held.get(voucher.pk, {}).copy().items():
        used = min(paid, reserved)
        freed = reserved - used
        if used > ZERO:
            batch.move(event, dimension, MovementKind.CONSUME, used, voucher)
        if freed > ZERO:
            batch.move(event, dimension, MovementKind.RELEASE, freed, voucher)
    _give_cap_back(batch, voucher, freed)
    batch.serve_waiting(event)
    batch.decide(event, Outcome.DONE, consumed=paid, released=freed)


def _release_all(batch: Batch, event: Event, voucher: HeldVoucher) -> Decimal:
    freed = ZERO
    for dimension, reserved in batch.held.get(voucher.pk, {}).copy().items():
        if reserved > ZERO:
            batch.move(event, dimension, MovementKind.RELEASE, reserved, voucher)
            freed = reserved
    return freed


def _give_cap_back(batch: Batch, voucher: HeldVoucher, amount: Decimal) -> None:
    if amount > ZERO:
        batch.caps[voucher.enterprise_id] -= amount
        batch.freed_caps.add(voucher.enterprise_id)


def _grant(batch: Batch, event: Event) -> None:
    """New totals by a signed plan ("amount"), or what a tranche adds to whatever the total is by then ("add").

    A total below what is used is left as it was. A supplier planned for has no initial limit any more, even at zero.
    """
    short = []
    for line in event.payload["lines"]:
        dimension = line["dimension"]
        total = Decimal(line["amount"]) if "amount" in line else batch.total(dimension) + Decimal(line["add"])
        balance = batch.balance(dimension)
        batch.touched.add(dimension)
        if total < balance.used:
            short.append(dimension)
        elif total != balance.total:
            batch.move(event, dimension, MovementKind.GRANT, total - balance.total)
    batch.serve_waiting(event)
    batch.decide(event, Outcome.SHORT if short else Outcome.DONE, short=short)


def _transfer(batch: Batch, event: Event) -> None:
    """All lines or none: a transfer can't take a total below what is used (S19/7.3)."""
    lines = [(line["dimension"], Decimal(line["amount"])) for line in event.payload["lines"]]
    for name, _ in lines:
        if parse_dimension(name).kind == "supplier":
            batch.open_supplier_limit(event, name)
    short = [name for name, change in lines if batch.balance(name).total + change < batch.balance(name).used]
    if short:
        batch.decide(event, Outcome.SHORT, short=short)
        return
    for name, change in lines:
        batch.move(event, name, MovementKind.TRANSFER, change)
    batch.serve_waiting(event)
    batch.decide(event, Outcome.DONE)


def _voucher_id(event: Event) -> int:
    if event.voucher_id is None:
        raise ValueError(f"event {event.pk} of kind {event.kind} names no voucher")
    return event.voucher_id


_HANDLERS: dict[EventKind, Callable[[Batch, Event], None]] = {
    EventKind.ARRIVE: _arrive,
    EventKind.RISE: _rise,
    EventKind.REQUEUE: _requeue,
    EventKind.LOWER: _lower,
    EventKind.WITHDRAW: _fall_away,
    EventKind.REFUSE: _fall_away,
    EventKind.LAPSE: _fall_away,
    EventKind.RELEASE: _fall_away,
    EventKind.CONSUME: _consume,
    EventKind.GRANT: _grant,
    EventKind.TRANSFER: _transfer,
}
