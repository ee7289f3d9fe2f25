"""Background work of monitoring.

Folding, judging and fetching are handed out in parts, so that workers on several machines share them; what a part
works on is locked by `domain.alone` or by its row, so parts that overlap or run twice do no harm.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from celery import current_app, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.schedules import crontab

from monitoring.domain import (
    close_dead_sources,
    expire_payloads,
    fold,
    judge_vouchers,
    look_for_signs,
    pull_logs,
    remind_of_questions,
    trace_days,
)
from monitoring.domain.alone import Work, alone_with
from monitoring.queries import sources_to_fold, sources_to_pull, vouchers_to_judge
from monitoring.queries.sign_facts import vouchers_to_look_at
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.outbox.domain import handles

log = logging.getLogger(__name__)

# Not more often than every five minutes: each fold rewrites rows of activity days.
SCHEDULE = {
    "monitoring-fold": {"task": "monitoring.fold", "schedule": 300.0},
    "monitoring-pull": {"task": "monitoring.pull", "schedule": 60.0},
    "monitoring-judge": {"task": "monitoring.judge", "schedule": crontab(hour=2, minute=10)},
    "monitoring-trace": {"task": "monitoring.trace", "schedule": crontab(hour=0, minute=40)},
    "monitoring-signs": {"task": "monitoring.signs", "schedule": crontab(hour=1, minute=25)},
    "monitoring-expire": {"task": "monitoring.expire", "schedule": crontab(hour=3, minute=40)},
    "monitoring-remind": {"task": "monitoring.remind", "schedule": crontab(minute=50)},
}
FOLD_PART, JUDGE_PART = 20, 100  # sources and vouchers of one task: seconds, never minutes
PULL_PAGES = 10  # of one endpoint in a row; a longer log goes on in the next round
STALE = 300  # seconds after which a part is left to the next round


# -- handed out -------------------------------------------------------------------------------------------------------


@shared_task(name="monitoring.fold")
def share_fold() -> int:
    """Every few minutes: who has batches that wait. Returns how many parts."""
    return _hand_out("monitoring.fold_part", "source_ids", sources_to_fold(), FOLD_PART, expires=STALE)


@shared_task(name="monitoring.fold_part")
def fold_part(*, source_ids: Sequence[int]) -> int:
    """Count what has come in for these sources. Returns how many readings."""
    return fold(at=clock.now(), source_ids=source_ids, wait=False).readings


@shared_task(name="monitoring.judge")
def share_judging() -> int:
    """Every night: every voucher that is not frozen. Returns how many parts.

    What comes out of it is passed on by the outbox; settlement's own round afterwards picks up what was missed.
    """
    close_dead_sources(by=system_actor("监测"), at=clock.now())
    return _hand_out("monitoring.judge_part", "voucher_ids", vouchers_to_judge(), JUDGE_PART)


@shared_task(name="monitoring.judge_part")
def judge_part(*, voucher_ids: Sequence[int]) -> int:
    """Fold what waits for these vouchers, then judge them. Returns how many."""
    at = clock.now()
    fold(at=at, source_ids=sources_to_fold(voucher_ids))
    return _judge_each(voucher_ids, at)


@shared_task(name="monitoring.pull")
def share_pull() -> int:
    """Every minute: whose endpoint is due. Returns how many."""
    return _hand_out("monitoring.pull_source", "source_ids", sources_to_pull(clock.now()), 1, expires=STALE)


@shared_task(name="monitoring.pull_source")
def pull_source(*, source_ids: Sequence[int]) -> int:
    """Fetch what one supplier's endpoint has, page after page. Returns how many records."""
    records = 0
    for source_id in source_ids:
        for _ in range(PULL_PAGES):
            result = pull_logs(source_id=source_id, by=system_actor("日志拉取"), at=clock.now())
            records += result.records
            if not result.more:
                break
    return records


