"""Windows of a period: half-open, [from, to): the second it ends it is shut. Only the server's clock counts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from catalog.rules.terms import EditionTerms
from platform_site.kit.findings import Finding

SHANGHAI = ZoneInfo("Asia/Shanghai")
WindowState = Literal["before", "open", "after"]


@dataclass(frozen=True, slots=True)
class PeriodWindows:
    """The four moments of a period, aware."""

    apply_from: datetime
    apply_to: datetime
    redeem_from: datetime
    redeem_to: datetime


def window_state(at: datetime, opens: datetime, shuts: datetime) -> WindowState:
    if at < opens:
        return "before"
    return "open" if at < shuts else "after"


def check_apply_window(at: datetime, windows: PeriodWindows, clause: str) -> list[Finding]:
    """`clause`: the edition's rule for the window, e.g. N20/1."""
    return _check(at, windows.apply_from, windows.apply_to, "申领", "window.apply", clause)


def check_redeem_window(at: datetime, windows: PeriodWindows, clause: str) -> list[Finding]:
    return _check(at, windows.redeem_from, windows.redeem_to, "兑现", "window.redeem", clause)


def check_lead_time(announced_at: datetime, windows: PeriodWindows, terms: EditionTerms) -> list[Finding]:
    """Opening and closing days are announced far enough ahead (S19/6.1; T18/5.6.18), counted in calendar days."""
    opening, closing = terms.announce_opening_days, terms.announce_closing_days
    found = _lead(
        "申领开始", "apply_from", announced_at, windows.apply_from, opening, terms.clause("announce_opening_days")
    )
    found += _lead(
        "兑现开始", "redeem_from", announced_at, windows.redeem_from, opening, terms.clause("announce_opening_days")
    )
    found += _lead(
        "申领截止", "apply_to", announced_at, windows.apply_to, closing, terms.clause("announce_closing_days")
    )
    return found + _lead(
        "兑现截止", "redeem_to", announced_at, windows.redeem_to, closing, terms.clause("announce_closing_days")
    )


def check_order(windows: PeriodWindows) -> list[Finding]:
    """Each window ends after it begins, and redemption doesn't begin before application."""
    found = []
    if windows.apply_to <= windows.apply_from:
        found.append(_wrong_order("apply_to", "申领截止时间不在申领开始之后。"))
    if windows.redeem_to <= windows.redeem_from:
        found.append(_wrong_order("redeem_to", "兑现截止时间不在兑现开始之后。"))
    if windows.redeem_from < windows.apply_from:
        found.append(_wrong_order("redeem_from", "兑现开始时间早于申领开始时间。"))
    if windows.redeem_to < windows.apply_to:
        found.append(_wrong_order("redeem_to", "兑现截止时间早于申领截止时间。"))
    return found


def last_issue_day(windows: PeriodWindows, terms: EditionTerms) -> date:
    """The last day on which a voucher still leaves the days for implementation (T18/5.6.17)."""
    return day_of(windows.redeem_to) - timedelta(days=terms.implementation_days)


def check_implementation(issued_at: datetime, windows: PeriodWindows, terms: EditionTerms) -> list[Finding]:
    last = last_issue_day(windows, terms)
    if not terms.implementation_days or day_of(issued_at) <= last:
        return []
    return [
        Finding(
            "period.too_late_to_issue",
            terms.clause("implementation_days"),
            f"发券后到兑现截止要有 {terms.implementation_days} 天，{last.isoformat()} 是最后的发券日。",
            "请延后兑现截止时间，或不再发券。",
            "redeem_to",
            title="实施时间不够",
        )
    ]


def day_of(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def _check(at: datetime, opens: datetime, shuts: datetime, name: str, code: str, clause: str) -> list[Finding]:
    state = window_state(at, opens, shuts)
    if state == "open":
        return []
    now, begin, end = (f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" for moment in (at, opens, shuts))
    if state == "before":
        reason, remedy = f"{name} {begin} 开始，服务器时间现在是 {now}。", "已填写的内容会保留，到时间再提交。"
    else:
        reason, remedy = f"{name}已在 {end} 截止，服务器时间现在是 {now}。", "请留意下一期的公告。"
    title = f"还没有到{name}时间" if state == "before" else f"{name}已经截止"
    return [Finding(f"{code}_{state}", clause, reason, remedy, title=title)]


def _lead(name: str, field: str, announced: datetime, moment: datetime, days: int, clause: str) -> list[Finding]:
    ahead = (day_of(moment) - day_of(announced)).days
    if ahead >= days:
        return []
    earliest = day_of(announced) + timedelta(days=days)
    return [
        Finding(
            "period.announced_too_late",
            clause,
            f"{name}要至少提前 {days} 天公布，今天公布只提前了 {max(ahead, 0)} 天。",
            f"请把{name}改到 {earliest.isoformat()} 或以后。",
            field,
            title=f"{name}公布得太晚",
        )
    ]


def _wrong_order(field: str, reason: str) -> Finding:
    return Finding("period.order", "S19/6.1", reason, "请改正时间。", field, title="时间先后不对")
