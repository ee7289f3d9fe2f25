"""The public page of a period, and its draft in the browser: to the second, with what cities add."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from catalog.models import Period
from platform_site.kit import clock
from tests.catalog.test_pages import FORM, as_person

__all__ = ["as_person"]


def test_the_public_page_tells_windows_policy_cities_and_defaults(
    published: Callable[..., Period], client: Client
) -> None:
    """N20/1 N20/2 S19/6.1"""
    published(parameters={"notice_days": {"value": 9}})
    page = client.get(reverse("public:period", args=["2020"]))
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("2020-05-25 10:00:00", "2021-02-08 17:00:00", "珠三角 70%", "300,000.00", "应用产品目录（2019 版）"):
        assert words in text
    assert [city.code for city in page.context["excluded"]] == ["440300"]
    assert [len(region["cities"]) for region in page.context["regions"]] == [8, 12]
    own = {row["key"]: (row["value"], row["own"]) for row in page.context["defaults"]}
    assert (own["notice_days"], own["review_working_days"]) == (("9\u00a0天", True), ("5\u00a0个工作日", False))
    assert reverse("public:period", args=["2020"]) in client.get("/").content.decode()


def test_the_countdown_carries_the_servers_clock(published: Callable[..., Period], client: Client) -> None:
    """N20/1"""
    at = clock.now()
    period = published(
        announced=f"{at.date()}T00:00:00",
        apply_from=at + timedelta(days=10),
        apply_to=at + timedelta(days=20),
        redeem_from=at + timedelta(days=30),
        redeem_to=at + timedelta(days=40),
    )
    page = client.get(reverse("public:period", args=[period.code]))
    assert page.context["phase"]["until"] == period.apply_from
    assert "data-server-now" in page.content.decode()


def test_a_draft_is_not_found(drafted: Callable[..., Period], client: Client) -> None:
    drafted()
    assert client.get(reverse("public:period", args=["2020"])).status_code == 404


def test_windows_are_typed_to_the_second(as_person: Callable[..., Client]) -> None:
    """N20/1"""
    officer = as_person("province_officer", "jingban")
    officer.post(reverse("province:period_new"), FORM | {"apply_from": "2031-05-25T10:00:09"})
    period = Period.objects.get(code="2031")
    assert period.apply_from.second == 9
    page = officer.get(reverse("province:period_edit", args=[period.pk]))
    assert 'value="2031-05-25T10:00:09"' in page.content.decode()


def test_cities_own_money_is_typed_where_the_edition_has_it(as_person: Callable[..., Client]) -> None:
    """T18/4.4.5 T18/5.6.17"""
    officer = as_person("province_officer", "jingban")
    sent = FORM | {"edition": "2018", "matching_440600": "20", "redeem_to": "2032-02-08T17:00:00"}
    assert officer.post(reverse("province:period_new"), sent).status_code == 302
    period = Period.objects.get(code="2031")
    assert period.parameters["city_matching_rates"]["value"] == {"440600": "0.20"}
    page = officer.get(reverse("province:period", args=[period.pk]))
    assert page.context["matching"] == [("佛山", "20%")]
    assert page.context["last_issue"].isoformat() == "2031-10-11"
    bad = officer.post(reverse("province:period_new"), sent | {"code": "x", "matching_440600": "150"})
    assert (bad.status_code, "matching_440600" in bad.context["form"].errors) == (422, True)
    assert "matching_440600" not in officer.get(reverse("province:period_new")).content.decode()