@shared_task(name="monitoring.trace")
def share_tracing() -> int:
    """Every night, before signs are looked for: what each voucher leaves behind. Returns how many parts."""
    return _hand_out("monitoring.trace_part", "voucher_ids", vouchers_to_look_at(), JUDGE_PART)


@shared_task(name="monitoring.trace_part")
def trace_part(*, voucher_ids: Sequence[int]) -> int:
    """Fingerprints and marks of these vouchers. Returns how many days have a fingerprint."""
    return trace_days(voucher_ids=voucher_ids, at=clock.now())


@shared_task(name="monitoring.signs")
def share_signs() -> int:
    """Every night, when all are traced and before they are judged. Returns how many parts."""
    return _hand_out("monitoring.signs_part", "voucher_ids", vouchers_to_look_at(), JUDGE_PART)


@shared_task(name="monitoring.signs_part")
def signs_part(*, voucher_ids: Sequence[int]) -> int:
    """Signs of these vouchers, compared with what was traced of all. Returns how many there are."""
    return look_for_signs(voucher_ids=voucher_ids, by=system_actor("疑点比对"), at=clock.now())


@handles("monitoring.judge_again")
def judge_one(*, voucher_id: int) -> None:
    """A doubt came or went. Whoever judges it just now may not know of it: stand in line."""
    with alone_with(Work.JUDGE, voucher_id, wait=True):
        judge_vouchers(voucher_ids=[voucher_id], by=system_actor("监测"), at=clock.now())


@shared_task(name="monitoring.expire")
def expire() -> int:
    """Partitions of the log: made ahead, and dropped past their date. Returns how many were dropped."""
    return expire_payloads(at=clock.now())


@shared_task(name="monitoring.remind")
def remind() -> int:
    """Every hour: questions near their deadline or past it. Returns how many."""
    return remind_of_questions(by=system_actor("期限提醒"), at=clock.now())


# -- here and now, for commands that run without workers --------------------------------------------------------------


def fold_batches() -> None:
    """Count all that waits."""
    fold(at=clock.now())


def judge_all() -> int:
    """The night's round in this process. Returns how many vouchers were judged."""
    at = clock.now()
    close_dead_sources(by=system_actor("监测"), at=at)
    fold(at=at)
    return _judge_each(vouchers_to_judge(), at)


def look_at_all() -> int:
    """The night's tracing and comparing in this process. Returns how many signs there are."""
    at, ids = clock.now(), vouchers_to_look_at()
    for start in range(0, len(ids), JUDGE_PART):
        trace_days(voucher_ids=ids[start : start + JUDGE_PART], at=at)
    parts = (ids[start : start + JUDGE_PART] for start in range(0, len(ids), JUDGE_PART))
    return sum(look_for_signs(voucher_ids=part, by=system_actor("疑点比对"), at=at) for part in parts)


def _hand_out(task: str, name: str, ids: Sequence[int], size: int, **options: int) -> int:
    parts = [ids[start : start + size] for start in range(0, len(ids), size)]
    for part in parts:
        current_app.signature(task, kwargs={name: part}).apply_async(**options)
    return len(parts)


def _judge_each(voucher_ids: Sequence[int], at: datetime) -> int:
    parts = (voucher_ids[start : start + JUDGE_PART] for start in range(0, len(voucher_ids), JUDGE_PART))
    return sum(_judge(part, at) for part in parts)


def _judge(voucher_ids: Sequence[int], at: datetime) -> int:
    """One voucher that cannot be judged must not stop the others: a part that fails is tried again in halves."""
    try:
        return judge_vouchers(voucher_ids=voucher_ids, by=system_actor("监测"), at=at)
    except SoftTimeLimitExceeded:
        raise
    except Exception:  # whatever it is: the voucher that it comes from is found, and the rest is judged
        if len(voucher_ids) == 1:
            log.exception("voucher %s not judged", voucher_ids[0])
            return 0
    half = len(voucher_ids) // 2
    return _judge(voucher_ids[:half], at) + _judge(voucher_ids[half:], at)
