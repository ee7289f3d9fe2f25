"""Pages and interface of the catalog, as visitors and the province use them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Period
from platform_site.accounts.domain import add_member, create_person
from platform_site.accounts.queries import province_bureau
from platform_site.kit import clock
from platform_site.kit.actor import system_actor

SYSTEM = system_actor("test")


@pytest.fixture
def as_person(policy: None, cities: None) -> Callable[..., Client]:
    """A browser in which somebody of the province with this role is signed in."""

    def sign_in(role: str, name: str) -> Client:
        at = clock.now()
        user = create_person(
            username=name, name=name, email=f"{name}@example.test", password="Kan-bu-dong-2020", by=SYSTEM, at=at
        )
        add_member(organisation=province_bureau(), user=user, roles=[role], by=SYSTEM, at=at)
        client = Client()
        client.force_login(user)
        return client

    return sign_in


FORM = {
    "edition": "2020",
    "catalog_version": "2019",
    "code": "2031",
    "title": "2031 年服务券",
    "apply_from": "2031-05-25T10:00",
    "apply_to": "2031-09-30T17:00",
    "redeem_from": "2031-10-08T10:00",
    "redeem_to": "2032-02-08T17:00",
    "clause": "S19/6.1",
    "assumptions_confirmed": "on",
}


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("catalog", [], "设备物联"),
        ("item", [5], "1,500.00"),
        ("policy", [], "粤工信办函〔2020〕37号"),
        ("document", ["N20"], "不含深圳"),
        ("clause", ["N20/4"], "珠三角 70%"),
        ("clause", ["S19/annex.5"], "设备物联"),
        ("clause", ["D/2"], "舍去"),
        ("calculator", [], "填三项就能算"),
    ],
)
def test_public_pages_are_read_without_signing_in(
    policy: None, client: Client, name: str, arguments: Any, words: str
) -> None:
    page = client.get(reverse(f"public:{name}", args=arguments))
    assert page.status_code == 200
    assert words in page.content.decode()


@pytest.mark.parametrize("address", ["/catalog/99/", "/policy/clauses/S19/99/", "/policy/X/"])
def test_what_is_not_there_is_not_found(policy: None, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_catalog_is_searched(policy: None, client: Client) -> None:
    page = client.get(reverse("public:catalog"), {"q": "sbwl"})
    assert [item.number for item in page.context["rows"]] == [5]
    assert "没有找到" in client.get(reverse("public:catalog"), {"q": "xyzxyz"}).content.decode()


def test_the_calculator_explains_each_step_and_understands_typed_amounts(policy: None, client: Client) -> None:
    """N20/4 S19/annex.note3"""
    case = {
        "edition": "2020",
        "city": "440100",
        "item": "12",
        "contract_amount": "200,000.00 元",
        "cap_used": "250,000",
    }
    page = client.get(reverse("public:calculator"), case)
    assert str(page.context["assessment"].amount) == "50000.00"
    assert str(page.context["own_share"]) == "150000.00"
    assert "本步决定金额" in page.content.decode()


def test_the_calculator_refuses_with_clause_and_remedy_and_keeps_what_was_typed(policy: None, client: Client) -> None:
    """N20/2"""
    page = client.get(
        reverse("public:calculator"), {"city": "440300", "item": "7", "contract_amount": "300000", "edition": "2020"}
    )
    text = page.content.decode()
    assert (page.status_code, "2020通知 二" in text, "300,000.00" in text) == (200, True, True)


def test_htmx_gets_the_result_alone(policy: None, client: Client) -> None:
    case = {"edition": "2020", "city": "440600", "item": "7", "contract_amount": "300000"}
    text = client.get(reverse("public:calculator"), case, headers={"HX-Request": "true"}).content.decode()
    assert ("210,000.00" in text, "<html" in text) == (True, False)


def test_the_interface_gives_the_same_answer(policy: None, client: Client) -> None:
    """S19/annex.5"""
    case = {"edition": "2019", "city": "440100", "class": "A", "item": 5, "contract_amount": "150000.00", "devices": 60}
    told = client.post("/api/v1/assess/", case, content_type="application/json")
    assert (told.status_code, told.json()["amount"]) == (200, "90000.00")
    assert [step["key"] for step in told.json()["steps"] if step["binds"]] == ["devices"]


def test_the_interface_names_what_is_wrong_and_answers_400_to_what_is_no_case(policy: None, client: Client) -> None:
    case = {"edition": "2020", "city": "440300", "item": 7, "contract_amount": "300000"}
    told = client.post("/api/v1/assess/", case, content_type="application/json").json()
    assert [finding["clause"] for finding in told["findings"]] == ["N20/2"]
    assert client.post("/api/v1/assess/", {"item": "x"}, content_type="application/json").status_code == 400


def test_the_interface_is_throttled(policy: None, client: Client, settings: Any) -> None:
    settings.ASSESS_RATE = "2/min"
    case = {"edition": "2020", "city": "440600", "item": 7, "contract_amount": "300000"}
    codes = [client.post("/api/v1/assess/", case, content_type="application/json").status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_a_period_goes_through_two_people_in_the_browser(as_person: Callable[..., Client]) -> None:
    """D/four_eyes S19/6.1"""
    officer, approver = as_person("province_officer", "jingban"), as_person("province_approver", "shenpi")
    drafted = officer.post(reverse("province:period_new"), FORM | {"own_notice_days": "9"})
    period = Period.objects.get(code="2031")
    assert (drafted.status_code, period.parameters["notice_days"]["value"]) == (302, 9)
    assert period.apply_from.isoformat() == "2031-05-25T02:00:00+00:00"
    assert officer.post(reverse("province:period_sign", args=[period.pk])).status_code == 403
    early = officer.post(reverse("province:period_publish", args=[period.pk]))
    assert (early.status_code, "还没有复核" in early.content.decode()) == (422, True)
    assert approver.get(reverse("province:period", args=[period.pk])).status_code == 200
    approver.post(reverse("province:period_sign", args=[period.pk]), {"version": period.version})
    officer.post(reverse("province:period_publish", args=[period.pk]))
    period.refresh_from_db()
    assert period.state == "published"


def test_a_refused_draft_keeps_what_was_typed(as_person: Callable[..., Client]) -> None:
    """S19/6.1"""
    page = as_person("province_officer", "jingban").post(
        reverse("province:period_new"), FORM | {"apply_to": "2031-05-01T10:00"}
    )
    assert (page.status_code, Period.objects.count()) == (422, 0)
    assert ("不在申领开始之后" in page.content.decode(), "2031 年服务券" in page.content.decode()) == (True, True)


def test_the_province_compares_editions_and_reads_the_catalog(as_person: Callable[..., Client]) -> None:
    client = as_person("province_officer", "jingban")
    whole = client.get(reverse("province:editions"))
    differing = client.get(reverse("province:editions"), {"differ": "1"})
    assert len(whole.context["rows"]) > len(differing.context["rows"]) > 0
    assert client.get(reverse("province:catalog")).status_code == 200
    assert client.get(reverse("province:periods")).status_code == 200


def test_the_draft_can_be_changed_until_it_is_published(as_person: Callable[..., Client]) -> None:
    client = as_person("province_officer", "jingban")
    client.post(reverse("province:period_new"), FORM)
    period = Period.objects.get(code="2031")
    assert client.get(reverse("province:period_edit", args=[period.pk])).status_code == 200
    changed = client.post(
        reverse("province:period_edit", args=[period.pk]), FORM | {"title": "改过的名称", "version": period.version}
    )
    period.refresh_from_db()
    assert (changed.status_code, period.title, period.drafted_by_label) == (302, "改过的名称", "jingban")
