"""Tranches give themselves out at their times: once, in order, and those that were missed as soon as somebody looks."""

from datetime import datetime

from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one
from vouchers.domain.allocate import drain_after
from vouchers.domain.events import write_event
from vouchers.enums import AuditEvent, EventKind, PlanState, TrancheState
from vouchers.models import QuotaPlan, QuotaTranche
from vouchers.queries.plans import due_tranches, tranche_lines


def release_tranches(*, by: Actor, at: datetime) -> int:
    """Everything that is due, oldest first, each in a transaction of its own; gives how many were released. May be
    called by several workers at once."""
    return sum(release_tranche(tranche_id=pk, by=by, at=at) for pk in due_tranches(at).values_list("pk", flat=True))


@command
def release_tranche(*, tranche_id: int, by: Actor, at: datetime) -> bool:
    """Add this tranche's share to the totals, as one event of the period. False: released or stopped meanwhile, or not
    its turn."""
    tranche = QuotaTranche.objects.get(pk=tranche_id)
    plan = lock_one(Rank.LEDGER, QuotaPlan.objects.select_related("period"), pk=tranche.plan_id)
    if not due_tranches(at).filter(pk=tranche_id).exists():
        return False
    earlier = QuotaTranche.objects.filter(plan=plan, number__lt=tranche.number, state=TrancheState.PLANNED)
    if earlier.exists():
        return False
    _release(plan, lock_one(Rank.LEDGER, QuotaTranche.objects.all(), pk=tranche_id), by=by, at=at)
    drain_after(period_id=plan.period_id)
    return True


def release_due(*, plan: QuotaPlan, by: Actor, at: datetime) -> int:
    """What of a plan just signed and locked is due already; part of the command that signs it."""
    if plan.state != PlanState.SIGNED:
        return 0
    due = list(due_tranches(at).filter(plan=plan))
    for tranche in due:
        _release(plan, tranche, by=by, at=at)
    return len(due)


def _release(plan: QuotaPlan, tranche: QuotaTranche, *, by: Actor, at: datetime) -> None:
    payload = {
        "plan": plan.pk,
        "tranche": tranche.number,
        "lines": [{"dimension": name, "add": str(amount)} for name, amount in tranche_lines(plan, tranche.number)],
    }
    tranche.event = write_event(period_id=plan.period_id, kind=EventKind.GRANT, payload=payload)
    perform(tranche, "release", at=at, save=["event"])
    record(by=by, at=at, event=AuditEvent.TRANCHE_RELEASED, subject=plan, data=payload)
