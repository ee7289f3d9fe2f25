"""The province's overview: where the money of the period stands, how fast it goes, and when a city runs out."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.models import Period
from catalog.queries import current_period, periods_visible_to, terms_of_period
from platform_site.kit import clock
from platform_site.kit.money import ZERO
from platform_site.portals.queries.quota import CityQuota, city_quotas, level_of
from vouchers.pages.pace_chart import pace_chart
from vouchers.queries.pace import Outflow, outflows, suppliers_of_city
from vouchers.queries.pace import pace as pace_of
from vouchers.queries.quota import dimension_names
from vouchers.queries.targets import targets_of
from vouchers.rules.dimensions import city_dimension

TEN_THOUSAND = 10_000  # the funnel counts in 万元
SUPPLIERS_SHOWN = 10
MEASURES = {
    "reserved": ("已占用", "占下达额度"),
    "granted": ("下达额度", "占最多的市"),
    "issued": ("已发券", "占下达额度"),
    "redeemed": ("已兑付", "占下达额度"),
}


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """`?period=` chooses, the newest otherwise; `?show=` switches the tile map."""
    periods, period = _chosen(request)
    context: dict[str, Any] = {"periods": periods, "period": period}
    if period is not None:
        at = clock.now()
        terms = terms_of_period(period)
        cities, flows = city_quotas(period, terms), outflows(period, at)
        show = request.GET.get("show", "")
        show = show if show in MEASURES else "reserved"
        days = pace_of(period, at)
        context |= {
            "cities": [(city, flows.get(city_dimension(city.code)), _detail(city, period)) for city in cities],
            "tiles": [_tile(city, show, _largest(cities), _detail(city, period)) for city in cities],
            "measure": MEASURES[show],
            "tabs": _tabs(period, show),
            "figures": _figures(cities),
            "funnel": _funnel(cities),
            "pace": days,
            "chart": pace_chart(days),
            "suppliers": _suppliers(flows),
            "targets": targets_of(terms),
            "target_clause": terms.clause("targets"),
        }
    return render(request, "portals/dashboard.html", context)


@require_safe
def dashboard_city(request: HttpRequest, code: str) -> HttpResponse:
    """One city: the same figures, its pace, its suppliers, and the basis of the estimate."""
    _, period = _chosen(request)
    if period is None:
        raise Http404
    city = next((row for row in city_quotas(period, terms_of_period(period)) if row.code == code), None)
    if city is None:
        raise Http404
    at, name = clock.now(), city_dimension(code)
    days = pace_of(period, at, code)
    context = {
        "period": period,
        "city": city,
        "flow": outflows(period, at, [name]).get(name),
        "figures": _figures([city]),
        "funnel": _funnel([city]),
        "pace": days,
        "chart": pace_chart(days),
        "suppliers": suppliers_of_city(period, code),
    }
    return render(request, "portals/dashboard_city.html", context)


def _chosen(request: HttpRequest) -> tuple[list[Period], Period | None]:
    periods = list(periods_visible_to(request.actor).exclude(state="draft"))  # type: ignore[attr-defined]
    wanted = request.GET.get("period", "")
    return periods, next((row for row in periods if row.code == wanted), None) or current_period(clock.now())


def _detail(city: CityQuota, period: Period) -> str:
    return f"{reverse('province:dashboard_city', args=[city.code])}?period={period.code}"


def _tabs(period: Period, show: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"?period={period.code}&show={key}", "current": key == show}
        for key, (label, _) in MEASURES.items()
    ]


def _largest(cities: list[CityQuota]) -> Decimal:
    return max((city.total for city in cities), default=ZERO)


def _tile(city: CityQuota, show: str, largest: Decimal, url: str) -> dict[str, Any]:
    """Coloured by the share of the city's own quota; what was granted by the share of the city with most."""
    amount = {"granted": city.total, "issued": city.issued, "redeemed": city.consumed}.get(show, city.used)
    whole = largest if show == "granted" else city.total
    share = amount / whole if whole else ZERO
    text = f"{amount / TEN_THOUSAND:,.0f} 万" if show == "granted" else f"{share:.0%}"
    return {
        "name": city.short,
        "level": level_of(share),
        "text": text if city.total else "未下达",
        "mark": city.waiting or "",
        "absent": city.excluded,
        "url": url,
    }


def _suppliers(flows: dict[str, Outflow]) -> list[tuple[str, Outflow]]:
    """Those whose limit is used most, by yuan."""
    rows = sorted(
        (flow for name, flow in flows.items() if name.startswith("supplier:")),
        key=lambda flow: (-flow.used, flow.dimension),
    )[:SUPPLIERS_SHOWN]
    names = dimension_names(flow.dimension for flow in rows)
    return [(names[flow.dimension], flow) for flow in rows]


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
