"""Quota across the province, as the public and the dashboard see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from catalog.models import Period
from catalog.rules.terms import EditionTerms
from platform_site.accounts.models import City
from platform_site.kit.money import ZERO
from vouchers.enums import ISSUED_STATES, VoucherState
from vouchers.models import QuotaBalance, Voucher

WHOLE = "全省"  # the edition has one rate for all cities
# Steps of the map's colours, for the eye alone: nothing is decided by them.
LEVELS = (Decimal("0.4"), Decimal("0.6"), Decimal("0.85"), Decimal("0.99"))


def level_of(share: Decimal) -> int:
    """1–5, as the tile map colours a share of the whole."""
    return 1 + sum(share >= bound for bound in LEVELS)


@dataclass(frozen=True, slots=True)
class CityQuota:
    """One city in one period. Money in yuan; `waiting`: applications that wait for quota."""

    code: str
    name: str
    short: str
    region: str
    excluded: bool
    total: Decimal
    used: Decimal
    consumed: Decimal
    issued: Decimal
    applications: int
    waiting: int

    @property
    def share(self) -> Decimal:
        return self.used / self.total if self.total else ZERO

    @property
    def level(self) -> int:
        return level_of(self.share)


def city_quotas(period: Period, terms: EditionTerms) -> list[CityQuota]:
    """All 21 cities, three queries; regions and excluded cities are the edition's."""
    balances = {row.dimension: row for row in QuotaBalance.objects.filter(period=period, dimension__startswith="city:")}
    counted = {row["city_id"]: row for row in _voucher_counts(period)}
    return [
        _city_quota(city, balances.get(f"city:{city.code}"), counted.get(city.code, {}), terms)
        for city in City.objects.all()
    ]


def _voucher_counts(period: Period) -> list[dict[str, Any]]:
    live = Voucher.objects.filter(period=period).exclude(state=VoucherState.DRAFT).values("city_id")
    counted = live.annotate(
        applications=Count("pk"),
        waiting=Count("pk", filter=Q(state=VoucherState.WAITING)),
        issued=Sum("amount", filter=Q(state__in=ISSUED_STATES)),
    )
    return [dict(row) for row in counted]


def _city_quota(city: City, balance: QuotaBalance | None, counted: Mapping[str, Any], terms: EditionTerms) -> CityQuota:
    region = terms.region_of(city.code)
    return CityQuota(
        code=city.code,
        name=city.name,
        short=city.short,
        region=region.title if region else WHOLE,
        excluded=city.code in terms.excluded_cities,
        total=balance.total if balance else ZERO,
        used=balance.used if balance else ZERO,
        consumed=balance.consumed if balance else ZERO,
        issued=counted.get("issued") or ZERO,
        applications=counted.get("applications", 0),
        waiting=counted.get("waiting", 0),
    )


@dataclass(frozen=True, slots=True)
class RegionQuota:
    """Cities of one region together; percent 0–100."""

    label: str
    total: Decimal
    used: Decimal

    @property
    def percent(self) -> int:
        return int(self.used * 100 / self.total) if self.total else 0


def region_quotas(cities: list[CityQuota]) -> list[RegionQuota]:
    """Regions in the order of their first city; excluded cities are left out."""
    regions: dict[str, list[CityQuota]] = {}
    for city in cities:
        if not city.excluded:
            regions.setdefault(city.region, []).append(city)
    return [
        RegionQuota(
            f"{region} {len(members)} 市", sum((c.total for c in members), ZERO), sum((c.used for c in members), ZERO)
        )
        for region, members in regions.items()
    ]
