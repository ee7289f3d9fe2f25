"""Words of notices: states, kinds, audit events."""

from enum import StrEnum


class NoticeState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    SUPERSEDED = "superseded"


NOTICE_STATES = [(NoticeState.OPEN, "公示中"), (NoticeState.CLOSED, "公示期满"), (NoticeState.SUPERSEDED, "已更正重发")]


class ObjectionState(StrEnum):
    FILED = "filed"
    UPHELD = "upheld"
    REJECTED = "rejected"


OBJECTION_STATES = [
    (ObjectionState.FILED, "待答复"),
    (ObjectionState.UPHELD, "异议成立"),
    (ObjectionState.REJECTED, "异议不成立"),
]


class AnnouncementKind(StrEnum):
    NOTICE = "notice"
    POLICY = "policy"
    GUIDE = "guide"
    PERIOD = "period"


ANNOUNCEMENT_KINDS = [
    (AnnouncementKind.NOTICE, "通知公告"),
    (AnnouncementKind.PERIOD, "申领兑现安排"),
    (AnnouncementKind.POLICY, "政策解读"),
    (AnnouncementKind.GUIDE, "办事指南"),
]


class Event(StrEnum):
    """Audit events of this package."""

    ANNOUNCED = "notices.announcement_published"
    ANNOUNCEMENT_WITHDRAWN = "notices.announcement_withdrawn"
    NOTICE_PUBLISHED = "notices.notice_published"
    NOTICE_SUPERSEDED = "notices.notice_superseded"
    NOTICE_CLOSED = "notices.notice_closed"
    OBJECTION_FILED = "notices.objection_filed"
    OBJECTION_ANSWERED = "notices.objection_answered"
