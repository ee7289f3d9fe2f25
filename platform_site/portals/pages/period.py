"""The public page of a period: until when, under which policy and catalog, where, and how much is released."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.models import Period
from catalog.pages.wording import matching_rows, value_row
from catalog.queries import parameters_of, periods_visible_to, terms_of_period, windows_of
from catalog.rules.parameter_words import say_value
from catalog.rules.terms import EditionTerms
from catalog.rules.windows import last_issue_day
from platform_site.kit import clock
from platform_site.kit.actor import ANONYMOUS
from platform_site.kit.money import ZERO
from platform_site.portals.pages.home import phase_of
from platform_site.portals.queries.quota import CityQuota, city_quotas

# What somebody who is about to apply wants to know of the policy.
MAIN = (
    "method", "rates", "enterprise_cap", "bonus_amount", "earliest_contract_day", "minimum_revenue", "payment_share",
    "supplier_confirms_application",
)  # fmt: skip
# Where clients of cluster pilots are treated otherwise.
PILOT = ("pilot_enterprise_cap_max", "pilot_uses_city_quota", "waiting_order", "pilot_city_share_max")


@require_safe
def period(request: HttpRequest, code: str) -> HttpResponse:
    """Drafts are not found. The countdown carries the server's clock forward; the server alone opens and shuts."""
    everything = periods_visible_to(ANONYMOUS)
    try:
        found = everything.select_related("edition__document").get(code=code)
    except Period.DoesNotExist as missing:
        raise Http404 from missing
    terms = terms_of_period(found)
    cities = city_quotas(found, terms)
    rows = {row.key: value_row(row) for row in parameters_of(found.edition)}
    context: dict[str, Any] = {
        "period": found,
        "terms": terms,
        "phase": phase_of(found, clock.now()),
        "main": [rows[key] for key in MAIN if _says(terms, key)],
        "pilot": [rows[key] for key in PILOT if _says(terms, key)],
        "defaults": _defaults(found, rows),
        "regions": _regions(cities),
        "excluded": [city for city in cities if city.excluded],
        "released": sum((city.total for city in cities), ZERO),
        "matching": matching_rows(found),
        "last_issue": last_issue_day(windows_of(found), terms) if terms.implementation_days else None,
        "others": everything.exclude(pk=found.pk),
    }
    return render(request, "portals/period.html", context)


def _says(terms: EditionTerms, key: str) -> bool:
    """Is there anything to say: the edition sets nothing, or says no."""
    return getattr(terms, key) not in (None, False, (), {}, frozenset())


def _defaults(found: Period, rows: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """What this period sets for itself, and what the platform sets where the documents are silent."""
    shown = []
    for key, row in rows.items():
        own = found.parameters.get(key)
        if own is not None:
            shown.append(row | {"value": say_value(key, own["value"]), "own": True})
        elif row["assumed"] and row["platform"]:
            shown.append(row | {"own": False})
    return shown


def _regions(cities: list[CityQuota]) -> list[dict[str, Any]]:
    regions: dict[str, list[CityQuota]] = {}
    for city in cities:
        if not city.excluded:
            regions.setdefault(city.region, []).append(city)
    return [
        {"title": title, "cities": members, "total": sum((city.total for city in members), ZERO)}
        for title, members in regions.items()
    ]
