"""The worker's side of the outbox."""

from celery import shared_task

from platform_site.kit import clock
from platform_site.outbox.domain import deliver as deliver_job
from platform_site.outbox.domain import sweep as sweep_jobs

SCHEDULE = {"outbox-sweep": {"task": "outbox.sweep", "schedule": 60.0}}


@shared_task(name="outbox.deliver")
def deliver(*, job_id: int) -> bool:
    """Carry one job out."""
    return deliver_job(job_id=job_id, at=clock.now())


@shared_task(name="outbox.sweep")
def sweep() -> int:
    """Offer forgotten jobs again."""
    return sweep_jobs(at=clock.now())
