"""Periodic work of notices."""

from celery import shared_task

from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.notices.domain import close_due_notices

SCHEDULE = {"notices-close-due": {"task": "notices.close_due", "schedule": 300.0}}


@shared_task(name="notices.close_due")
def close_due() -> int:
    """End the notices whose last day is over."""
    return close_due_notices(by=system_actor("结束公示"), at=clock.now())
