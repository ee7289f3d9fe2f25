"""Reasons kept for the next time: an officer's own, or for everybody in the office."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from settlement.enums import Event
from settlement.models import ReasonText
from settlement.permissions import acting, check_user_can_handle

CLAUSE = "S19/6.2"


@command
def keep_reason(
    *, title: str, clause: str, reason: str, remedy: str, office: bool, by: Actor, at: datetime
) -> ReasonText:
    """office: for everybody of the bureau, else for oneself alone. A title is used once by whoever owns it."""
    check_user_can_handle(by, by.area_code)
    if by.organisation_id is None:
        raise PermissionDenied
    refuse_if(_empty_findings(title, reason))
    text = ReasonText(
        organisation_id=by.organisation_id, owner=None if office else acting(by), title=title.strip(), clause=clause,
        reason=reason.strip(), remedy=remedy.strip(), made_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            text.save()
    except IntegrityError as error:
        raise Refusal(_taken(text.title)) from error
    record(by=by, at=at, event=Event.REASON_TEXT_KEPT, subject=text, data={"title": text.title, "office": office})
    return text


@command
def remove_reason(*, text: ReasonText, by: Actor, at: datetime) -> None:
    """One's own, or the office's; what was written into decisions stays there."""
    check_user_can_handle(by, by.area_code)
    if text.organisation_id != by.organisation_id or text.owner not in (None, by.user_id):
        raise PermissionDenied
    record(by=by, at=at, event=Event.REASON_TEXT_REMOVED, subject=text, data={"title": text.title})
    text.delete()


def _empty_findings(title: str, reason: str) -> list[Finding]:
    found = []
    if not title.strip():
        found.append(
            Finding("reason_text.no_title", CLAUSE, "没有短名。", "请起一个好找的短名。", "title", title="缺短名")
        )
    if not reason.strip():
        found.append(Finding("reason_text.no_reason", CLAUSE, "没有理由。", "请写理由。", "reason", title="缺理由"))
    return found


def _taken(title: str) -> Finding:
    return Finding("reason_text.taken", CLAUSE, f"已经有一条叫“{title}”。", "请换一个短名。", "title", title="短名已用")
