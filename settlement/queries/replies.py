"""The right of reply to an objection (S19/6.3): who may say something, until when, and what was said."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from catalog.queries import terms_of_period
from platform_site.accounts.enums import Kind
from platform_site.kit.actor import Actor
from platform_site.notices.models import Objection
from platform_site.notices.queries import notices_of
from platform_site.working_calendar.queries import deadline
from settlement.enums import ReplySide
from settlement.models import NoticeLine, NoticeListVersion, ObjectionReply, Redemption
from settlement.queries.lists import SUBJECT, list_of_notice

_SIDES = {
    Kind.ENTERPRISE: (ReplySide.ENTERPRISE, "voucher__enterprise__organisation_id"),
    Kind.SUPPLIER: (ReplySide.SUPPLIER, "voucher__supplier__organisation_id"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What everybody may read of an answered objection. line_no: None for the whole list."""

    line_no: int | None
    filed_at: datetime
    answered_at: datetime | None
    result: str


def side_of(actor: Actor) -> str:
    """ "" for whoever is neither an enterprise nor a supplier."""
    found = _SIDES.get(Kind(actor.organisation_kind)) if actor.organisation_kind else None
    return found[0] if found else ""


def named_redemptions(objection: Objection) -> QuerySet[Redemption]:
    """The claims an objection speaks of, as they were on the list: one by its voucher number, or all."""
    lines = NoticeLine.objects.filter(list_version__notice_list_id=int(objection.notice.subject_id))
    if objection.line_key:
        lines = lines.filter(voucher_number=objection.line_key)
    found = Redemption.objects.filter(pk__in=lines.values("redemption_id"))
    return found.select_related("voucher__enterprise", "voucher__supplier", "voucher__product")


def own_redemption(actor: Actor, objection: Objection) -> Redemption | None:
    """The claim of this enterprise or supplier that the objection speaks of; None: not theirs."""
    found = _SIDES.get(Kind(actor.organisation_kind)) if actor.organisation_kind else None
    if found is None or actor.organisation_id is None:
        return None
    return named_redemptions(objection).filter(**{found[1]: actor.organisation_id}).order_by("pk").first()


def objections_about(actor: Actor) -> QuerySet[Objection]:
    """Those against lines (or whole lists) with a claim of this enterprise or supplier."""
    found = _SIDES.get(Kind(actor.organisation_kind)) if actor.organisation_kind else None
    if found is None or actor.organisation_id is None:
        return Objection.objects.none()
    own = NoticeLine.objects.filter(**{f"redemption__{found[1]}": actor.organisation_id})
    numbers = own.values("voucher_number")
    lists = [str(pk) for pk in own.values_list("list_version__notice_list_id", flat=True).distinct()]
    about = Objection.objects.filter(notice__subject_type=SUBJECT, notice__subject_id__in=lists)
    return (about.filter(line_key="") | about.filter(line_key__in=numbers)).select_related("notice")


def open_objections() -> QuerySet[Objection]:
    """Unanswered ones against notice lists."""
    found = Objection.objects.filter(state="filed", notice__subject_type=SUBJECT)
    return found.select_related("notice").order_by("pk")


def reply_due(objection: Objection) -> datetime:
    """The end of the last working day on which a reply counts (D/6)."""
    terms = terms_of_period(list_of_notice(objection.notice).period)
    return deadline(objection.filed_at, terms.objection_reply_working_days)


def replies_of(objection: Objection) -> QuerySet[ObjectionReply]:
    return ObjectionReply.objects.filter(objection=objection).select_related(
        "file", "redemption__voucher__enterprise", "redemption__voucher__supplier"
    ).order_by("pk")  # fmt: skip


def may_still_reply(objection: Objection, at: datetime) -> bool:
    """In time, and not both sides of every line have spoken."""
    if at > reply_due(objection):
        return False
    return replies_of(objection).count() < 2 * named_redemptions(objection).count()


def outcomes_of(version: NoticeListVersion) -> list[Outcome]:
    """Answered objections to a list without a word of the objector, in the order in which they came."""
    answered = list(Objection.objects.filter(notice__in=notices_of(version.notice_list)).exclude(state="filed"))
    keys = [one.line_key for one in answered]
    numbers = dict(version.lines.filter(voucher_number__in=keys).values_list("voucher_number", "line_no"))
    return [
        Outcome(numbers.get(one.line_key), one.filed_at, one.answered_at, one.get_state_display())
        for one in sorted(answered, key=lambda one: one.pk)
    ]
