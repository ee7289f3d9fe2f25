"""Does the edition ask the supplier about an application, and what has it said (T18/5.3.7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from catalog.models import Period
from catalog.queries import editions_with, terms_of_period
from platform_site.accounts.enums import Kind
from platform_site.kit.actor import Actor
from platform_site.working_calendar.queries import deadlines
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
    return supplier_words([voucher], at).get(voucher.pk)


def supplier_words(vouchers: Iterable[Voucher], at: datetime) -> dict[int, SupplierWord]:
    """`supplier_word` for a whole list, by voucher; those of whom it is None are missing."""
    periods: dict[Period, dict[int, datetime]] = defaultdict(dict)
    for voucher in vouchers:
        if voucher.state == VoucherState.UNDER_REVIEW and voucher.state_since is not None:
            periods[voucher.period][voucher.pk] = voucher.state_since
    words: dict[int, SupplierWord] = {}
    for period, since in periods.items():
        terms = terms_of_period(period)
        if terms.supplier_confirms_application:
            words |= _words(since, terms.supplier_confirm_working_days, at)
    return words


def _words(since: Mapping[int, datetime], days: int, at: datetime) -> dict[int, SupplierWord]:
    rows = SupplierAnswer.objects.filter(voucher__in=list(since)).order_by("pk")
    answers = {row.voucher_id: row for row in rows if row.answered_at >= since[row.voucher_id]}
    dues = deadlines(since.values(), days)
    return {
        pk: SupplierWord(dues[moment], answers.get(pk), silent=pk not in answers and at > dues[moment])
        for pk, moment in since.items()
    }


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
