"""Reading announcements, notices and objections. Personal data of objectors is for the publishing bureau alone."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from django.db import models
from django.db.models import QuerySet

from platform_site.accounts.enums import Role
from platform_site.accounts.queries import day_of
from platform_site.kit.actor import Actor
from platform_site.notices.enums import NoticeState, ObjectionState
from platform_site.notices.models import Announcement, Objection, PublicNotice

_READS_ALL = (Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER, Role.AUDITOR)


def subject_key(subject: models.Model | tuple[str, str]) -> tuple[str, str]:
    """("settlement.noticelist", "17") for a model, or the pair itself."""
    if isinstance(subject, tuple):
        return subject[0], str(subject[1])
    return subject._meta.label_lower, str(subject.pk)


# -- announcements -----------------------------------------------------------------------------------------------


def announcements() -> QuerySet[Announcement]:
    """What everybody may read, newest first."""
    return Announcement.objects.filter(withdrawn_at__isnull=True).select_related("publisher").order_by("-id")


def announcements_visible_to(actor: Actor) -> QuerySet[Announcement]:
    """Those of one's own bureau, withdrawn ones too; province and auditor all."""
    found = Announcement.objects.select_related("publisher", "published_by").order_by("-id")
    if actor.has(*_READS_ALL):
        return found
    return found.filter(publisher_id=actor.organisation_id) if actor.organisation_id else found.none()


def find_announcements(found: QuerySet[Announcement], words: str, kind: str = "") -> QuerySet[Announcement]:
    """Every word must occur in the title or the text."""
    if kind:
        found = found.filter(kind=kind)
    for word in words.split():
        found = found.filter(models.Q(title__icontains=word) | models.Q(body__icontains=word))
    return found


# -- public notices ----------------------------------------------------------------------------------------------


def notices_of(subject: models.Model | tuple[str, str]) -> QuerySet[PublicNotice]:
    """Every notice of the subject, newest first."""
    subject_type, subject_id = subject_key(subject)
    found = PublicNotice.objects.filter(subject_type=subject_type, subject_id=subject_id)
    return found.select_related("publisher").order_by("-id")


def open_notice_of(subject: models.Model | tuple[str, str]) -> PublicNotice | None:
    return notices_of(subject).filter(state=NoticeState.OPEN).first()


def open_notices() -> QuerySet[PublicNotice]:
    """On notice now; the first to end comes first."""
    found = PublicNotice.objects.filter(state=NoticeState.OPEN).select_related("publisher")
    return found.order_by("closes_on", "id")


def public_notices() -> QuerySet[PublicNotice]:
    """All that was ever published: what has ended stays readable."""
    return PublicNotice.objects.select_related("publisher").order_by("-id")


def due_notices(at: datetime) -> QuerySet[PublicNotice]:
    """Open ones whose last day is over."""
    return PublicNotice.objects.filter(state=NoticeState.OPEN, closes_on__lt=day_of(at)).order_by("id")


def takes_objections(notice: PublicNotice, at: datetime) -> bool:
    """From the publication to the end of the last day, Shanghai time."""
    return notice.state == NoticeState.OPEN and day_of(at) <= notice.closes_on


def days_left(notice: PublicNotice, today: date) -> int:
    """Days of the notice that are left, with today's; all of them on the publication day; 0 when it is over."""
    return max((notice.closes_on - max(today, notice.opens_on)).days + 1, 0)


# -- objections --------------------------------------------------------------------------------------------------


def objections_visible_to(actor: Actor) -> QuerySet[Objection]:
    """The publishing bureau's; province and auditor all. Everybody else reads their own through its receipt."""
    found = Objection.objects.select_related("notice__publisher", "evidence", "answered_by").order_by("-id")
    if actor.has(*_READS_ALL):
        return found
    if actor.organisation_kind == "city" and actor.organisation_id is not None:
        return found.filter(notice__publisher_id=actor.organisation_id)
    return found.none()


def objection_by_receipt(key: uuid.UUID) -> Objection:
    """For the objector, who alone knows the key. Raises Objection.DoesNotExist."""
    return Objection.objects.select_related("notice__publisher").get(key=key)


def objections_of(notice: PublicNotice) -> QuerySet[Objection]:
    return Objection.objects.filter(notice=notice).order_by("id")


def unanswered_lines(notices: Iterable[PublicNotice]) -> set[str]:
    """Keys of lines that wait for an answer; "" when an objection is against the whole notice (S19/6.3)."""
    waiting = Objection.objects.filter(notice__in=list(notices), state=ObjectionState.FILED)
    return set(waiting.values_list("line_key", flat=True))


def upheld_lines(notices: Iterable[PublicNotice]) -> set[str]:
    """Keys of lines against which an objection was upheld."""
    upheld = Objection.objects.filter(notice__in=list(notices), state=ObjectionState.UPHELD)
    return set(upheld.values_list("line_key", flat=True))


def is_undisputed(notices: Iterable[PublicNotice], line_key: str) -> bool:
    """No objection against the line or the whole waits for an answer: it may be paid."""
    return not unanswered_lines(notices) & {line_key, ""}
