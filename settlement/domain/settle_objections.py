"""Objections hold a line; the answer clears, postpones or drops it (S19/6.3)."""

from datetime import datetime

from django.db.models import QuerySet

from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import bulk_perform, perform
from platform_site.kit.locks import Rank, lock
from platform_site.notices.domain import answer_objection, close_notice
from platform_site.notices.enums import NoticeState, ObjectionState
from platform_site.notices.models import Objection, PublicNotice
from platform_site.notices.queries import is_undisputed, notices_of
from settlement.domain.reach import tell_enterprise
from settlement.domain.reply_to_objection import invite_replies
from settlement.enums import Event, NoticeListState, RedemptionState
from settlement.models import NoticeList, Postponement, Redemption
from settlement.permissions import check_is_platform, check_user_can_handle
from settlement.queries.lists import list_of_notice
from settlement.queries.replies import may_still_reply, reply_due
from vouchers.domain import void as void_voucher
from vouchers.enums import VoidGround

DROP, POSTPONE = "drop", "postpone"


@command
def note_objection(*, objection: Objection, by: Actor, at: datetime) -> int:
    """Hold the line (or every line, when it is against the whole list). Returns how many were held; again: none."""
    check_is_platform(by)
    notice_list = list_of_notice(objection.notice)
    rows = lock(Rank.REDEMPTION, _named(notice_list, objection, [RedemptionState.ON_NOTICE]))
    if objection.state != ObjectionState.FILED:
        return 0
    invite_replies(objection, at)
    moved = bulk_perform(Redemption, [row.pk for row in rows], "dispute", at=at)
    if moved:
        data = {"objection": objection.receipt_no, "redemptions": [row.pk for row in rows]}
        record(by=by, at=at, event=Event.LINE_DISPUTED, subject=notice_list, data=data)
    return moved


@command
def settle_objection(
    *, objection: Objection, upheld: bool, answer: str, by: Actor, at: datetime, follow: str = ""
) -> Objection:
    """Answer it and let the line go on. follow, when upheld: "drop" (voucher void) or "postpone" (next list)."""
    notice_list = list_of_notice(objection.notice)
    check_user_can_handle(by, notice_list.city_id)
    if upheld and follow not in (DROP, POSTPONE):
        raise Refusal(_NO_FOLLOW)
    if upheld and may_still_reply(objection, at):
        raise Refusal(_reply_open(objection))
    held = _named(notice_list, objection, [RedemptionState.DISPUTED, RedemptionState.ON_NOTICE])
    if upheld and follow == DROP:
        for redemption in held.select_related("voucher"):
            reason = f"异议 {objection.receipt_no} 成立，不予兑付。"
            ground, voucher = VoidGround.ENTERPRISE_FAULT, redemption.voucher
            void_voucher(voucher=voucher, ground=ground, reason=reason, clause="S19/6.3", by=by, at=at)
    rows = lock(Rank.REDEMPTION, held)
    objection = answer_objection(objection=objection, upheld=upheld, answer=answer, by=by, at=at)
    for row in rows:
        _go_on(row, notice_list, objection, follow if upheld else "", by, at)
    data = {"objection": objection.receipt_no, "upheld": upheld, "follow": follow}
    record(by=by, at=at, event=Event.OBJECTION_SETTLED, subject=notice_list, data=data)
    return objection


@command
def close_notice_list(*, notice: PublicNotice, by: Actor, at: datetime) -> int:
    """The notice period is over: what nobody disputes is payable. Returns how many became payable; again: none."""
    check_is_platform(by)
    notice_list = list_of_notice(notice)
    rows = lock(Rank.REDEMPTION, Redemption.objects.filter(notice_list=notice_list, state=RedemptionState.ON_NOTICE))
    notice = close_notice(notice=notice, by=by, at=at)
    notice_list.refresh_from_db()
    if notice.state != NoticeState.CLOSED or notice_list.notice_id != notice.pk:
        return 0
    free = [row for row in rows if is_undisputed(notices_of(notice_list), _line_key(row))]
    bulk_perform(Redemption, [row.pk for row in free], "pass_notice", at=at)
    bulk_perform(Redemption, [row.pk for row in rows if row not in free], "dispute", at=at)
    if notice_list.state == NoticeListState.PUBLISHED:
        perform(notice_list, "close", at=at)
        data = {"payable": [row.pk for row in free]}
        record(by=by, at=at, event=Event.LIST_CLOSED, subject=notice_list, data=data)
    return len(free)


def _reply_open(objection: Objection) -> Finding:
    why = f"企业和供应商可以在 {reply_due(objection):%Y-%m-%d} 前说明情况，还没有都说明。"
    remedy = "等双方说明或期限过后再认定成立；认定不成立的可以现在答复。"
    return Finding("objection.reply_open", "S19/6.3", why, remedy, "upheld", title="还在说明期限内")


_NO_FOLLOW = Finding(
    "objection.no_follow",
    "S19/6.3",
    "异议成立后，这一行要么转下一批，要么不予兑付。",
    "请选择如何处理这一行。",
    "follow",
    title="请选择处理办法",
)


def _named(notice_list: NoticeList, objection: Objection, states: list[str]) -> QuerySet[Redemption]:
    """The lines an objection speaks of: one by its voucher number, or all."""
    found = Redemption.objects.filter(notice_list=notice_list, state__in=states)
    return found.filter(voucher__number=objection.line_key) if objection.line_key else found


def _line_key(row: Redemption) -> str:
    return row.voucher.number or ""


def _go_on(
    row: Redemption, notice_list: NoticeList, objection: Objection, follow: str, by: Actor, at: datetime
) -> None:
    if row.state == RedemptionState.ON_NOTICE:
        perform(row, "dispute", at=at)
    if follow == DROP:
        row.invoices.update(live=False)
        row.bonus_holder = None
        perform(row, "drop", at=at, save=["bonus_holder"])
    elif follow == POSTPONE:
        reason = f"异议 {objection.receipt_no} 成立"
        Postponement.objects.create(notice_list=notice_list, redemption=row, reason=reason, at=at, by=by.user_id)
        row.notice_list = None
        perform(row, "postpone", at=at, save=["notice_list"])
    elif is_undisputed(notices_of(notice_list), _line_key(row)):
        over = notice_list.state != NoticeListState.PUBLISHED
        perform(row, "clear" if over else "clear_on_notice", at=at)
    tell_enterprise(row, title=f"对 {row.number} 的异议已答复", body="处理结果见兑现页面。", at=at)
