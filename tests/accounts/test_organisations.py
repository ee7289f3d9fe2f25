"""Organisations, places and who is responsible for whom."""

import pytest
from django.core.management import call_command
from django.test import Client

from platform_site.accounts import queries
from platform_site.accounts.models import City, County, Invitation, Organisation
from tests.accounts.people import company, member

pytestmark = pytest.mark.django_db


def test_loading_cities_twice_makes_each_bureau_once() -> None:
    call_command("load_cities")
    once = Organisation.objects.count()
    call_command("load_cities")
    assert Organisation.objects.count() == once
    assert City.objects.count() == 21
    assert once == 3 + 21 * 2 + County.objects.count()
    assert [city.code for city in City.objects.filter(has_counties=False)] == ["441900", "442000"]
    assert not Organisation.objects.filter(kind="county", area_code__startswith="4419").exists()
    assert queries.bureau_of("440100").name == "广州市工业和信息化局"
    assert queries.bureau_of("440100").parent == queries.province_bureau()
    assert queries.finance_bureau_of("441900").name == "东莞市财政局"


def test_production_begins_with_an_invitation_of_the_provinces_administrator(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("load_cities")
    call_command("create_official", "he@example.com", "--name", "何谨言")
    letter = Invitation.objects.get()
    assert (letter.organisation, letter.roles) == (queries.province_bureau(), ["bureau_admin"])
    link = capsys.readouterr().out.split("localhost:8000")[1].strip()
    assert "何谨言" in Client().get(link).content.decode()


def test_logins_are_shown_one_per_role(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_cities")
    member(queries.bureau_of("440600"), "li", "city_reviewer", "bureau_admin")
    member(queries.bureau_of("440600"), "wang", "city_reviewer")
    capsys.readouterr()
    call_command("show_logins")
    shown = [line.split()[:2] for line in capsys.readouterr().out.splitlines()]
    assert shown == [["city_reviewer", "li"], ["bureau_admin", "li"]]


def test_a_company_is_found_by_name_pinyin_initials_and_number() -> None:
    call_command("load_cities")
    made, _ = company(3, area_code="440600")
    found = Organisation.objects.filter(kind="enterprise")
    searches = ["机械", "jixie", "jxyxgs", made.uscc[:12], "机械 " + made.uscc[-6:].lower()]
    assert [queries.find_organisations(found, words) for words in searches] == [[made]] * 5
    assert queries.find_organisations(found, "纺织") == []
