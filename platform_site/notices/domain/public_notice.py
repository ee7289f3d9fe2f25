"""A subject goes on public notice and comes off it; its owner drives both (platform default 6)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from platform_site.accounts.queries import day_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one
from platform_site.notices.enums import Event
from platform_site.notices.models import PublicNotice
from platform_site.notices.permissions import check_may_publish
from platform_site.notices.policies import closing_findings, publishing_findings
from platform_site.notices.queries import due_notices, subject_key
from platform_site.outbox.domain import enqueue
from platform_site.working_calendar.queries import roll_on


@command
def publish_notice(
    *,
    subject: models.Model | tuple[str, str],
    title: str,
    days: int,
    by: Actor,
    at: datetime,
    lines: Mapping[str, str] | None = None,
    replaces: PublicNotice | None = None,
    on_close: str = "",
    on_objection: str = "",
) -> PublicNotice:
    """The publication day is not counted; the last of `days` calendar days rolls on to a working day.

    `lines`: key → what the public reads of a line, so that objections can name it. `replaces`: the open notice that
    this corrected one takes the place of. `on_close`, `on_objection`: outbox tasks of the owner, called with
    notice_id (and objection_id).
    """
    check_may_publish(by)
    replaced = _make_room(subject, days, replaces, by, at)
    subject_type, subject_id = subject_key(subject)
    notice = PublicNotice.objects.create(
        subject_type=subject_type,
        subject_id=subject_id,
        title=title.strip(),
        publisher_id=by.organisation_id,  # type: ignore[misc]  # an official, so of a bureau
        published_by_id=by.user_id,
        published_at=at,
        **notice_days(at, days),
        lines=dict(lines or {}),
        replaces=replaced,
        on_close=on_close,
        on_objection=on_objection,
        state_since=at,
    )
    data = {"subject": f"{subject_type}:{subject_id}", "days": days, "closes_on": notice.closes_on}
    record(by=by, at=at, event=Event.NOTICE_PUBLISHED, subject=notice, data=data)
    return notice


def _make_room(
    subject: models.Model | tuple[str, str], days: int, replaces: PublicNotice | None, by: Actor, at: datetime
) -> PublicNotice | None:
    """Check, and take the corrected notice off; gives it back as it is now."""
    if replaces is not None:
        replaces = lock_one(Rank.LIST, PublicNotice.objects.all(), pk=replaces.pk)
    refuse_if(publishing_findings(subject, days, replaces))
    if replaces is not None:
        perform(replaces, "supersede", at=at)
        record(by=by, at=at, event=Event.NOTICE_SUPERSEDED, subject=replaces)
    return replaces


def notice_days(at: datetime, days: int) -> dict[str, Any]:
    """The days of a notice published at this moment."""
    day = day_of(at)
    first, last = day + timedelta(days=1), roll_on(day + timedelta(days=days))
    return {"days": days, "opens_on": first, "closes_on": last}


@command
def close_notice(*, notice: PublicNotice, by: Actor, at: datetime) -> PublicNotice:
    """Refused while objections are still taken. Closing twice changes nothing."""
    notice = lock_one(Rank.LIST, PublicNotice.objects.all(), pk=notice.pk)
    if notice.state != "open":
        return notice
    refuse_if(closing_findings(notice, at))
    perform(notice, "close", at=at)
    record(by=by, at=at, event=Event.NOTICE_CLOSED, subject=notice)
    if notice.on_close:
        enqueue(task=notice.on_close, kwargs={"notice_id": notice.pk}, at=at, unique=f"notice:{notice.pk}")
    return notice


def close_due_notices(*, by: Actor, at: datetime) -> int:
    """Every notice whose last day is over, each in its own transaction. Returns how many were closed."""
    due = list(due_notices(at))
    for notice in due:
        close_notice(notice=notice, by=by, at=at)
    return len(due)
