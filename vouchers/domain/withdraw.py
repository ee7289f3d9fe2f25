"""Applications that end before a decision: withdrawn, lapsed, or put to the end of the queue."""

from datetime import datetime

from django.db.models import QuerySet

from catalog.enums import PeriodState
from catalog.queries import terms_of_period
from platform_site.accounts.queries import day_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding
from platform_site.kit.fsm import check_version, perform
from platform_site.working_calendar.queries import deadline
from vouchers.domain.allocate import drain_after
from vouchers.domain.events import write_event
from vouchers.domain.review_application import end_open_round, locked
from vouchers.domain.tell import tell_enterprise
from vouchers.enums import AuditEvent, EnterpriseState, EventKind, VoucherState
from vouchers.models import ApplicationDraft, Voucher
from vouchers.permissions import check_is_platform_or, check_user_can_edit_enterprise


def withdraw(*, voucher: Voucher, reason: str = "", by: Actor, at: datetime, version: int | None = None) -> Voucher:
    """The enterprise takes its application back; the place is lost, contract and quota are free again."""
    done = _withdraw(voucher=voucher, reason=reason, by=by, at=at, version=version)
    drain_after(period_id=done.period_id)
    return done


@command
def _withdraw(*, voucher: Voucher, reason: str, by: Actor, at: datetime, version: int | None) -> Voucher:
    voucher = locked(voucher)
    check_user_can_edit_enterprise(by, voucher.enterprise)
    check_version(voucher, version)
    voucher.deadline_at = None
    perform(voucher, "withdraw", at=at, save=["deadline_at"])
    end_open_round(voucher, at=at)
    ApplicationDraft.objects.filter(voucher=voucher).delete()
    write_event(period_id=voucher.period_id, kind=EventKind.WITHDRAW, voucher_id=voucher.pk)
    record(by=by, at=at, event=AuditEvent.WITHDRAWN, subject=voucher, data={"reason": reason})
    return voucher


def lapse_overdue(*, by: Actor, at: datetime, limit: int = 500) -> int:
    """Returned applications whose deadline passed (platform default 5). Gives how many."""
    rows = Voucher.objects.filter(state=VoucherState.RETURNED, deadline_at__lt=at).order_by("deadline_at")
    return _each(rows, _lapse_returned, by=by, at=at, limit=limit)


def lapse_waiting_at_closing(*, by: Actor, at: datetime, limit: int = 5000) -> int:
    """What still waits when the period closes (platform default 4)."""
    rows = Voucher.objects.filter(
        state=VoucherState.WAITING,
        period__apply_to__lte=at,
        period__state__in=[PeriodState.PUBLISHED, PeriodState.CLOSED],
    ).order_by("-sequence")
    return _each(rows, _lapse_waiting, by=by, at=at, limit=limit)


def requeue_unreviewed(*, by: Actor, at: datetime, limit: int = 500) -> int:
    """Enterprises nobody could approve hold a place only for some days, against squatting (platform default)."""
    rows = Voucher.objects.filter(
        state=VoucherState.UNDER_REVIEW, enterprise__state__in=[EnterpriseState.DRAFT, EnterpriseState.RETURNED]
    ).order_by("state_since")
    return _each(rows, _requeue, by=by, at=at, limit=limit)


def _each(rows: "QuerySet[Voucher]", step: object, *, by: Actor, at: datetime, limit: int) -> int:
    """One command per voucher, so that one that fails does not keep the others."""
    check_is_platform_or(by, ())
    done, periods = 0, set()
    for voucher in list(rows[:limit]):
        if step(voucher=voucher, by=by, at=at):  # type: ignore[operator]
            done += 1
            periods.add(voucher.period_id)
    for period_id in sorted(periods):
        drain_after(period_id=period_id)
    return done


@command
def _lapse_returned(*, voucher: Voucher, by: Actor, at: datetime) -> bool:
    voucher = locked(voucher)
    if voucher.state != VoucherState.RETURNED or voucher.deadline_at is None or voucher.deadline_at >= at:
        return False
    finding = Finding(
        "application.not_corrected",
        "D/5",
        f"补正期限是 {day_of(voucher.deadline_at).isoformat()}，没有重新提交。",
        "可以用同一份合同重新申领，重新排队。",
        title="逾期没有补正",
    )
    return _lapse(voucher, finding, by=by, at=at)


@command
def _lapse_waiting(*, voucher: Voucher, by: Actor, at: datetime) -> bool:
    voucher = locked(voucher)
    if voucher.state != VoucherState.WAITING or voucher.period.apply_to > at:
        return False
    finding = Finding(
        "application.still_waiting",
        "D/4",
        f"{voucher.period.title}结束时还没有轮到。",
        "下一期可以用同一份合同申领。",
        title="候补到期",
    )
    return _lapse(voucher, finding, by=by, at=at)


def _lapse(voucher: Voucher, finding: Finding, *, by: Actor, at: datetime) -> bool:
    voucher.findings, voucher.deadline_at = [finding.as_dict()], None
    perform(voucher, "lapse", at=at, save=["findings", "deadline_at"])
    ApplicationDraft.objects.filter(voucher=voucher).delete()
    write_event(period_id=voucher.period_id, kind=EventKind.LAPSE, voucher_id=voucher.pk)
    record(by=by, at=at, event=AuditEvent.LAPSED, subject=voucher, data={"findings": voucher.findings})
    tell_enterprise(voucher, title=f"{voucher.number} 已失效", body=finding.reason, at=at, key="lapsed")
    return True


@command
def _requeue(*, voucher: Voucher, by: Actor, at: datetime) -> bool:
    voucher = locked(voucher)
    terms = terms_of_period(voucher.period)
    held_since = voucher.state_since or at
    ended = at > deadline(held_since, terms.unreviewed_hold_working_days)
    if voucher.state != VoucherState.UNDER_REVIEW or not ended or voucher.enterprise.state == EnterpriseState.APPROVED:
        return False
    voucher.deadline_at = None
    perform(voucher, "requeue", at=at, save=["deadline_at"])
    end_open_round(voucher, at=at)
    write_event(period_id=voucher.period_id, kind=EventKind.REQUEUE, voucher_id=voucher.pk)
    record(by=by, at=at, event=AuditEvent.REQUEUED, subject=voucher, data={"held_since": held_since})
    body = "企业信息一直没有重新提交，额度让给后面的申请，本件排到队尾。"
    tell_enterprise(voucher, title=f"{voucher.number} 重新排队", body=body, at=at)
    return True
