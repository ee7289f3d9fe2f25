"""Carry work out, at least once, until it is done.

    @handles("settlement.close_notice")
    def close_notice(*, notice_id: int) -> None: ...

A handler takes ids and re-checks the state under lock, because it may be called again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q, Value
from django.utils.module_loading import autodiscover_modules

from platform_site.outbox.domain.enqueue import ring
from platform_site.outbox.models import Job

Handler = Callable[..., Any]
HANDLERS: dict[str, Handler] = {}
REOFFER_AFTER = timedelta(minutes=11)  # longer than a task may run, see CELERY_TASK_TIME_LIMIT
GIVE_UP_AFTER = 20


def handles(name: str) -> Callable[[Handler], Handler]:
    """Register the function that carries out jobs of this name. Raises ValueError for a second one."""

    def register(function: Handler) -> Handler:
        if HANDLERS.setdefault(name, function) is not function:
            raise ValueError(f"two handlers for {name}")
        return function

    return register


def handler_of(task: str) -> Handler:
    """Workers know every handler from the start; other programs read the apps' `tasks` when they first need one."""
    if task not in HANDLERS:
        autodiscover_modules("tasks")
    return HANDLERS[task]


def deliver(*, job_id: int, at: datetime) -> bool:
    """Carry one job out. False: another worker holds it, or it is done. The handler's error is noted, then raised."""
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id, done_at=None).first()
        if job is None:
            return False
        try:
            with transaction.atomic():
                handler_of(job.task)(**job.kwargs)
        except Exception as error:  # noted on the job for the operator, then raised for the worker's log
            failed = error
        else:
            Job.objects.filter(pk=job_id).update(done_at=at)
            return True
    Job.objects.filter(pk=job_id).update(failures=F("failures") + 1, last_error=repr(failed)[:500])
    raise failed


def sweep(*, at: datetime, limit: int = 500) -> int:
    """Offer again what nobody carried out: a lost doorbell, a killed worker, a failure (after growing pauses).

    Returns how many. The first silence of the broker ends the round: the next one comes in a minute.
    """
    pause = ExpressionWrapper(Value(REOFFER_AFTER) * (F("failures") + 1), output_field=DurationField())
    overdue = Q(offered_at=None) | Q(offered_at__lt=ExpressionWrapper(Value(at) - pause, output_field=DateTimeField()))
    open_jobs = Job.objects.filter(overdue, done_at=None, failures__lt=GIVE_UP_AFTER).order_by("id")
    ids = list(open_jobs.values_list("pk", flat=True)[:limit])
    Job.objects.filter(pk__in=ids).update(offered_at=at)
    for offered, job_id in enumerate(ids):
        if not ring(job_id):
            Job.objects.filter(pk__in=ids[offered:]).update(offered_at=None)
            return offered
    return len(ids)


def deliver_all(*, at: datetime, limit: int = 10_000) -> int:
    """Carry out everything that is open, here and now; for commands that run without workers (play_season, tests)."""
    done = 0
    while done < limit:
        ids = list(
            Job.objects.filter(done_at=None, failures__lt=GIVE_UP_AFTER)
            .order_by("id")
            .values_list("pk", flat=True)[:200]
        )
        if not ids:
            return done
        carried_out = sum(deliver(job_id=job_id, at=at) for job_id in ids)
        if not carried_out:  # others hold them all
            return done
        done += carried_out
    return done
