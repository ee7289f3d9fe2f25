"""Announcements of the province and the cities (S19/9)."""

import pytest
from django.test import Client

from platform_site.accounts.models import Membership
from platform_site.accounts.queries import bureau_of, province_bureau
from platform_site.kit.actor import system_actor
from platform_site.notices.domain import announce, withdraw_announcement
from platform_site.notices.models import Announcement
from platform_site.notices.queries import announcements, announcements_visible_to
from tests.accounts import people
from tests.suppliers.refused import refused

AT = people.AT


@pytest.fixture
def city(db: None) -> Membership:
    people.set_up()
    return people.member(bureau_of("440600"), "reviewer", "city_reviewer")


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def test_a_city_announces_and_everybody_reads(city: Membership, client: Client) -> None:
    made = announce(title="申领培训", body="六月十日\n下午", by=people.actor(city), at=AT)
    assert client.get("/announcements/").context["rows"] == [made]
    page = client.get(f"/announcements/{made.pk}/")
    assert "佛山市工业和信息化局" in page.content.decode()


def test_the_platform_announces_in_the_provinces_name(city: Membership) -> None:
    made = announce(title="申领开始", body="五月二十五日十时", by=system_actor("申领期"), at=AT, period_code="2020")
    assert (made.publisher, made.published_by, made.period_code) == (province_bureau(), None, "2020")


def test_title_and_body_are_both_asked_for(city: Membership) -> None:
    with refused("announcement.title_missing", "announcement.body_missing"):
        announce(title=" ", body="", by=people.actor(city), at=AT)


def test_companies_do_not_announce(city: Membership) -> None:
    with refused("permission.publish"):
        announce(title="广告", body="买", by=people.actor(people.company(2)[1]), at=AT)


def test_a_withdrawn_announcement_is_gone_from_the_public_and_stays_on_record(city: Membership, client: Client) -> None:
    by = people.actor(city)
    made = announce(title="错的", body="错", by=by, at=AT)
    with refused("announcement.reason_missing"):
        withdraw_announcement(announcement=made, reason=" ", by=by, at=AT)
    withdraw_announcement(announcement=made, reason="日期写错", by=by, at=AT)
    assert (list(announcements()), list(announcements_visible_to(by))) == ([], [made])
    assert client.get(f"/announcements/{made.pk}/").status_code == 404


def test_another_bureaus_announcement_is_not_withdrawn(city: Membership) -> None:
    made = announce(title="通知", body="文", by=people.actor(city), at=AT)
    other = people.member(bureau_of("440100"), "other", "city_reviewer")
    with refused("announcement.other_bureau"):
        withdraw_announcement(announcement=made, reason="x", by=people.actor(other), at=AT)
    assert signed_in(other).post(f"/city/announcements/{made.pk}/withdraw/", {"reason": "x"}).status_code == 404


def test_the_page_publishes_once_however_often_it_is_sent(city: Membership) -> None:
    client = signed_in(city)
    form = {"title": "通知", "kind": "notice", "body": "正文", "idempotency_key": "same"}
    answers = [client.post("/city/announcements/", form).status_code for _ in range(2)]
    assert (answers, Announcement.objects.count()) == ([302, 302], 1)
    assert client.get("/city/announcements/").status_code == 200


def test_search_and_kind_narrow_the_list(city: Membership, client: Client) -> None:
    by = people.actor(city)
    first = announce(title="办事指南", body="怎样申领", kind="guide", by=by, at=AT)
    second = announce(title="培训通知", body="怎样兑现", by=by, at=AT)
    found = {query: client.get(f"/announcements/{query}").context["rows"] for query in ("", "?q=申领", "?kind=guide")}
    assert found == {"": [second, first], "?q=申领": [first], "?kind=guide": [first]}
