"""Demands for money back, and what came in for them."""

from decimal import Decimal

from django.db.models import QuerySet, Sum

from platform_site.accounts.enums import Kind
from platform_site.kit.actor import Actor
from settlement.enums import ClawbackState, LedgerKind
from settlement.models import Clawback, PaymentLedger, Redemption
from settlement.queries.redemptions import READS_ALL
from settlement.rules.clawback import ZERO, Parts

ORDERED = (ClawbackState.ORDERED, ClawbackState.COLLECTED)


def clawbacks_visible_to(actor: Actor) -> QuerySet[Clawback]:
    """A city its own; finance and the enterprise from the second signature on; province and auditor all."""
    found = Clawback.objects.select_related(
        "redemption__voucher__enterprise", "redemption__voucher__product", "redemption__city", "redemption__period"
    )
    if actor.has(*READS_ALL):
        return found
    if actor.organisation_kind == Kind.CITY:
        return found.filter(redemption__city_id=actor.area_code)
    if actor.organisation_kind == Kind.FINANCE:
        return found.filter(redemption__city_id=actor.area_code, state__in=ORDERED)
    if actor.organisation_kind == Kind.ENTERPRISE and actor.organisation_id is not None:
        return found.filter(redemption__voucher__enterprise__organisation_id=actor.organisation_id, state__in=ORDERED)
    return found.none()


def clawback_of(redemption: Redemption) -> Clawback | None:
    """The one that stands; None where nothing is asked back."""
    return Clawback.objects.filter(redemption=redemption).exclude(state=ClawbackState.WITHDRAWN).first()


def paid_parts(redemption: Redemption) -> Parts:
    """What the ledger says was paid for a redemption."""
    return _parts(PaymentLedger.objects.filter(redemption=redemption, kind=LedgerKind.PAYMENT))


def received_parts(clawback: Clawback) -> Parts:
    """What came back so far."""
    return _parts(PaymentLedger.objects.filter(clawback=clawback, kind=LedgerKind.RECOVERY))


def demanded_parts(clawback: Clawback) -> Parts:
    return Parts(clawback.amount, clawback.bonus, clawback.matching)


def receipts_of(clawback: Clawback) -> QuerySet[PaymentLedger]:
    """In the order in which they were recorded."""
    return PaymentLedger.objects.filter(clawback=clawback).order_by("pk")


def owed(clawback: Clawback) -> Decimal:
    """Yuan that is still to come."""
    return clawback.total - received_parts(clawback).total


def _parts(rows: QuerySet[PaymentLedger]) -> Parts:
    sums = rows.aggregate(amount=Sum("amount"), bonus=Sum("bonus"), matching=Sum("matching"))
    return Parts(sums["amount"] or ZERO, sums["bonus"] or ZERO, sums["matching"] or ZERO)
