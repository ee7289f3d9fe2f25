"""Does the edition ask the supplier about an application, and what has it said (T18/5.3.7)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from catalog.queries import editions_with, terms_of_period
from platform_site.accounts.enums import Kind
from platform_site.kit.actor import Actor
from platform_site.working_calendar.queries import deadline
from vouchers.enums import VoucherState
from vouchers.models import SupplierAnswer, Voucher
from vouchers.queries.vouchers import vouchers_visible_to

ASKED = "supplier_confirms_application"


@dataclass(frozen=True, slots=True)
class SupplierWord:
    """due: until when the supplier may take its time. answer: its last one to the application as it stands, None: none
    yet. silent: the time is over; the city goes on without it, as with a redemption (platform default 10)."""

    due: datetime
    answer: SupplierAnswer | None
    silent: bool

    @property
    def agrees(self) -> bool:
        return self.answer is not None and self.answer.agrees

    @property
    def says_no(self) -> bool:
        return self.answer is not None and not self.answer.agrees

    @property
    def awaited(self) -> bool:
        return self.answer is None and not self.silent


def supplier_word(voucher: Voucher, at: datetime) -> SupplierWord | None:
    """None: the edition does not ask, or the application is not under review."""
    since = voucher.state_since
    if voucher.state != VoucherState.UNDER_REVIEW or since is None:
        return None
    terms = terms_of_period(voucher.period)
    if not terms.supplier_confirms_application:
        return None
    due = deadline(since, terms.supplier_confirm_working_days)
    answers = SupplierAnswer.objects.filter(voucher=voucher, answered_at__gte=since)
    answer = answers.order_by("pk").last()
    return SupplierWord(due, answer, silent=answer is None and at > due)


def is_asked(voucher: Voucher) -> bool:
    return editions_with(ASKED).filter(pk=voucher.edition_id).exists()


def applications_for(actor: Actor) -> QuerySet[Voucher]:
    """Applications about which the supplier is asked, or was: its own."""
    if actor.organisation_kind != Kind.SUPPLIER:
        return Voucher.objects.none()
    return vouchers_visible_to(actor).filter(edition__in=editions_with(ASKED)).exclude(sequence=None)


def unanswered(found: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """Those that wait for the supplier's word."""
    answers = SupplierAnswer.objects.filter(voucher=OuterRef("pk"), answered_at__gte=OuterRef("state_since"))
    return found.filter(~Exists(answers), state=VoucherState.UNDER_REVIEW)


def answers_of(voucher: Voucher) -> list[SupplierAnswer]:
    return list(SupplierAnswer.objects.filter(voucher=voucher).select_related("answered_by").order_by("-pk"))
