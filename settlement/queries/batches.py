"""Batches, their lines and sums."""

from decimal import Decimal

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce

from catalog.models import Period
from platform_site.accounts.enums import Kind
from platform_site.kit.actor import Actor
from settlement.enums import BatchState, LedgerKind, RedemptionState
from settlement.models import Batch, BatchLine, PaymentLedger, Redemption
from settlement.queries.redemptions import READS_ALL
from settlement.rules.order import Candidate

ZERO = Decimal("0.00")


def batches_visible_to(actor: Actor) -> QuerySet[Batch]:
    """A city its own; finance those of its city from the second signature on; province and auditor all."""
    found = Batch.objects.select_related("city", "period")
    if actor.has(*READS_ALL):
        return found
    if actor.organisation_kind == Kind.CITY:
        return found.filter(city_id=actor.area_code)
    if actor.organisation_kind == Kind.FINANCE:
        seen = [BatchState.SIGNED, BatchState.PAYING, BatchState.SETTLED]
        return found.filter(city_id=actor.area_code, state__in=seen)
    return found.none()


def candidate_of(redemption: Redemption) -> Candidate:
    """What the order of settlement looks at (platform default 9)."""
    voucher = redemption.voucher
    if redemption.submitted_at is None:
        raise ValueError(f"redemption {redemption.pk} was never handed in")
    return Candidate(
        redemption_id=redemption.pk,
        submitted_at=redemption.submitted_at,
        sequence=voucher.sequence or 0,
        total=redemption.total_amount,
        carried_over=redemption.carried_over_at is not None,
        pilot=voucher.pilot_id is not None,
        excellent=voucher.supplier.priority,
    )


def lines_of_batch(batch: Batch) -> QuerySet[BatchLine]:
    return batch.lines.select_related(
        "redemption__voucher__enterprise", "redemption__voucher__supplier", "redemption__voucher__product", "result"
    ).order_by("order_no")


def sum_of_batch(batch: Batch) -> Decimal:
    """What the lines that fit add up to."""
    return batch.lines.filter(fits=True).aggregate(total=Sum("total"))["total"] or ZERO


def paid_of_batch(batch: Batch) -> Decimal:
    """What the ledger says was paid for the batch, recoveries not taken off."""
    paid = PaymentLedger.objects.filter(line__batch=batch, kind=LedgerKind.PAYMENT)
    return paid.aggregate(whole=Sum(F("amount") + F("bonus") + F("matching")))["whole"] or ZERO


def open_lines(batch: Batch) -> QuerySet[BatchLine]:
    """To be paid, without an answer of the bank."""
    return batch.lines.filter(fits=True, result__isnull=True)


def periods_with_money(city_id: str) -> QuerySet[Period]:
    """Periods of which something in the city waits to be paid."""
    states = [RedemptionState.PAYABLE, RedemptionState.CARRIED_OVER]
    waiting = Redemption.objects.filter(city_id=city_id, state__in=states).values("period_id")
    return Period.objects.filter(pk__in=waiting)


def line_by_number(batch: Batch, number: str) -> BatchLine | None:
    """The line of a redemption number, as the bank's results name it."""
    return batch.lines.filter(redemption__number=number).select_related("redemption").first()


def money_waiting(city_id: str) -> Decimal:
    """Payable and carried over together, all periods of the city."""
    states = [RedemptionState.PAYABLE, RedemptionState.CARRIED_OVER]
    found = Redemption.objects.filter(city_id=city_id, state__in=states)
    whole = Coalesce("approved_amount", ZERO) + F("bonus_amount") + F("matching_amount")
    return found.aggregate(whole=Sum(whole))["whole"] or ZERO
