"""Reading periods. What is announced is public; drafts are seen by the province alone."""

from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from catalog.enums import PeriodState
from catalog.models import Edition, Period
from catalog.queries.editions import SEES_DRAFTS, published_editions
from catalog.rules.city_matching import matching_shares
from catalog.rules.windows import PeriodWindows
from platform_site.kit.actor import Actor


def periods_visible_to(actor: Actor) -> QuerySet[Period]:
    """Newest first, with edition and catalog."""
    found = Period.objects.select_related("edition", "catalog_version").order_by("-apply_from")
    return found if actor.has(*SEES_DRAFTS) else found.exclude(state=PeriodState.DRAFT)


def published_periods() -> QuerySet[Period]:
    """Announced and not yet closed."""
    return Period.objects.filter(state=PeriodState.PUBLISHED).select_related("edition", "catalog_version")


def open_period(at: datetime) -> Period | None:
    """The one period in which vouchers can be applied for at this moment; None: none is open."""
    return published_periods().filter(apply_from__lte=at, apply_to__gt=at).first()


def redeeming_periods(at: datetime) -> QuerySet[Period]:
    """Periods in which vouchers can be redeemed at this moment."""
    return published_periods().filter(redeem_from__lte=at, redeem_to__gt=at)


def current_period(at: datetime) -> Period | None:
    """The period a visitor means: the open one, else the next to open, else the last one that was announced."""
    found = open_period(at) or published_periods().filter(apply_from__gt=at).order_by("apply_from").first()
    return found or periods_visible_to(Actor()).order_by("-apply_from").first()


def edition_meant(code: str, at: datetime) -> Edition | None:
    """The published one that was asked for, else the current period's, else the newest. None: there is none yet."""
    editions = {edition.code: edition for edition in published_editions()}
    period = current_period(at)
    current = period.edition.code if period else ""
    return editions.get(code) or editions.get(current) or next(iter(editions.values()), None)


def period_by_code(code: str) -> Period:
    """Raises Period.DoesNotExist."""
    return Period.objects.select_related("edition", "catalog_version").get(code=code)


def matching_rate(period: Period, city_code: str) -> Decimal | None:
    """The share of a voucher's amount that the city adds of its own (T18/4.4.5); None: nothing."""
    return matching_shares(period.parameters).get(city_code)


def periods_of(edition: Edition) -> QuerySet[Period]:
    """All that use it, newest first."""
    return Period.objects.filter(edition=edition).order_by("-apply_from")


def windows_of(period: Period) -> PeriodWindows:
    return PeriodWindows(period.apply_from, period.apply_to, period.redeem_from, period.redeem_to)
