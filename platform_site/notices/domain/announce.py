"""Province and cities announce (S19/9)."""

from datetime import datetime

from platform_site.accounts.queries import province_bureau
from platform_site.audit.domain import once, record, remember
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.locks import Rank, lock_one
from platform_site.notices.enums import AnnouncementKind, Event
from platform_site.notices.models import Announcement
from platform_site.notices.permissions import check_may_publish
from platform_site.notices.policies import announcement_findings


@command
def announce(
    *,
    title: str,
    body: str,
    by: Actor,
    at: datetime,
    kind: str = AnnouncementKind.NOTICE,
    period_code: str = "",
    key: str = "",
) -> Announcement:
    """Readable by everybody at once. The platform itself announces in the province's name (opening of a period).

    `key`: the form's idempotency key; sent twice it gives the first announcement again.
    """
    by_platform = by.has("system")
    if not by_platform:
        check_may_publish(by)
    refuse_if(announcement_findings(title, body))
    request = once(key=key, by=by, body={"title": title, "body": body}, at=at) if key else None
    if request is not None and request.outcome is not None:
        return Announcement.objects.get(pk=request.outcome["announcement"])
    announcement = Announcement.objects.create(
        title=title.strip(),
        body=body.strip(),
        kind=kind,
        period_code=period_code,
        publisher_id=province_bureau().pk if by_platform or by.organisation_id is None else by.organisation_id,
        published_by_id=by.user_id,
        published_at=at,
    )
    record(by=by, at=at, event=Event.ANNOUNCED, subject=announcement, data={"title": announcement.title})
    if request is not None:
        remember(request, {"announcement": announcement.pk})
    return announcement


@command
def withdraw_announcement(*, announcement: Announcement, reason: str, by: Actor, at: datetime) -> Announcement:
    """Taken off the public page with its reason; the record stays."""
    announcement = lock_one(Rank.LIST, Announcement.objects.all(), pk=announcement.pk)
    check_may_publish(by)
    refuse_if(_withdrawal_findings(announcement, reason, by))
    announcement.withdrawn_at, announcement.withdrawal_reason = at, reason.strip()
    announcement.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    record(by=by, at=at, event=Event.ANNOUNCEMENT_WITHDRAWN, subject=announcement, data={"reason": reason})
    return announcement


def _withdrawal_findings(announcement: Announcement, reason: str, by: Actor) -> list[Finding]:
    if announcement.publisher_id != by.organisation_id:
        raise Refusal(_OTHER_BUREAU)
    return [] if reason.strip() else [_REASON_MISSING]


_OTHER_BUREAU = Finding(
    code="announcement.other_bureau",
    clause="S19/9",
    title="不能撤下别的单位的公告",
    reason="公告由发布单位自己撤下。",
    remedy="请联系发布单位。",
)
_REASON_MISSING = Finding(
    code="announcement.reason_missing",
    clause="S19/9",
    title="没有写撤下原因",
    reason="撤下公告要留下原因。",
    remedy="请写明原因。",
    field="reason",
)
