"""A new edition is judged by the scheme of the edition it was drafted from, a new item by one of its kind."""

from dataclasses import asdict
from decimal import Decimal

import pytest
from django.test import Client

from catalog.domain import add_item, bring_catalog, draft_edition
from catalog.models import Edition
from catalog.queries import item_facts, item_in, published_edition
from monitoring.domain import draft_schemes
from monitoring.models import Scheme
from monitoring.queries import terms_for
from platform_site.accounts.enums import Role
from platform_site.accounts.queries import province_bureau
from platform_site.kit import clock
from platform_site.kit.actor import Actor
from tests.accounts import people

OFFICER = Actor(user_id=101, label="省级经办", roles=frozenset({"province_officer"}), organisation_kind="province")
AMOUNT = Decimal("1000.00")


@pytest.fixture
def edition(reference: None) -> Edition:
    return draft_edition(parent=published_edition("2020"), code="2021", title="2021 年", by=OFFICER, at=clock.now())


@pytest.fixture
def with_a_new_item(edition: Edition) -> Edition:
    """Item 26, paid by the device, in the edition's own catalog."""
    catalog = bring_catalog(edition=edition, by=OFFICER, at=clock.now())
    facts = asdict(item_facts(item_in(catalog, 5))) | {
        "name": "设备能耗监测",
        "modules": ["采集"],
        "optional_modules": [],
    }
    del facts["number"]
    add_item(catalog=catalog, facts=facts, reason="按新方案增加", by=OFFICER, at=clock.now())
    return edition


def test_an_edition_without_schemes_follows_its_parent(edition: Edition) -> None:
    """D/8"""
    assert terms_for("2021", 5, None) == terms_for("2020", 5, None)


def test_an_item_without_a_scheme_is_judged_by_the_first_of_its_kind(edition: Edition) -> None:
    """D/8"""
    first_of_software = next(number for number in range(1, 26) if terms_for("2021", number, None).kind == "software")
    assert terms_for("2021", 99, None) == terms_for("2021", first_of_software, None)
    assert terms_for("2021", 99, AMOUNT) == terms_for("2021", 5, AMOUNT)
    with pytest.raises(Scheme.DoesNotExist):
        terms_for("1999", 5, None)


def test_the_province_is_told_of_it_until_the_item_has_its_own(with_a_new_item: Edition) -> None:
    officer = Client()
    officer.force_login(people.member(province_bureau(), "jingban", Role.PROVINCE_OFFICER).user)
    page = officer.get("/province/schemes/")
    told = [(edition.code, item.number, scheme.item_number) for edition, item, scheme in page.context["borrowed"]]
    assert told == [("2021", 26, 5)]
    assert "2021 年第 26 项“设备能耗监测”，暂按同为设备接入的第 5 项判断" in page.content.decode()
    made = draft_schemes(edition_code="2021", note="加第 26 项", by=OFFICER, at=clock.now())
    own = made.schemes.get(item_number=26)
    assert (own.kind, own.min_days, made.schemes.count()) == ("device", terms_for("2021", 5, None).min_days, 26)
