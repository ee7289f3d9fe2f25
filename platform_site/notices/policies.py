"""May it happen now? Each policy returns every finding at once; policies know no user."""

from datetime import datetime

from django.db import models

from platform_site.kit.findings import Finding
from platform_site.notices.enums import NoticeState
from platform_site.notices.models import PublicNotice
from platform_site.notices.queries import open_notice_of, takes_objections

CLAUSE = "D/6"


def publishing_findings(
    subject: models.Model | tuple[str, str], days: int, replaces: PublicNotice | None
) -> list[Finding]:
    """At least one day; one open notice per subject, unless this one replaces it."""
    found = []
    if days < 1:
        reason = f"公示期写的是 {days} 天。"
        found.append(_finding("notice.no_days", "没有公示期", reason, "公示期至少 1 天，按政策版本的天数填写。"))
    standing = open_notice_of(subject)
    if standing is not None and standing != replaces:
        reason = f"“{standing.title}”还在公示，到 {standing.closes_on} 为止。"
        found.append(_finding("notice.already_open", "已在公示", reason, "要更正的，请按更正重新发布。"))
    if replaces is not None and replaces.state != NoticeState.OPEN:
        reason = f"原公示的状态是“{replaces.get_state_display()}”。"
        found.append(_finding("notice.not_open", "原公示已结束", reason, "公示期满以后的问题按异议或抽查处理。"))
    return found


def closing_findings(notice: PublicNotice, at: datetime) -> list[Finding]:
    if not takes_objections(notice, at):
        return []
    reason = f"公示到 {notice.closes_on} 当天结束，现在还可以提出异议。"
    return [_finding("notice.still_running", "公示期还没有满", reason, "期满后平台自动结束公示。")]


def objection_time_findings(notice: PublicNotice, line_key: str, at: datetime) -> list[Finding]:
    """In time, and against a line that the notice has ("" is the whole)."""
    found = []
    if not takes_objections(notice, at):
        reason = f"公示期到 {notice.closes_on} 为止，异议要在公示期内提出。"
        remedy = "期满后发现问题的，请向发布单位举报。"
        found.append(_finding("objection.too_late", "公示期已过", reason, remedy, "S19/6.3"))
    if line_key and line_key not in notice.lines:
        reason = "名单里没有这一行，可能已经更正。"
        found.append(_finding("objection.line_unknown", "没有这一行", reason, "请回到名单重新选择。", "S19/6.3"))
    return found


def answer_findings(answer: str) -> list[Finding]:
    if answer.strip():
        return []
    reason = "异议要处理并答复，不能只写结论。"
    remedy = "请写明查到的事实和理由。"
    return [_finding("objection.answer_missing", "没有写答复", reason, remedy, "S19/6.3", "answer")]


def announcement_findings(title: str, body: str) -> list[Finding]:
    found = []
    if not title.strip():
        found.append(_finding("announcement.title_missing", "没有标题", "标题是空的。", "请填写。", "S19/9", "title"))
    if not body.strip():
        found.append(_finding("announcement.body_missing", "没有正文", "正文是空的。", "请填写。", "S19/9", "body"))
    return found


def _finding(code: str, title: str, reason: str, remedy: str, clause: str = CLAUSE, field: str = "") -> Finding:
    return Finding(code=code, clause=clause, title=title, reason=reason, remedy=remedy, field=field)


TOO_OFTEN = _finding(
    "objection.too_often",
    "提交太频繁",
    "这个网络地址一小时内提交异议的次数已满，为防止机器批量提交，这次没有受理。",
    "您填写的内容还在，请一小时后再提交；急的可以直接联系发布单位。",
    "S19/6.3",
)
