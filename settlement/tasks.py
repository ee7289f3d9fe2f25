"""Background work of settlement; every job may run twice."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from celery import shared_task
from celery.schedules import crontab
from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from platform_site.kit import clock
from platform_site.kit.actor import Actor, system_actor
from platform_site.kit.findings import Refusal
from platform_site.kit.pdf import PdfUnavailableError
from platform_site.outbox.domain import handles
from settlement.documents import notice_pdf
from settlement.domain import (
    close_notice_list,
    escalate_review,
    escalate_silent,
    fail_evidence,
    judge_confirmed,
    make_evidence,
    note_objection,
    note_verdict,
    notice_file,
    remind_of_deadlines,
    void_overdue,
)
from settlement.models import Redemption
from settlement.queries.lists import notice_by_id, objection_by_id, published_lists, published_version
from settlement.queries.redemptions import redemption_of, silent_suppliers, waiting_for_verdict
from settlement.queries.review import reviews_due

log = logging.getLogger(__name__)
LONGEST_LEAD = 16  # days: one working day before the end of the longest holiday

# Monitoring judges at 02:10 and leaves a job for each result; this round after it is for what the jobs missed.
SCHEDULE = {
    "settlement-note-verdicts": {"task": "settlement.note_verdicts", "schedule": crontab(minute=25)},
    "settlement-escalate-silent": {"task": "settlement.escalate_silent", "schedule": crontab(minute=5)},
    "settlement-escalate-reviews": {"task": "settlement.escalate_reviews", "schedule": crontab(minute=35)},
    "settlement-remind": {"task": "settlement.remind", "schedule": crontab(minute=45)},
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


@shared_task(name="settlement.escalate_reviews")
def escalate_reviews() -> int:
    """Reviews whose days are nearly or all over."""
    return _each(reviews_due(clock.now() + timedelta(days=LONGEST_LEAD)), escalate_review, "审核期限")


@shared_task(name="settlement.remind")
def remind() -> int:
    """What ends soon, to those who must act."""
    return remind_of_deadlines(by=system_actor("期限提醒"), at=clock.now())


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


@handles("settlement.draw_notice")
def draw_notice(*, list_id: int) -> None:
    """The official file of a long list, before anybody asks for it."""
    row = published_lists().get(pk=list_id)
    version = published_version(row)
    if version is None:
        return
    url = f"{settings.SITE_URL}{reverse('public:verify')}?{urlencode({'number': row.number})}"
    try:
        notice_file(version=version, kind="pdf", draw=lambda: notice_pdf(row, version, url), at=clock.now())
    except PdfUnavailableError as missing:
        log.warning("list %s is not drawn: %s", row.number, missing)


@handles("settlement.make_evidence")
def pack_evidence(*, bundle_id: int) -> None:
    """Everything about a voucher in one archive. What breaks it off would break it off again: it is told."""
    try:
        make_evidence(bundle_id=bundle_id, by=system_actor("证据包"), at=clock.now())
    except (OSError, LookupError, ValueError) as error:
        log.exception("evidence bundle %s", bundle_id)
        problem = f"打包中途停下（{type(error).__name__}）。请重新导出；再次出现请联系运维。"
        fail_evidence(bundle_id=bundle_id, problem=problem, at=clock.now())


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
