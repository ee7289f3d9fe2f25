"""The province's dashboard and the city's own figures."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.queries import terms_of_period
from platform_site.accounts.queries import day_of
from platform_site.kit import clock
from tests.vouchers.test_pages import sign_in
from tests.vouchers.world import FOSHAN, GUANGZHOU, World, apply, grant, issue, make_enterprise
from vouchers import domain
from vouchers.models import Voucher
from vouchers.queries import enterprises_with_voucher
from vouchers.queries.pace import outflows, pace, suppliers_of_city
from vouchers.queries.targets import targets_of

YUAN = Decimal


@pytest.fixture
def used(world: World) -> list[Voucher]:
    """Foshan: 210,000 and 70,000 reserved, one of 140,000 withdrawn; Guangzhou: 210,000."""
    people = [make_enterprise(world), make_enterprise(world), make_enterprise(world)]
    made = [
        apply(world, *one, total=total).voucher
        for one, total in zip(people, ("300000.00", "100000.00", "200000.00"), strict=True)
    ]
    domain.withdraw(voucher=made[2], by=people[2][1], at=clock.now())
    made.append(apply(world, *make_enterprise(world, city=GUANGZHOU)).voucher)
    return made


def test_the_pace_counts_arrivals_and_what_was_decided_less_what_came_back(world: World, used):
    days = pace(world.period, clock.now())
    assert [day.day for day in days] == sorted(day.day for day in days)
    assert days[-1].day == day_of(clock.now())
    assert sum(day.arrivals for day in days) == 4
    city, foshan = Voucher.objects.get(pk=used[3].pk).amount, YUAN("280000.00")
    assert sum(day.decided for day in days) == foshan + city
    own = pace(world.period, clock.now(), FOSHAN)
    assert (own[-1].arrivals, own[-1].decided) == (3, foshan)


def test_the_estimate_of_a_city_follows_its_pace(world: World, used):
    flow = outflows(world.period, clock.now(), [f"city:{FOSHAN}"])[f"city:{FOSHAN}"]
    assert (flow.total, flow.used, flow.available) == (YUAN("5000000.00"), YUAN("280000.00"), YUAN("4720000.00"))
    assert flow.forecast.per_day == (YUAN("280000.00") / flow.forecast.days).quantize(YUAN("0.01"))
    grant(world, [(f"city:{FOSHAN}", YUAN("290000.00"))])
    soon = outflows(world.period, clock.now())[f"city:{FOSHAN}"].forecast
    assert (soon.outlook, soon.on) == ("runs_out", day_of(clock.now()) + timedelta(days=1))


def test_suppliers_of_a_city_are_counted_without_those_that_ended(world: World, used):
    assert [(one.name, one.applications, one.reserved) for one in suppliers_of_city(world.period, FOSHAN)] == [
        (world.supplier.name, 2, YUAN("280000.00"))
    ]


def test_the_overview_counts_against_the_editions_targets(world: World, used):
    """S19/1 S19/8.1: an enterprise counts once, with its first voucher; one that only applied does not."""
    terms = terms_of_period(world.period)
    for voucher in (used[0], used[1]):
        issue(world, voucher)
    twice = Voucher.objects.select_related("enterprise").get(pk=used[0].pk).enterprise
    assert [(one.label, one.value, one.target) for one in targets_of(terms)] == [
        ("企业", 2, 10_000),
        ("供应商", 1, 200),
        ("平台", 0, 20),
    ]
    assert enterprises_with_voucher().filter(pk=twice.pk).count() == 1
    page = sign_in(world.officer).get("/province/dashboard/").content.decode()
    assert "企业（家）：2，目标 10000" in page
    assert targets_of(replace(terms, targets={})) == []


@pytest.mark.parametrize(
    ("show", "text"), [("granted", "500 万"), ("reserved", "6%"), ("issued", "0%"), ("redeemed", "0%")]
)
def test_the_map_is_switched_and_leads_to_the_city(world: World, used, show: str, text: str):
    client = sign_in(world.officer)
    page = client.get("/province/dashboard/", {"show": show, "period": world.period.code}).content.decode()
    assert f"佛山：{text}" in page
    assert f'href="/province/dashboard/{FOSHAN}/?period={world.period.code}"' in page
    city = client.get(f"/province/dashboard/{FOSHAN}/").content.decode()
    assert "280,000.00" in city
    assert client.get("/province/dashboard/999999/").status_code == 404


def test_a_city_sees_its_own_pace_and_estimate(world: World, used):
    page = sign_in(world.city(FOSHAN)["reviewer"]).get("/city/quota/").content.decode()
    assert "什么时候用完" in page
    assert "近 2 天" in page
