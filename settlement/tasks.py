"""Background work of settlement; every job may run twice."""

import logging
from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from celery.schedules import crontab

from platform_site.kit import clock
from platform_site.kit.actor import Actor, system_actor
from platform_site.kit.findings import Refusal
from platform_site.outbox.domain import handles
from settlement.domain import (
    close_notice_list,
    escalate_silent,
    judge_confirmed,
    note_objection,
    note_verdict,
    void_overdue,
)
from settlement.models import Redemption
from settlement.queries.lists import notice_by_id, objection_by_id
from settlement.queries.redemptions import redemption_of, silent_suppliers, waiting_for_verdict

log = logging.getLogger(__name__)

# Monitoring judges at 02:10 and leaves a job for each result; this round after it is for what the jobs missed.
SCHEDULE = {
    "settlement-note-verdicts": {"task": "settlement.note_verdicts", "schedule": crontab(minute=25)},
    "settlement-escalate-silent": {"task": "settlement.escalate_silent", "schedule": crontab(minute=5)},
    "settlement-void-overdue": {"task": "settlement.void_overdue", "schedule": crontab(minute=15)},
}


@shared_task(name="settlement.note_verdicts")
def note_verdicts() -> int:
    """Pass results of monitoring on to the cities."""
    return _each(waiting_for_verdict(), note_verdict, "监测")


@shared_task(name="settlement.escalate_silent")
def escalate() -> int:
    """Suppliers that let their days pass."""
    return _each(silent_suppliers(clock.now()), escalate_silent, "催办")


@shared_task(name="settlement.void_overdue")
def void() -> int:
    """Vouchers nobody redeemed in time."""
    return void_overdue(by=system_actor("到期作废"), at=clock.now())


@handles("settlement.note_verdict")
def note(*, voucher_id: int) -> None:
    """The verdict of a voucher has changed."""
    redemption = redemption_of(voucher_id)
    if redemption is not None:
        note_verdict(redemption=redemption, by=system_actor("监测"), at=clock.now())


@handles("settlement.judge_confirmed")
def judge(*, voucher_id: int) -> None:
    """Days that are over were counted for a voucher."""
    redemption = redemption_of(voucher_id)
    if redemption is not None:
        judge_confirmed(redemption=redemption, by=system_actor("监测"), at=clock.now())


@handles("settlement.close_notice_list")
def close_list(*, notice_id: int) -> None:
    """The notice period of a list is over."""
    close_notice_list(notice=notice_by_id(notice_id), by=system_actor("公示期满"), at=clock.now())


@handles("settlement.note_objection")
def dispute(*, notice_id: int, objection_id: int) -> None:
    """Somebody objected to a line."""
    del notice_id
    note_objection(objection=objection_by_id(objection_id), by=system_actor("异议"), at=clock.now())


def _each(rows: list[Redemption], verb: Callable[..., bool], job: str) -> int:
    """One that is refused must not stop the others."""
    by, at = system_actor(job), clock.now()
    return sum(_tried(row, verb, by, at) for row in rows)


def _tried(row: Redemption, verb: Callable[..., bool], by: Actor, at: datetime) -> bool:
    try:
        return verb(redemption=row, by=by, at=at)
    except Refusal as refusal:
        log.info("redemption %s: %s", row.pk, refusal)
        return False
