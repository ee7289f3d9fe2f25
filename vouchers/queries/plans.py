"""Plans in tranches: what is due, what is still to come, what each tranche adds, and what was told about balances."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from django.core.cache import cache
from django.db.models import QuerySet

from catalog.models import Period
from vouchers.enums import PlanKind, PlanState, TrancheState
from vouchers.models import QuotaAlert, QuotaPlan, QuotaTranche
from vouchers.queries.board import KEPT_SECONDS
from vouchers.queries.what_if import Effect, changes_from_totals, effect_of
from vouchers.rules.tranches import tranche_amounts

ZERO = Decimal("0.00")


def due_tranches(at: datetime) -> QuerySet[QuotaTranche]:
    """Of signed plans, whose time has come, oldest first."""
    due = QuotaTranche.objects.filter(
        state=TrancheState.PLANNED, plan__state=PlanState.SIGNED, release_at__lte=at
    ).exclude(plan__period__state="closed")
    return due.order_by("release_at", "plan_id", "number")


def tranche_lines(plan: QuotaPlan, number: int) -> list[tuple[str, Decimal]]:
    """(dimension, yuan) that this tranche adds; lines without an amount are left out."""
    shares = [tranche.share for tranche in plan.tranches.all()]
    lines = [(line.dimension, tranche_amounts(line.amount, shares)[number - 1]) for line in plan.lines.all()]
    return [(name, amount) for name, amount in lines if amount]


@dataclass(frozen=True, slots=True)
class Step:
    """One tranche for people. Yuan added to cities and pilots, to suppliers, in all."""

    tranche: QuotaTranche
    budgets: Decimal
    suppliers: Decimal


def steps_of(plan: QuotaPlan) -> list[Step]:
    return _steps(list(plan.tranches.select_related("stop_asked_by", "stopped_by", "event__decision")), plan)


def _steps(tranches: list[QuotaTranche], plan: QuotaPlan) -> list[Step]:
    shares = [tranche.share for tranche in tranches]
    sums = {tranche.pk: [ZERO, ZERO] for tranche in tranches}
    for line in plan.lines.all():
        for tranche, amount in zip(tranches, tranche_amounts(line.amount, shares), strict=True):
            sums[tranche.pk][line.dimension.startswith("supplier:")] += amount
    return [Step(tranche, *sums[tranche.pk]) for tranche in tranches]


def published_steps(period: Period) -> list[Step]:
    """For everybody: when which part of the period's signed plans becomes available to the cities; two queries more
    than plans."""
    plans = QuotaPlan.objects.filter(period=period, kind=PlanKind.TRANCHED, state=PlanState.SIGNED)
    found = [
        step
        for plan in plans.prefetch_related("lines", "tranches")
        for step in _steps(list(plan.tranches.all()), plan)
        if step.budgets > ZERO
    ]
    return sorted(found, key=lambda step: (step.tranche.release_at, step.tranche.pk))


def public_steps(period: Period) -> list[Step]:
    """The same for the public board, a few seconds old at most: the whole country may look at the opening."""
    key = f"quota-steps:{period.pk}"
    found = cache.get(key)
    if not isinstance(found, list):
        found = published_steps(period)
        cache.set(key, found, KEPT_SECONDS)
    return found


def still_to_come(period: Period, dimensions: Iterable[str]) -> dict[str, Decimal]:
    """Yuan that signed plans will still add by dimension; dimensions without any are left out."""
    wanted, found = set(dimensions), dict[str, Decimal]()
    plans = QuotaPlan.objects.filter(
        period=period, kind=PlanKind.TRANCHED, state=PlanState.SIGNED, tranches__state=TrancheState.PLANNED
    )
    for plan in plans.distinct().prefetch_related("lines", "tranches"):
        tranches = list(plan.tranches.all())
        shares = [tranche.share for tranche in tranches]
        for line in plan.lines.all():
            amounts = zip(tranches, tranche_amounts(line.amount, shares), strict=True)
            coming = sum((amount for one, amount in amounts if one.state == TrancheState.PLANNED), ZERO)
            if line.dimension in wanted and coming:
                found[line.dimension] = found.get(line.dimension, ZERO) + coming
    return found


def effect_of_plan(plan: QuotaPlan) -> Effect:
    """What signing it would do to those who wait now; a plan in tranches counts with all of them."""
    lines = {line.dimension: line.amount for line in plan.lines.all()}
    if plan.kind == PlanKind.GRANT:
        return effect_of(plan.period, changes_from_totals(plan.period, lines))
    return effect_of(plan.period, lines)


def thresholds_below(period: Period) -> dict[str, frozenset[Decimal]]:
    """By dimension: thresholds whose last alert was that less is left."""
    rows = QuotaAlert.objects.filter(period=period).order_by("dimension", "pk")
    found = {}
    for dimension, alerts in groupby(rows, key=lambda row: row.dimension):
        last = {alert.threshold.normalize(): alert.down for alert in alerts}
        found[dimension] = frozenset(threshold for threshold, down in last.items() if down)
    return found
