"""Whether a city adds its own money in a period (T18/4.4.5), and how much."""

from decimal import Decimal

from catalog.models import Period
from catalog.queries import terms_of_period
from catalog.rules.city_matching import matching_shares


def matching_rate(period: Period, city_id: str) -> Decimal | None:
    """A fraction of the approved amount, from the period's own data.

    None: the city adds nothing, or the edition forbids it (S19/4.1.3).
    """
    if not terms_of_period(period).city_matching:
        return None
    return matching_shares(period.parameters).get(city_id)
