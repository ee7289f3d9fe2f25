"""What the forms for quota plans begin with: sample figures and weights from fixtures/quota, and past progress from the
platform's own ledger."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Sum

from catalog.models import Period
from catalog.queries import terms_of_period
from platform_site.accounts.models import City
from platform_site.accounts.queries import cities
from platform_site.kit.yaml_files import read_yaml
from vouchers.enums import MovementKind, PilotState
from vouchers.models import Pilot, QuotaBalance, QuotaMovement

HUNDRED = Decimal(100)
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Input:
    """A column of the formula. weight: fraction. In the form, figures are in `unit`."""

    key: str
    title: str
    unit: str
    weight: Decimal
    clause: str


@dataclass(frozen=True, slots=True)
class Rating:
    key: str
    title: str
    factor: Decimal
    clause: str


@cache
def plan_data() -> dict[str, Any]:
    path = Path(settings.BASE_DIR) / "fixtures" / "quota" / "plan.yaml"
    return dict(read_yaml(path))


def plan_unit() -> Decimal:
    """Yuan; amounts of a split are whole multiples."""
    return Decimal(plan_data()["unit"])


def plan_minimum() -> Decimal:
    return Decimal(plan_data()["minimum"])


def formula_inputs() -> list[Input]:
    return [Input(**{**row, "weight": Decimal(row["weight"])}) for row in plan_data()["inputs"]]


def supplier_ratings() -> list[Rating]:
    return [Rating(**{**row, "factor": Decimal(row["factor"])}) for row in plan_data()["ratings"]]


def figures_note() -> str:
    figures = plan_data()["figures"]
    return f"{figures['year']} 年，{figures['note']}"


def early_terms() -> dict[str, Any]:
    """share: paid out by the end of the last period; factor: how much more it then counts; clause (T18/8.2)."""
    return dict(plan_data()["early"])


def kept_share() -> Decimal:
    return Decimal(plan_data()["reallocation"]["keep_share"])


def alert_thresholds() -> list[Decimal]:
    """Shares of the total that are left (S19/7.3)."""
    return [Decimal(text) for text in plan_data()["alerts"]["thresholds"]]


def planned_cities(excluded: frozenset[str]) -> list[City]:
    """Cities that take part in the edition (N20/2)."""
    return [city for city in cities() if city.code not in excluded]


def sample_figures() -> dict[str, dict[str, Decimal]]:
    """City code → input key → figure."""
    rows = plan_data()["figures"]["cities"]
    return {code: {key: Decimal(text) for key, text in row.items()} for code, row in rows.items()}


# -- past progress ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """One city in the period before. paid: yuan redeemed by its end. share: of its quota. early: reached the share at
    which it counts more (T18/8.2). counted: per cent, as it goes into the formula."""

    total: Decimal
    paid: Decimal
    share: Decimal
    early: bool
    counted: Decimal


def period_before(period: Period) -> Period | None:
    """The last one before this in which anything was paid out."""
    paid = QuotaMovement.objects.filter(kind=MovementKind.CONSUME, period__apply_from__lt=period.apply_from)
    newest = paid.select_related("period").order_by("-period__apply_from").first()
    return newest.period if newest else None


def past_progress(before: Period | None) -> dict[str, Progress]:
    """By city code, from the ledger: what was paid out until the end of redeeming; a city without quota is left out."""
    if before is None:
        return {}
    paid = dict(
        QuotaMovement.objects.filter(
            period=before, kind=MovementKind.CONSUME, dimension__startswith="city:", decided_at__lte=before.redeem_to
        )
        .order_by()
        .values_list("dimension")
        .annotate(Sum("amount"))
    )
    totals = QuotaBalance.objects.filter(period=before, dimension__startswith="city:", total__gt=0)
    return {
        name.removeprefix("city:"): _progress(total, paid.get(name) or ZERO)
        for name, total in totals.values_list("dimension", "total")
    }


def _progress(total: Decimal, paid: Decimal) -> Progress:
    terms = early_terms()
    share = paid / total
    early = share >= Decimal(terms["share"])
    counted = share * (Decimal(terms["factor"]) if early else 1) * HUNDRED
    return Progress(total, paid, share, early, counted.quantize(Decimal("0.01")))


# -- pilots ----------------------------------------------------------------------------------------------------------


def running_pilots(period: Period) -> list[Pilot]:
    """Pilots with a budget of their own in this period (S19/5.6.24); none where they use the city's (T18/6.1)."""
    if terms_of_period(period).pilot_uses_city_quota:
        return []
    return list(Pilot.objects.filter(period=period, state=PilotState.RUNNING).order_by("name", "pk"))
