"""The city compiles its list: all approved redemptions are on it; what is left out goes to the next with a reason."""

from collections.abc import Mapping
from datetime import datetime

from catalog.models import Period
from platform_site.accounts.models import City
from platform_site.accounts.queries import bureau_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import bulk_perform, perform
from platform_site.kit.locks import Rank, lock, lock_one
from settlement.domain.numbers import next_in
from settlement.enums import Event, NoticeListState, RedemptionState
from settlement.models import NoticeList, Postponement, Redemption
from settlement.permissions import acting, check_user_can_handle
from settlement.policies import list_findings
from settlement.queries.lists import approved_waiting
from settlement.rules.wording import round_word


@command
def compile_notice_list(
    *, city: City, period: Period, by: Actor, at: datetime, left_out: Mapping[int, str] | None = None
) -> NoticeList:
    """A draft with every approved redemption of the city and period. left_out: redemption id → reason."""
    check_user_can_handle(by, city.pk)
    reasons = dict(left_out or {})
    waiting = lock(Rank.REDEMPTION, approved_waiting(city.pk, period.pk))
    taken = [redemption.pk for redemption in waiting if redemption.pk not in reasons]
    refuse_if([*_open_draft_findings(city, period), *_reason_findings(reasons)])
    notice_list = _begin(city, period, by, at)
    refuse_if(list_findings(notice_list, len(taken)))
    bulk_perform(Redemption, taken, "enlist", at=at, notice_list=notice_list)
    for redemption in waiting:
        if redemption.pk in reasons:
            _note(notice_list, redemption, reasons[redemption.pk], by, at)
    data = {"number": notice_list.number, "redemptions": taken, "left_out": {str(k): v for k, v in reasons.items()}}
    record(by=by, at=at, event=Event.LIST_COMPILED, subject=notice_list, data=data)
    return notice_list


@command
def postpone_line(
    *, notice_list: NoticeList, redemption: Redemption, reason: str, by: Actor, at: datetime
) -> NoticeList:
    """Take a redemption off a list that is not signed; it goes to the next one (S19/6.3)."""
    redemption = lock_one(Rank.REDEMPTION, Redemption.objects.all(), pk=redemption.pk, notice_list=notice_list)
    notice_list = lock_one(Rank.LIST, NoticeList.objects.all(), pk=notice_list.pk)
    check_user_can_handle(by, notice_list.city_id)
    refuse_if([*draft_findings(notice_list), *_reason_findings({redemption.pk: reason})])
    redemption.notice_list = None
    perform(redemption, "put_back", at=at, save=["notice_list"])
    _note(notice_list, redemption, reason, by, at)
    record(by=by, at=at, event=Event.LINE_POSTPONED, subject=notice_list, data={"redemption": redemption.pk})
    return notice_list


@command
def revoke_notice_list(*, notice_list: NoticeList, reason: str, by: Actor, at: datetime) -> NoticeList:
    """Give an unpublished list up; its redemptions wait for the next."""
    listed = Redemption.objects.filter(notice_list=notice_list, state=RedemptionState.LISTED)
    rows = lock(Rank.REDEMPTION, listed)
    notice_list = lock_one(Rank.LIST, NoticeList.objects.all(), pk=notice_list.pk)
    check_user_can_handle(by, notice_list.city_id)
    refuse_if([*_reason_findings({notice_list.pk: reason}), *_published_findings(notice_list)])
    perform(notice_list, "revoke", at=at)
    bulk_perform(Redemption, [row.pk for row in rows], "put_back", at=at, notice_list=None)
    for row in rows:
        _note(notice_list, row, reason, by, at)
    record(by=by, at=at, event=Event.LIST_REVOKED, subject=notice_list, data={"reason": reason})
    return notice_list


def list_title(city: City, period: Period, number: int) -> str:
    """佛山市2020年第三批服务券兑现公示."""
    return f"{city.name}{period.code}年第{round_word(number)}批服务券兑现公示"


def _begin(city: City, period: Period, by: Actor, at: datetime) -> NoticeList:
    edition = period.code[:8]
    number = next_in(f"GS{city.pk[:4]}-{period.code}")
    serial = next_in(f"GS{city.pk[:4]}-{edition}-serial")
    return NoticeList.objects.create(
        number=f"GS{city.pk[:4]}-{edition}-{serial:02d}",
        round=number,
        city=city,
        period=period,
        title=list_title(city, period, serial),
        issuer=bureau_of(city.pk).name,
        compiled_at=at,
        compiled_by=acting(by),
        compiled_by_name=by.label,
        state_since=at,
    )


def _note(notice_list: NoticeList, redemption: Redemption, reason: str, by: Actor, at: datetime) -> None:
    Postponement.objects.create(
        notice_list=notice_list, redemption=redemption, reason=reason.strip(), at=at, by=by.user_id
    )


def draft_findings(notice_list: NoticeList) -> list[Finding]:
    if notice_list.state in (NoticeListState.DRAFT, NoticeListState.CORRECTED):
        return []
    why = f"名单 {notice_list.number} 现在是“{notice_list.get_state_display()}”。"
    return [Finding("list.not_open", "S19/5.4.14", why, "只有编制中的名单能改。", title="名单不能改了")]


def _published_findings(notice_list: NoticeList) -> list[Finding]:
    if notice_list.published_at is None:
        return []
    why = f"名单 {notice_list.number} 已经发布过。"
    return [Finding("list.published", "D/6", why, "已发布的名单只能更正后重新发布。", title="已发布的不能作废")]


def _open_draft_findings(city: City, period: Period) -> list[Finding]:
    open_list = NoticeList.objects.filter(city=city, period=period, state=NoticeListState.DRAFT).first()
    if open_list is None:
        return []
    why = f"名单 {open_list.number} 还在编制。"
    return [Finding("list.draft_exists", "S19/5.4.14", why, "先把它送复核或作废。", title="已有一份编制中的名单")]


def _reason_findings(reasons: Mapping[int, str]) -> list[Finding]:
    if all(reason.strip() for reason in reasons.values()):
        return []
    return [Finding("list.no_reason", "S19/6.3", "没有写原因。", "转下一批要写明原因。", "reason", title="请写原因")]
