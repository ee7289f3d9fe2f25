"""Background jobs of the voucher floor."""

from celery import shared_task

from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.outbox.domain import handles
from vouchers.domain import allocate, lapse_overdue, lapse_waiting_at_closing, requeue_unreviewed
from vouchers.domain.tell_allocated import tell_allocated as tell

SCHEDULE = {
    "vouchers-allocate": {"task": "vouchers.allocate", "schedule": 15.0},
    "vouchers-lapse": {"task": "vouchers.lapse", "schedule": 300.0},
}


@shared_task(name="vouchers.allocate")
def sweep() -> int:
    """Decide what a crash, or a busy moment, left behind."""
    return allocate()


@shared_task(name="vouchers.lapse")
def lapse() -> int:
    """Deadlines of applications: not corrected, still waiting at closing, held without a reviewed enterprise."""
    at, by = clock.now(), system_actor("期限检查")
    return lapse_overdue(by=by, at=at) + lapse_waiting_at_closing(by=by, at=at) + requeue_unreviewed(by=by, at=at)


@handles("vouchers.tell_allocated")
def tell_allocated(*, voucher_ids: list[int]) -> None:
    """Tell enterprises what the allocator decided."""
    tell(voucher_ids=voucher_ids, at=clock.now())
