"""The policy data: complete, cited, loaded once, and frozen once published."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.db import IntegrityError, transaction

from catalog.domain import load_policy
from catalog.models import CatalogVersion, Clause, Edition, EditionParameter, Item
from catalog.queries import (
    assumed_parameters,
    catalog_of,
    clause_keys,
    compare_editions,
    item_in,
    published_edition,
    published_editions,
    search_items,
    terms_for,
)
from catalog.rules.terms import parameter_keys
from platform_site.kit.actor import system_actor
from platform_site.kit.findings import Refusal
from platform_site.kit.yaml_files import read_yaml
from tests.catalog.policy_data import FIXTURES

AT = datetime(2020, 5, 1, tzinfo=UTC)


def test_loading_twice_changes_nothing(policy: None) -> None:
    assert load_policy(folder=FIXTURES / "policy", by=system_actor("test"), at=AT) == []
    before = (Clause.objects.count(), EditionParameter.objects.count(), Item.objects.count())
    call_command("load_catalog", verbosity=0)
    assert (Clause.objects.count(), EditionParameter.objects.count(), Item.objects.count()) == before


def test_every_edition_has_every_number_with_a_clause_that_exists(policy: None) -> None:
    """S19/9"""
    for edition in Edition.objects.all():
        terms = terms_for(edition)
        assert set(terms.clauses) == set(parameter_keys())
        assert set(terms.clauses.values()) <= clause_keys()


def test_the_numbers_the_other_floors_ask_for(policy: None) -> None:
    """S19/5.4.9 S19/6.1 N20/3.2 D/5 D/6 D/10"""
    terms = terms_for(published_edition("2020"))
    assert terms.payment_share == {"A": Decimal("0.90"), "B": Decimal("0.70")}
    assert terms.clause("payment_share") == "S19/5.4.9"
    assert terms.supplier_limits == {"national": Decimal("8000000.00"), "other": Decimal("5000000.00")}
    assert (terms.notice_days, terms.review_working_days, terms.returned_keep_working_days) == (7, 5, 5)
    assert (terms.announce_opening_days, terms.announce_closing_days) == (3, 3)
    assert terms.excluded_cities == frozenset({"440300"})
    assert not terms.invoices_equal_contract


def test_what_2020_takes_over_from_2019_is_marked(policy: None) -> None:
    """N20/5.1"""
    assumed = {row.key for row in assumed_parameters(published_edition("2020"))}
    assert {"enterprise_cap", "bonus_amount", "notice_days"} <= assumed
    assert "rates" not in assumed
    assert catalog_of(published_edition("2020")).code == "2019"


def test_the_catalog_has_25_items_with_caps_and_device_amounts(policy: None) -> None:
    """S19/annex.1 S19/annex.25"""
    items = list(Item.objects.order_by("number"))
    assert [item.number for item in items] == list(range(1, 26))
    in_wan = [8, 18, 5, 15, 10, 20, 25, 15, 5, 25, 5, 10, 25, 15, 20, 25, 3, 5, 3, 5, 5, 25, 10, 30, 30]
    assert [item.cap for item in items] == [Decimal(wan * 10_000) for wan in in_wan]
    per_device = {item.number: item.per_device for item in items if item.per_device}
    assert per_device == {5: Decimal("1500"), 22: Decimal("1500"), 23: Decimal("800")}
    assert {item.group for item in items} == {"研发设计", "生产管控", "经营管理", "工业设备服务", "中台集成"}


@pytest.mark.parametrize(
    ("words", "number"), [("仿真", 2), ("liucheng", 13), ("sbwl", 5), ("25", 25), ("设备 租赁", 23)]
)
def test_items_are_found_by_name_pinyin_initials_and_number(policy: None, words: str, number: int) -> None:
    version = CatalogVersion.objects.get(code="2019")
    assert number in [item.number for item in search_items(version, words)]


def test_a_published_number_cannot_be_changed_by_the_loader(policy: None, tmp_path: Path) -> None:
    """S19/4.4.4"""
    for path in (FIXTURES / "policy").glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text())
    data = read_yaml(tmp_path / "2020.yaml")
    data["parameters"]["enterprise_cap"]["value"] = "400000.00"
    (tmp_path / "2020.yaml").write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))
    with pytest.raises(Refusal) as refused:
        load_policy(folder=tmp_path, by=system_actor("test"), at=AT)
    assert refused.value.codes() == ["edition.frozen"]


def test_the_database_refuses_a_change_of_a_published_number(policy: None) -> None:
    """S19/4.4.4"""
    row = EditionParameter.objects.get(edition__code="2020", key="enterprise_cap")
    with pytest.raises(IntegrityError), transaction.atomic():
        EditionParameter.objects.filter(pk=row.pk).update(value="400000.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()
    EditionParameter.objects.filter(pk=row.pk).update(note="说明可以改")


def test_the_database_refuses_a_change_of_a_published_cap(policy: None) -> None:
    """S19/4.4.4 S19/annex.note1"""
    item = item_in(CatalogVersion.objects.get(code="2019"), 7)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(cap=Decimal("1.00"))
    with pytest.raises(IntegrityError), transaction.atomic():
        item.delete()


def test_editions_stand_side_by_side(policy: None) -> None:
    rows = dict(compare_editions(published_editions()))
    assert [cell.value for cell in rows["enterprise_cap"] if cell] == ["300000.00", "300000.00", None]


def test_every_clause_that_code_and_pages_cite_exists(policy: None) -> None:
    """A chip that leads nowhere is no explanation."""
    key = re.compile(r"""["'](?:key=")?((?:T18|P18|S19|N20|D)/[a-z0-9_][a-z0-9_.]*[a-z0-9]|D/[0-9])["']""")
    house = ("platform_site", "catalog", "suppliers", "vouchers", "monitoring", "settlement", "templates")
    files = [path for name in house for path in (FIXTURES.parent / name).rglob("*") if path.suffix in (".py", ".html")]
    cited = {found for path in files for found in key.findall(path.read_text()) if path.name != "components_sheet.html"}
    assert sorted(cited - clause_keys()) == []


def test_clauses_are_in_our_own_words_and_say_where_they_are_applied(policy: None) -> None:
    assert [clause.key for clause in Clause.objects.all() if not (clause.summary and clause.applied_at)] == []
