"""Background work of monitoring."""

import logging
from datetime import datetime

from celery import shared_task
from celery.schedules import crontab

from monitoring.domain import close_dead_sources, expire_payloads, fold, judge_adoption
from monitoring.queries import vouchers_to_judge
from monitoring.queries.sources import voucher_by_id
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.kit.findings import Refusal

log = logging.getLogger(__name__)

# Not more often than every five minutes: each fold rewrites rows of activity days.
SCHEDULE = {
    "monitoring-fold": {"task": "monitoring.fold", "schedule": 300.0},
    "monitoring-judge": {"task": "monitoring.judge", "schedule": crontab(hour=2, minute=10)},
    "monitoring-expire": {"task": "monitoring.expire", "schedule": crontab(hour=3, minute=40)},
}


@shared_task(name="monitoring.fold")
def fold_batches() -> dict[str, int]:
    """Count what has come in; harmless when two run at once."""
    done = fold(at=clock.now())
    return {"batches": done.batches, "readings": done.readings, "days": done.days}


@shared_task(name="monitoring.judge")
def judge_all() -> int:
    """Every night: fold what waits, then judge every voucher that is not frozen. Returns how many.

    What comes out of it is passed on by the outbox; settlement's own round afterwards picks up what was missed.
    """
    at = clock.now()
    close_dead_sources(by=system_actor("监测"), at=at)
    fold(at=at)
    return sum(_judge(voucher_id, at) for voucher_id in vouchers_to_judge())


@shared_task(name="monitoring.expire")
def expire() -> int:
    """Delete payloads past their date."""
    return expire_payloads(at=clock.now())


def _judge(voucher_id: int, at: datetime) -> bool:
    """One voucher that cannot be judged must not stop the others."""
    try:
        judge_adoption(voucher=voucher_by_id(voucher_id), by=system_actor("监测"), at=at)
    except Refusal as refusal:  # frozen meanwhile
        log.info("voucher %s not judged: %s", voucher_id, refusal)
        return False
    return True
