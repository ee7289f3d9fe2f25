"""How fast quota goes: arrivals and decided yuan per day, and when a city or supplier runs out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncDate

from catalog.models import Period
from platform_site.accounts.queries import day_of
from platform_site.working_calendar.queries import SHANGHAI, end_of_day
from vouchers.enums import MovementKind, VoucherState
from vouchers.models import QuotaBalance, QuotaMovement, Voucher, WaitingClaim
from vouchers.queries.statements import Account
from vouchers.rules.dimensions import city_dimension
from vouchers.rules.forecast import RECENT_DAYS, Forecast, forecast

ZERO = Decimal("0.00")
SHOWN_DAYS = 30


@dataclass(frozen=True, slots=True)
class PaceDay:
    """arrivals: applications handed in; decided: yuan reserved that day, less what was given back."""

    day: date
    arrivals: int
    decided: Decimal


@dataclass(frozen=True, slots=True)
class Outflow:
    """One city, pilot or supplier: its balance and where it goes. waiting: applications that need it."""

    dimension: str
    total: Decimal
    used: Decimal
    available: Decimal
    waiting: int
    forecast: Forecast


def pace(period: Period, at: datetime, city_code: str = "") -> list[PaceDay]:
    """The last 30 days of the application window up to `at`, oldest first; of one city, or of all budgets."""
    end = min(day_of(at), day_of(period.apply_to))
    first = max(day_of(period.apply_from), end - timedelta(days=SHOWN_DAYS - 1))
    arrived = Voucher.objects.filter(period=period, arrived_at__gt=_before(first))
    moved = QuotaMovement.objects.filter(period=period)
    if city_code:
        arrived, moved = arrived.filter(city_id=city_code), moved.filter(dimension=city_dimension(city_code))
    else:
        moved = moved.exclude(dimension__startswith="supplier:")
    arrivals = arrived.annotate(day=TruncDate("arrived_at", tzinfo=SHANGHAI)).values_list("day")
    counts = dict(arrivals.annotate(count=Count("pk")).order_by())
    sums: dict[date, Decimal] = {}
    for (_, day), amount in _taken(moved, first).items():
        sums[day] = sums.get(day, ZERO) + amount
    days = [first + timedelta(days=offset) for offset in range((end - first).days + 1)]
    return [PaceDay(day, counts.get(day, 0), sums.get(day, ZERO)) for day in days]


def outflows(period: Period, at: datetime, dimensions: Iterable[str] | None = None) -> dict[str, Outflow]:
    """By dimension, all that have a balance, or those named; three queries."""
    balances = QuotaBalance.objects.filter(period=period)
    moved = QuotaMovement.objects.filter(period=period)
    if dimensions is not None:
        names = list(dimensions)
        balances, moved = balances.filter(dimension__in=names), moved.filter(dimension__in=names)
    today, first, last = day_of(at), day_of(period.apply_from), day_of(period.apply_to)
    since = min(today, last) - timedelta(days=RECENT_DAYS - 1)
    taken: dict[str, dict[date, Decimal]] = {}
    for (name, day), amount in _taken(moved, since).items():
        taken.setdefault(name, {})[day] = amount
    waiting = _waiting(period)
    return {
        row.dimension: Outflow(
            dimension=row.dimension,
            total=row.total,
            used=row.used,
            available=row.available,
            waiting=waiting[row.dimension],
            forecast=forecast(
                total=row.total,
                available=row.available,
                taken=taken.get(row.dimension, {}),
                today=today,
                first=first,
                last=last,
            ),
        )
        for row in balances.order_by("dimension")
    }


def outflow_of(period: Period, at: datetime, account: Account, days: Iterable[PaceDay]) -> Outflow:
    """The same from an account and a pace that have been read already."""
    estimate = forecast(
        total=account.total,
        available=account.available,
        taken={day.day: day.decided for day in days},
        today=day_of(at),
        first=day_of(period.apply_from),
        last=day_of(period.apply_to),
    )
    return Outflow(account.dimension, account.total, account.used, account.available, account.waiting, estimate)


def _taken(moved: QuerySet[QuotaMovement], since: date) -> Mapping[tuple[str, date], Decimal]:
    """Yuan per dimension and day in Shanghai: reserved less given back."""
    signed = Case(
        When(kind=MovementKind.RESERVE, then=F("amount")),
        When(kind=MovementKind.RELEASE, then=-F("amount")),
        default=Value(ZERO),
    )
    rows = moved.filter(kind__in=[MovementKind.RESERVE, MovementKind.RELEASE], decided_at__gt=_before(since))
    rows = rows.annotate(day=TruncDate("decided_at", tzinfo=SHANGHAI))
    return {
        (name, day): amount
        for name, day, amount in rows.values_list("dimension", "day").annotate(amount=Sum(signed)).order_by()
    }


def _waiting(period: Period) -> Counter[str]:
    """Applications in the queue by dimension, those that are only held back too."""
    found: Counter[str] = Counter()
    rows = WaitingClaim.objects.filter(period=period, rises=False).order_by()
    for budget, supplier, count in rows.values_list("budget_dimension", "supplier_dimension").annotate(Count("pk")):
        found[budget] += count
        found[supplier] += count
    return found


def _before(day: date) -> datetime:
    return end_of_day(day - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class CitySupplier:
    """A supplier's part in one city, in yuan; waiting: applications."""

    name: str
    applications: int
    reserved: Decimal
    waiting: int


def suppliers_of_city(period: Period, city_code: str, *, show: int = 20) -> list[CitySupplier]:
    """Those with most money first."""
    ended = [VoucherState.DRAFT, VoucherState.WITHDRAWN, VoucherState.REFUSED, VoucherState.LAPSED]
    ended += [VoucherState.GIVEN_UP, VoucherState.VOID]
    waits = Q(state__in=[VoucherState.ARRIVED, VoucherState.WAITING])
    rows = Voucher.objects.filter(period=period, city_id=city_code).exclude(state__in=ended)
    found = rows.values_list("supplier__name").annotate(
        applications=Count("pk"), reserved=Sum("amount", filter=~waits), waiting=Count("pk", filter=waits)
    )
    ordered = found.order_by(F("reserved").desc(nulls_last=True), "supplier__name")[:show]
    return [CitySupplier(name, count, reserved or ZERO, waiting) for name, count, reserved, waiting in ordered]
