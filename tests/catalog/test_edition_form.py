"""The editor of an edition: every number comes back as it was, bad ones are named with clause and remedy."""

from typing import Any

import pytest
from django.http import QueryDict

from catalog.forms import Offer, ParameterForm
from catalog.rules.parameter_checks import check_edition, check_parameter
from catalog.rules.parameter_kinds import KINDS, groups
from catalog.rules.terms import Parameter, edition_terms, parameter_keys
from tests.catalog.policy_data import catalog_rows, parameters

EDITIONS = ("2018", "2019", "2020")


def stored(code: str) -> list[Parameter]:
    """As the database gives them back: keys of tables are text."""
    rows = []
    for row in parameters(code):
        value = row.value
        if row.key == "tiers":
            value = [tier | {"items": {str(key): amount for key, amount in tier["items"].items()}} for tier in value]
        rows.append(Parameter(row.key, value, row.clause, row.note, row.assumed, row.may_vary))
    return rows


def offer(code: str) -> Offer:
    regions = next(row.value for row in parameters(code) if row.key == "regions")
    return Offer(
        cities=tuple((city, name) for region in regions for city, name in region["cities"].items()),
        items=tuple((str(number), f"第 {number} 项") for number in catalog_rows()),
        editions=(("2018", "2018 年"), ("2019", "2019 年")),
        regions=tuple((region["region"], region["title"]) for region in regions),
    )


def typed(form: ParameterForm, **changes: Any) -> QueryDict:
    """What a browser sends that changes only `changes`."""
    data = QueryDict(mutable=True)
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, list):
            data.setlist(name, value)
        elif value is not None and value is not False and value != "":
            data[name] = "on" if value is True else str(value)
    for name, value in changes.items():
        data[name] = value
    return data


def form_for(code: str, group: str, data: QueryDict | None = None) -> ParameterForm:
    keys = next(keys for name, _, keys in groups() if name == group)
    rows = {row.key: row for row in stored(code)}
    return ParameterForm(data, rows=[rows[key] for key in keys], offer=offer(code))


def filled(code: str, group: str, **changes: Any) -> ParameterForm:
    return form_for(code, group, typed(form_for(code, group), **changes))


def test_every_number_has_a_kind_and_is_edited_in_one_group() -> None:
    keys = [key for _, _, members in groups() for key in members]
    assert sorted(keys) == sorted(parameter_keys())
    assert set(KINDS) == set(keys)


@pytest.mark.parametrize("code", EDITIONS)
@pytest.mark.parametrize("group", [name for name, _, _ in groups()])
def test_a_form_sent_back_unchanged_changes_nothing(code: str, group: str) -> None:
    form = filled(code, group)
    assert form.is_valid(), form.errors.as_json()
    before = {row.key: row for row in stored(code)}
    assert {row.key: row.value for row in form.parameters()} == {
        row.key: before[row.key].value for row in form.parameters()
    }
    assert [row for row in form.parameters() if row.clause != before[row.key].clause] == []


@pytest.mark.parametrize("code", EDITIONS)
def test_the_numbers_of_the_documents_pass_their_own_checks(code: str) -> None:
    rows = stored(code)
    assert [finding.reason for row in rows for finding in check_parameter(row)] == []
    assert list(check_edition(edition_terms(code, rows))) == []


def test_rates_are_typed_as_percent() -> None:
    """S19/4.4.2"""
    form = filled("2019", "rates", rates__0__rate="60", rates__1__rate="75.5")
    assert form.is_valid()
    rates = next(row.value for row in form.parameters() if row.key == "rates")
    assert [rate["rate"] for rate in rates] == ["0.60", "0.755"]


def test_what_is_no_number_is_named_with_its_clause_and_stays_typed() -> None:
    """S19/annex.note3"""
    form = filled("2019", "caps", enterprise_cap="三十万")
    assert not form.is_valid()
    finding = form.errors["enterprise_cap"].as_data()[0].params["finding"]
    assert (finding.code, finding.clause, finding.field) == (
        "edition.bad_value",
        "S19/annex.note3",
        "enterprise_cap",
    )
    assert form["enterprise_cap"].value() == "三十万"


@pytest.mark.parametrize(
    ("code", "key", "value", "word"),
    [
        ("2019", "enterprise_cap", "-1.00", "大于 0"),
        ("2019", "enterprise_cap", "NaN", "大于 0"),
        ("2019", "enterprise_cap", "1.005", "两位小数"),
        ("2019", "enterprise_cap", 300000.0, "不是这类数值"),
        ("2019", "method", "dice", "没有“dice”"),
        ("2019", "notice_days", 0, "1 到 366"),
        ("2019", "notice_days", True, "不是这类数值"),
        ("2019", "notice_days", None, "没有填"),
        ("2019", "earliest_contract_day", "2018-02-30", "不是这类数值"),
        ("2019", "over_issue_factor", "0.50", "1 到 10"),
        ("2019", "settlement_order", ["pilot", "pilot", "other", "carried_over"], "不能漏"),
        ("2019", "payment_share", {"A": "0.90"}, "每一行都要填"),
        ("2019", "payment_share", {"A": "0.90", "B": "1.10"}, "不超过 100%"),
        ("2019", "rates", [{"rate": "8.00", "clause": "S19/4.4.2"}], "不超过 100%"),
        ("2019", "rates", [{"share": "0.80"}], "不是这类数值"),
        ("2019", "regions", [{"region": "a", "title": "甲", "cities": {}}], "每个市"),
        ("2019", "targets", {"enterprises": "many", "suppliers": 1, "platforms": 1}, "整数"),
        ("2019", "maintenance_items", ["22"], "序号"),
        ("2019", "colour", "red", "不是政策参数"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_with_its_field(code: str, key: str, value: Any, word: str) -> None:
    found = check_parameter(Parameter(key, value, "S19/4.4.2"))
    assert [finding.field for finding in found] == [key] * len(found)
    assert word in found[0].reason
    assert found[0].remedy


def test_tiers_follow_each_other() -> None:
    """T18/4.4.2"""
    tiers = next(row.value for row in stored("2018") if row.key == "tiers")
    gap = [tiers[0] | {"revenue_below": "90000000.00"}, *tiers[1:]]
    assert "一档接一档" in check_parameter(Parameter("tiers", gap, "T18/4.4.2"))[0].reason


@pytest.mark.parametrize(
    ("key", "value", "code", "field"),
    [
        ("rates", [], "edition.rate_missing", "rates"),
        ("excluded_cities", ["110000"], "edition.city_unknown", "excluded_cities"),
        ("notice_days_minimum", 30, "edition.notice_too_short", "notice_days_minimum"),
        ("pilot_enterprise_cap_max", "200000.00", "edition.pilot_cap", "pilot_enterprise_cap_max"),
        ("method", "tier", "edition.tiers_missing", "tiers"),
    ],
)
def test_numbers_that_do_not_fit_together_are_named(key: str, value: Any, code: str, field: str) -> None:
    rows = [Parameter(row.key, value if row.key == key else row.value, row.clause) for row in stored("2019")]
    found = list(check_edition(edition_terms("2019", rows)))
    assert [(finding.code, finding.field) for finding in found] == [(code, field)]
