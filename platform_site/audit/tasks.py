"""Seals are made every ten minutes and checked every night."""

import logging

from celery import shared_task
from celery.schedules import crontab

from platform_site.audit.domain import check_seals, seal_all
from platform_site.kit import clock

log = logging.getLogger(__name__)
SCHEDULE = {
    "audit-seal": {"task": "audit.seal", "schedule": 600.0},
    "audit-check-seals": {"task": "audit.check_seals", "schedule": crontab(hour=3, minute=40)},
}


@shared_task(name="audit.seal")
def seal() -> int:
    """How many seals were made."""
    return len(seal_all(at=clock.now()))


@shared_task(name="audit.check_seals")
def check() -> int:
    """How many damages were found."""
    found = check_seals(at=clock.now())
    for damage in found.damages:
        log.error("audit seal: %s", damage["text"])
    return len(found.damages)
