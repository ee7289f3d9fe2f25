"""The province's overview: where the money of the period stands, city by city."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.queries import current_period, periods_visible_to, terms_of_period
from platform_site.kit import clock
from platform_site.kit.money import ZERO
from platform_site.portals.queries.quota import CityQuota, city_quotas

TEN_THOUSAND = 10_000  # the funnel counts in 万元


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """`?period=` chooses; the newest otherwise. Figures, tile map and the table beside it."""
    periods = list(periods_visible_to(request.actor).exclude(state="draft"))  # type: ignore[attr-defined]
    wanted = request.GET.get("period", "")
    period = next((row for row in periods if row.code == wanted), None) or current_period(clock.now())
    context: dict[str, Any] = {"periods": periods, "period": period}
    if period is not None:
        cities = city_quotas(period, terms_of_period(period))
        context |= {"cities": cities, "tiles": [_tile(city) for city in cities], "figures": _figures(cities)}
        context["funnel"] = _funnel(cities)
    return render(request, "portals/dashboard.html", context)


def _tile(city: CityQuota) -> dict[str, Any]:
    text = f"{city.share * 100:.0f}%" if city.total else "未下达"
    return {
        "name": city.short,
        "level": city.level,
        "text": text,
        "mark": city.waiting or "",
        "absent": city.excluded,
        "url": reverse("portals:search") + f"?q={city.name}",
    }


def _sum(cities: list[CityQuota], name: str) -> Decimal:
    return sum((getattr(city, name) for city in cities), ZERO)


def _figures(cities: list[CityQuota]) -> list[dict[str, Any]]:
    total, used = _sum(cities, "total"), _sum(cities, "used")
    waiting = sum(city.waiting for city in cities)
    places = sum(bool(city.waiting) for city in cities)
    return [
        {"label": "下达额度", "value": f"{total / TEN_THOUSAND:,.0f}", "unit": "万元"},
        {
            "label": "已占用",
            "value": f"{used / TEN_THOUSAND:,.1f}",
            "unit": "万元",
            "note": f"{used * 100 / total:.0f}%" if total else "",
        },
        {"label": "申请", "value": sum(city.applications for city in cities), "unit": "件"},
        {"label": "候补", "value": waiting, "unit": "件", "note": f"{places} 个市", "tone": "wait" if waiting else ""},
        {"label": "已兑付", "value": f"{_sum(cities, 'consumed') / TEN_THOUSAND:,.1f}", "unit": "万元"},
    ]


def _funnel(cities: list[CityQuota]) -> list[dict[str, Any]]:
    total = _sum(cities, "total")
    rows = (
        ("下达额度", total),
        ("已占用", _sum(cities, "used")),
        ("已发券", _sum(cities, "issued")),
        ("已兑付", _sum(cities, "consumed")),
    )
    return [
        {
            "label": label,
            "value": int(amount / TEN_THOUSAND),
            "share": f"{amount * 100 / total:.1f}%" if total else "",
            "note": f"{amount:,.2f} 元",
        }
        for label, amount in rows
    ]
