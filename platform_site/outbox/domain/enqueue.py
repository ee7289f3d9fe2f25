"""Leave work behind in the command's transaction."""

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from platform_site.outbox.models import Job

log = logging.getLogger(__name__)


def enqueue(*, task: str, kwargs: Mapping[str, Any], at: datetime, unique: str = "") -> Job | None:
    """Write the job and ring on commit. Returns None when a job for this occasion exists already.

    `task` is the name of a function registered with `deliver.handles`; arguments are ids and plain values.
    """
    if unique:
        job, made = Job.objects.get_or_create(
            task=task, unique=unique, defaults={"kwargs": dict(kwargs), "created_at": at, "offered_at": at}
        )
        if not made:
            return None
    else:
        job = Job.objects.create(task=task, kwargs=dict(kwargs), created_at=at, offered_at=at)
    transaction.on_commit(partial(_ring_first, job.pk))
    return job


def ring(job_id: int) -> bool:
    """Tell a worker. False: the broker is silent, which is harmless; the sweep offers the job again."""
    try:
        current_app.signature("outbox.deliver", kwargs={"job_id": job_id}).apply_async(retry=False)
    except OperationalError as error:
        log.warning("broker silent, job %s waits for the sweep: %s", job_id, error)
        return False
    return True


def _ring_first(job_id: int) -> None:
    """The job counts as offered since it was written; a sweep of the next minute must not offer it a second time."""
    if not ring(job_id):
        Job.objects.filter(pk=job_id).update(offered_at=None)
