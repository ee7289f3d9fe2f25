"""A period's applications read for a trial of other numbers, and tried. Reading only."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum, TextField
from django.db.models.functions import Cast, Coalesce
from msgspec import Struct

from catalog.models import Edition, Period
from catalog.queries import period_parameters, trial_catalog, trial_items, trial_parameters
from catalog.rules.case import AssessmentCase, case_from_text
from catalog.rules.terms import EditionTerms, ItemTerms, Parameter, edition_terms
from vouchers.enums import LIVE_STATES, EventKind, VoucherState
from vouchers.models import Enterprise, QuotaEvent, Voucher, WaitingClaim
from vouchers.rules.history import FALLS
from vouchers.rules.policy_trial import Outcome, PastApplication, Trial
from vouchers.rules.trial_sums import TrialSums

ZERO = Decimal("0.00")
TOLD_EVERY = 2_000
ENTERPRISES = 1_000  # asked for at a time
# Applications taken through each step together. One by one, every step's code would push the others' out of the
# processor's cache, and a trial would take up to a fifth longer; of many more, the data themselves would not stay.
AT_ONCE = 100
NAMED = 50
NO_REASONS: list[dict[str, str]] = []
Progress = Callable[[int], None]
_LIVE, _REFUSED = frozenset(state.value for state in LIVE_STATES), VoucherState.REFUSED.value
_COLUMNS = ("pk", "enterprise_id", "city_id", "state", "sequence")


class Changed(Struct, frozen=True, gc=False):
    """A voucher that would be worth more or less, pass or fail. findings: JSON."""

    voucher: int
    shift: str
    before: Decimal
    after: Decimal
    findings: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers in force in a period beside those to be tried. items, closed: see `Trial`."""

    present: EditionTerms
    other: EditionTerms
    items: Mapping[int, ItemTerms]
    closed: bool
    rows_before: list[Parameter]
    rows_after: list[Parameter]


@dataclass
class Tried:
    """applications: assessed twice each, under the present numbers and the others. left_out: those among them that fell
    away (withdrawn, refused, lapsed, given up, void), in no sum. wrong: vouchers whose present amount the present
    numbers do not give, the first 50; wrong_count: how many."""

    sums: TrialSums = field(default_factory=TrialSums)
    changed: list[Changed] = field(default_factory=list)
    applications: int = 0
    left_out: int = 0
    wrong: list[int] = field(default_factory=list)
    wrong_count: int = 0


def policy_of(
    period: Period,
    edition: Edition,
    values: Mapping[str, Any] | None = None,
    amounts: Mapping[int, Mapping[str, Decimal | None]] | None = None,
) -> Policy:
    """`values`, `amounts`: what was changed by hand (see `catalog.queries.trial`). Raises ValueError for numbers that
    cannot be read, CatalogVersion.DoesNotExist."""
    before, after = period_parameters(period), trial_parameters(period, edition, values)
    catalog = trial_catalog(period, edition)
    closed = catalog.pk != period.catalog_version_id
    return Policy(
        present=edition_terms(period.edition.code, before),
        other=edition_terms(edition.code, after),
        items=trial_items(catalog, amounts or {}, only_changed=not closed),
        closed=closed,
        rows_before=before,
        rows_after=after,
    )


def try_policy(period: Period, policy: Policy, progress: Progress = lambda done: None) -> Tried:
    """All applications of the period, those of an enterprise in the order of their decisions. `progress` is told how
    many are done, now and then. 100,000 take some ten seconds."""
    trial = Trial(policy.present, policy.other, policy.items, closed=policy.closed)
    found = Tried()
    for some in _some_at_once(period):
        outcomes = [trial.take(one) for one in some]
        for one, outcome in zip(some, outcomes, strict=True):
            _count(found, one, outcome)
        told = found.applications // TOLD_EVERY
        found.applications += len(some)
        if found.applications // TOLD_EVERY > told:
            progress(found.applications)
    return found


