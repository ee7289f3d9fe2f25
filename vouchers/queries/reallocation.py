"""Where quota lies idle and where it is missing."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from catalog.models import Period
from catalog.queries import terms_of_period
from suppliers.queries import listed_suppliers
from vouchers.models import WaitingClaim
from vouchers.queries.plan_inputs import kept_share, plan_unit, planned_cities, running_pilots
from vouchers.queries.quota import available_in, dimension_names
from vouchers.queries.what_if import totals_now
from vouchers.rules.dimensions import city_dimension, pilot_dimension, supplier_dimension
from vouchers.rules.reallocation import Room, RoomLine, Suggestion, room_lines, suggestions

ZERO = Decimal("0.00")
KINDS = {"city": "地市", "supplier": "供应商", "pilot": "集群试点"}


@dataclass(frozen=True, slots=True)
class Place:
    """One that may give or take. waiting: applications."""

    line: RoomLine
    name: str
    waiting: int


def places(period: Period, kind: str) -> list[Place]:
    """Those who lack most first, then those who could give most."""
    keys = _dimensions(period, kind)
    names, totals, left = dimension_names(keys), totals_now(period, keys), available_in(period, keys)
    waiting = _waiting(period, kind)
    rooms = [Room(key, totals[key], left[key], waiting.get(key, (0, ZERO))[1]) for key in keys]
    lines = room_lines(rooms, keep_share=kept_share(), unit=plan_unit())
    return [Place(line, names[line.room.dimension], waiting.get(line.room.dimension, (0, ZERO))[0]) for line in lines]


def suggested(found: list[Place]) -> list[Suggestion]:
    return suggestions([place.line for place in found])


def _dimensions(period: Period, kind: str) -> list[str]:
    if kind == "supplier":
        return [supplier_dimension(pk) for pk in listed_suppliers().order_by("pk").values_list("pk", flat=True)]
    if kind == "pilot":
        return [pilot_dimension(pilot.pk) for pilot in running_pilots(period)]
    return [city_dimension(city.code) for city in planned_cities(terms_of_period(period).excluded_cities)]


def _waiting(period: Period, kind: str) -> dict[str, tuple[int, Decimal]]:
    """Claims and yuan by dimension."""
    column = "supplier_dimension" if kind == "supplier" else "budget_dimension"
    rows = WaitingClaim.objects.filter(period=period).order_by().values_list(column)
    return {name: (count, amount) for name, count, amount in rows.annotate(Count("pk"), Sum("amount"))}
