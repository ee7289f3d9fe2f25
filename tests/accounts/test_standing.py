"""Bars in force."""

from datetime import date

import pytest

from platform_site.accounts import domain, queries
from platform_site.accounts.models import Standing
from tests.accounts.people import AT, SETUP, actor, company, company_number

pytestmark = pytest.mark.usefixtures("places")


def _bar(**changes: object) -> Standing:
    values = {
        "subject_type": "company",
        "subject_key": company_number(1),
        "bar": "apply",
        "from_day": date(2020, 6, 1),
        "until_day": date(2020, 6, 30),
        "ground": "两次未兑付",
        "clause": "S19/7.5.2",
    } | changes
    return domain.impose_standing(**values, by=SETUP, at=AT)


def test_a_bar_counts_from_its_first_to_its_last_day_in_shanghai() -> None:
    bar, number = _bar(), company_number(1)
    moments = {
        "before": AT.replace(day=31, month=5, hour=15, minute=59),
        "first": AT.replace(day=31, month=5, hour=16),
        "last": AT.replace(day=30, hour=15, minute=59),
        "after": AT.replace(day=30, hour=16),
    }
    found = {name: queries.standing_of("company", number, at) for name, at in moments.items()}
    assert found == {"before": [], "first": [bar], "last": [bar], "after": []}


def test_the_bar_from_everything_bars_each_thing() -> None:
    everything = _bar(bar="all", until_day=None)
    assert queries.barred(company_number(1), "supply", AT) == everything
    assert queries.barred(company_number(2), "supply", AT) is None


def test_a_lifted_bar_is_no_longer_in_force_and_stays_readable() -> None:
    bar = _bar()
    domain.lift_standing(standing=bar, ground="申诉成立", by=SETUP, at=AT)
    assert queries.standing_of("company", company_number(1), AT) == []
    assert Standing.objects.get().lift_ground == "申诉成立"


def test_the_same_source_imposes_once() -> None:
    first = _bar(source="settlement.penalty:7")
    assert _bar(source="settlement.penalty:7") == first
    assert Standing.objects.count() == 1


def test_a_company_sees_its_own_bars_only() -> None:
    _, mine = company(1)
    _, other = company(2)
    bar = _bar()
    assert list(queries.standings_visible_to(actor(mine))) == [bar]
    assert list(queries.standings_visible_to(actor(other))) == []