def _count(found: Tried, one: PastApplication, outcome: Outcome) -> None:
    if not one.counted:
        found.left_out += 1
        return
    shift = outcome.shift
    where = (one.city, one.case.item.number, one.size, one.case.product_class or "")
    found.sums.add(where, outcome)
    if shift is not None:
        reasons = [finding.as_dict() for finding in outcome.findings] if outcome.findings else NO_REASONS
        found.changed.append(Changed(one.voucher, shift, outcome.before, outcome.after, reasons))
    if not outcome.agrees:
        found.wrong_count += 1
        if len(found.wrong) < NAMED:
            found.wrong.append(one.voucher)


def applications_in(period: Period) -> QuerySet[Voucher]:
    """Everything that was handed in."""
    return Voucher.objects.filter(period=period).exclude(state=VoucherState.DRAFT)


def applications(period: Period) -> Iterator[PastApplication]:
    """An enterprise's together, in the order of their decisions."""
    return chain.from_iterable(_some_at_once(period))


def _some_at_once(period: Period) -> Iterator[list[PastApplication]]:
    """Some hundred enterprises are asked for at a time: memory does not grow with the period, and each is read at
    once."""
    fell, waits = _times(period, FALLS), _waiting_rises(period)
    fixed = _fixed(period, fell)
    sizes = dict(Enterprise.objects.order_by("pk").values_list("pk", "size"))
    found = applications_in(period).order_by("enterprise_id", "sequence", "pk")
    told = {"worth": Coalesce("amount", "prepared_amount"), "frozen": Cast("case", TextField())}
    rows = found.annotate(**told).values_list(*_COLUMNS, *told)

    def application(row: tuple[Any, ...], case: AssessmentCase) -> PastApplication:
        pk, enterprise, city, state, sequence, present, _ = row
        # Refused because the cap was used up: its amount is 0.00. Refused without an amount, it is worth what was
        # prepared, which is more.
        counted = state in _LIVE or (state == _REFUSED and not present)
        return PastApplication(
            pk,
            enterprise,
            case,
            present + waits[pk] if pk in waits else present,
            city,
            sizes.get(enterprise, ""),  # "": it registered after the sizes were read
            counted,
            sequence is not None,
            fell.get(pk),
            fixed.get(pk),
        )  # by place: this many keywords cost as much as reading the row

    keys = list(sizes)
    for start in range(0, len(keys), ENTERPRISES):
        part = keys[start : start + ENTERPRISES]
        for some in _fetched(rows.filter(enterprise_id__gte=part[0], enterprise_id__lte=part[-1])):
            cases = [case_from_text(row[-1]) for row in some]
            yield list(map(application, some, cases))


def _fetched(rows: QuerySet[Any, tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """Plain columns, which need none of Django's conversions; the queryset itself would make all rows before the first
    is looked at."""
    order, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(order, values)
        while some := cursor.fetchmany(AT_ONCE):
            yield some


def _fixed(period: Period, fell: Mapping[int, datetime]) -> dict[int, datetime]:
    """When the cases of enterprises of which something fell away were last assessed: on arrival, or the last time
    because an earlier one had fallen away or because the application was corrected."""
    touched = Voucher.objects.filter(pk__in=list(fell)).values("enterprise_id")
    rows = applications_in(period).filter(enterprise_id__in=touched).values_list("pk", "arrived_at")
    arrived = {pk: moment for pk, moment in rows if moment is not None}
    rose = _times(period, (EventKind.RISE,)) if arrived else {}
    return {pk: max(moment, rose.get(pk, moment)) for pk, moment in arrived.items()}


def _times(period: Period, kinds: Iterable[EventKind]) -> dict[int, datetime]:
    """The last event of these kinds by voucher."""
    events = QuotaEvent.objects.filter(period=period, kind__in=kinds, decision__isnull=False)
    rows = events.order_by("arrived_at", "pk").values_list("voucher_id", "arrived_at")
    return {voucher: moment for voucher, moment in rows if voucher is not None}


def _waiting_rises(period: Period) -> dict[int, Decimal]:
    """Yuan by voucher that are decided and wait for quota."""
    rows = WaitingClaim.objects.filter(period=period, rises=True).values_list("voucher_id")
    return dict(rows.annotate(wanted=Sum("amount")).order_by())
