"""Background jobs of the voucher floor."""

import logging
from uuid import UUID

from celery import shared_task

from catalog.queries import published_periods
from platform_site.files.domain import read_text
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.outbox.domain import handles
from vouchers.domain import (
    allocate,
    fail_what_if,
    lapse_overdue,
    lapse_waiting_at_closing,
    release_tranches,
    remind_before_opening,
    remind_of_corrections,
    requeue_unreviewed,
    run_what_if,
    tell_little_left,
)
from vouchers.domain.tell_allocated import tell_allocated as tell

log = logging.getLogger(__name__)
SCHEDULE = {
    "vouchers-allocate": {"task": "vouchers.allocate", "schedule": 15.0},
    "vouchers-lapse": {"task": "vouchers.lapse", "schedule": 300.0},
    "vouchers-remind": {"task": "vouchers.remind", "schedule": 300.0},
    "vouchers-tranches": {"task": "vouchers.release_tranches", "schedule": 60.0},
    "vouchers-little-left": {"task": "vouchers.tell_little_left", "schedule": 60.0},
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


@shared_task(name="vouchers.remind")
def remind() -> int:
    """What is ready and soon may be handed in; what is returned and soon lapses."""
    at, by = clock.now(), system_actor("提醒")
    return remind_before_opening(by=by, at=at) + remind_of_corrections(by=by, at=at)


@shared_task(name="vouchers.release_tranches")
def give_out() -> int:
    """Tranches whose time has come, missed ones too."""
    return release_tranches(by=system_actor("分批放额"), at=clock.now())


@shared_task(name="vouchers.tell_little_left")
def watch_balances() -> int:
    """Tell where little is left of a quota, or there is more again."""
    at = clock.now()
    return sum(tell_little_left(period=period, at=at) for period in published_periods())


@handles("vouchers.read_contract")
def read_contract(*, file_id: str) -> None:
    """The words of a contract's file, for the search on the review page."""
    read_text(file_id=UUID(file_id), at=clock.now())


@handles("vouchers.tell_allocated")
def tell_allocated(*, voucher_ids: list[int]) -> None:
    """Tell enterprises what the allocator decided."""
    tell(voucher_ids=voucher_ids, at=clock.now())


@handles("vouchers.what_if")
def what_if(*, run_id: int) -> None:
    """Play a period under other quotas. What breaks it off would break it off again: it is told, not repeated."""
    by = system_actor("额度推演")
    try:
        run_what_if(run_id=run_id, by=by, at=clock.now())
    except (ArithmeticError, LookupError, ValueError) as error:
        log.exception("what-if %s", run_id)
        problem = f"推演中途停下（{type(error).__name__}），没有改动任何数据。请联系运维查看日志。"
        fail_what_if(run_id=run_id, problem=problem, by=by, at=clock.now())
