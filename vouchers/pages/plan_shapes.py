"""What the pages of quota plans have in common: the period, tiles, the preview of new totals and of their effect."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from catalog.models import Period
from catalog.queries import current_period, periods_visible_to, terms_of_period
from platform_site.accounts.models import City
from platform_site.kit import clock
from suppliers.queries import listed_suppliers
from vouchers.forms import PlanRow
from vouchers.queries import queue_board
from vouchers.queries.plan_inputs import planned_cities, running_pilots
from vouchers.queries.plans import still_to_come
from vouchers.queries.quota import dimension_names
from vouchers.queries.what_if import Effect, changes_from_totals, effect_of, totals_now
from vouchers.rules.dimensions import city_dimension, pilot_dimension, supplier_dimension

ZERO = Decimal("0.00")
TILE_STEPS = (40, 60, 85, 99)  # per cent, as the legend of the map says
Lines = Sequence[tuple[str, Decimal]]


def chosen_period(request: HttpRequest) -> Period | None:
    seen = periods_visible_to(request.actor).exclude(state="draft")  # type: ignore[attr-defined]
    return seen.filter(code=request.GET.get("period", "")).first() or current_period(clock.now())


def tile(period: Period, city: City, total: Decimal, used: Decimal, waiting: int) -> dict[str, Any]:
    """A city of the tile map, with the way to its statement."""
    share = used / total if total else ZERO
    return {
        "name": city.short,
        "level": 1 + sum(share * 100 >= step for step in TILE_STEPS),
        "text": f"{share:.0%}" if total else "—",
        "mark": waiting or "",
        "absent": not total,
        "url": f"{reverse('province:quota_movements')}?period={period.code}&dimension={city_dimension(city.code)}",
    }


def plan_rows(period: Period) -> list[PlanRow]:
    """Cities of the edition, running pilots, listed suppliers, each with its total now."""
    keys = [city_dimension(city.code) for city in planned_cities(terms_of_period(period).excluded_cities)]
    keys += [pilot_dimension(pilot.pk) for pilot in running_pilots(period)]
    keys += [supplier_dimension(one.pk) for one in listed_suppliers().order_by("name", "pk")]
    names, totals = dimension_names(keys), totals_now(period, keys)
    return [PlanRow(key, names[key], totals[key]) for key in keys]


def preview_rows(period: Period, lines: Lines, bases: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row per line: now, new, difference, its bar, what other signed plans will still add, and how it came about."""
    names, totals = dimension_names([key for key, _ in lines]), totals_now(period, [key for key, _ in lines])
    coming, largest = still_to_come(period, totals), max((amount for _, amount in lines), default=ZERO)
    return [
        {
            "key": key,
            "name": names[key],
            "now": totals[key],
            "amount": amount,
            "change": amount - totals[key],
            "largest": largest,
            "coming": coming.get(key),
            "basis": bases.get(key, {}),
        }
        for key, amount in lines
    ]


def preview_of(period: Period, lines: Lines, bases: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """New totals, shown before they are drafted."""
    rows = preview_rows(period, lines, bases or {})
    effect = effect_of(period, changes_from_totals(period, dict(lines)))
    sums = {name: sum((row[name] for row in rows), ZERO) for name in ("now", "amount", "change")}
    return {"rows": rows, "sums": sums, **effect_context(period, effect)}


def effect_context(period: Period, effect: Effect) -> dict[str, Any]:
    """The effect with its two tile maps."""
    board, changed = queue_board(period), {row.dimension: row for row in effect.rows}
    before, after = [], []
    for row in board:
        city, total, used = row["city"], row["total"], row["used"]
        before.append(tile(period, city, total, used, row["waiting"]))
        moved = changed.get(city_dimension(city.code))
        if moved is not None:
            total += moved.change
            used = total - moved.available_after
        after.append(tile(period, city, total, used, moved.waiting_after if moved else row["waiting"]))
    return {"effect": effect, "before": before, "after": after}
