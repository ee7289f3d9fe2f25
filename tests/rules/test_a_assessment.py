"""Part A of the rule register: editions, catalog, amounts. Each test carries the keys of the rules it shows."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from catalog.rules.assessment import Assessment, assess, assessment_from_json, assessment_to_json
from catalog.rules.case import AssessmentCase, CostLine, case_from_json, case_from_text, case_to_json
from catalog.rules.devices import devices_needed
from catalog.rules.eligibility import check_contract_day, check_violation
from catalog.rules.item_requirements import check_product
from tests.catalog.policy_data import FOSHAN, GUANGZHOU, MEIZHOU, SHENZHEN, case, catalog_rows, modules, terms


def run(*args, **more) -> Assessment:
    made = case(*args, **more)
    return assess(made, terms(made.edition))


def codes(assessment: Assessment) -> list[tuple[str, str]]:
    return [(finding.code, finding.clause) for finding in assessment.findings]


def binding(assessment: Assessment) -> list[str]:
    return [step.key for step in assessment.steps if step.binds]


@pytest.mark.parametrize(
    ("args", "more", "amount", "decided_by"),
    [
        (("2019", GUANGZHOU, 5, "150000.00"), {"product_class": "A", "devices": 60}, "90000.00", "devices"),
        (("2019", GUANGZHOU, 7, "300000.00"), {"product_class": "B"}, "120000.00", "rate"),
        (("2020", FOSHAN, 7, "300000.00"), {}, "210000.00", "rate"),
        (("2020", MEIZHOU, 7, "300000.00"), {}, "240000.00", "rate"),
        (("2020", GUANGZHOU, 7, "400000.00"), {}, "250000.00", "item_cap"),
        (("2020", GUANGZHOU, 12, "200000.00"), {"cap_used": Decimal("250000.00")}, "50000.00", "left"),
    ],
)
def test_the_examples_come_out_exactly(args, more, amount, decided_by) -> None:
    """S19/4.4.2 S19/annex.5 S19/annex.note3 N20/4"""
    assessment = run(*args, **more)
    assert str(assessment.amount) == amount
    assert binding(assessment) == [decided_by]
    assert assessment.findings == ()


def test_shenzhen_is_not_subsidised_in_2020_and_the_reason_has_its_clause() -> None:
    """N20/2"""
    assessment = run("2020", SHENZHEN, 7, "300000.00")
    assert (str(assessment.amount), assessment.steps) == ("0.00", ())
    assert codes(assessment) == [("city.excluded", "N20/2")]
    assert assessment.findings[0].remedy


def test_a_district_of_shenzhen_is_shenzhen() -> None:
    """N20/2"""
    assert codes(run("2020", "440305", 7, "300000.00")) == [("city.excluded", "N20/2")]


def test_shenzhen_was_included_in_2019() -> None:
    """S19/4.4.2"""
    assert str(run("2019", SHENZHEN, 7, "300000.00", product_class="A").amount) == "240000.00"


def test_a_city_outside_the_province_is_refused() -> None:
    """S19/4.1.1"""
    assert codes(run("2020", "430100", 7, "300000.00")) == [("city.outside_province", "S19/4.1.1")]


def test_cluster_pilots_get_the_higher_rate_everywhere_in_2020() -> None:
    """N20/4"""
    assert str(run("2020", FOSHAN, 7, "300000.00", pilot=True).amount) == "240000.00"


def test_nine_cities_are_pearl_river_delta_and_twelve_are_not() -> None:
    """N20/4"""
    assert [len(region.cities) for region in terms("2020").regions] == [9, 12]


def test_every_step_names_its_clause_and_amounts_hand_on_from_step_to_step() -> None:
    """S19/4.4.2"""
    steps = run("2019", GUANGZHOU, 5, "150000.00", product_class="A", devices=60).steps
    assert [step.key for step in steps] == ["base", "rate", "item_cap", "devices", "contract", "left", "rounding"]
    assert [step.amount_in for step in steps[1:]] == [step.amount_out for step in steps[:-1]]
    assert [step.clauses for step in steps if step.key in ("rate", "item_cap", "devices")] == [
        ("S19/4.4.2",),
        ("S19/4.4.2", "S19/annex.5"),
        ("S19/annex.note2", "S19/annex.5"),
    ]
    assert [step for step in steps if not step.text] == []


def test_item_25_serves_cluster_pilots_only() -> None:
    """S19/annex.25"""
    assert codes(run("2020", FOSHAN, 25, "300000.00")) == [("item.pilot_only", "S19/annex.25")]
    assert str(run("2020", FOSHAN, 25, "300000.00", pilot=True).amount) == "240000.00"


@pytest.mark.parametrize(
    ("number", "devices", "amount"), [(5, 40, "60000.00"), (22, 40, "60000.00"), (23, 40, "32000.00")]
)
def test_items_paid_by_the_device_never_exceed_devices_times_amount(number, devices, amount) -> None:
    """S19/annex.5 S19/annex.22 S19/annex.23 S19/annex.note2"""
    assert str(run("2020", MEIZHOU, number, "400000.00", devices=devices).amount) == amount


def test_without_a_number_of_devices_the_ladder_says_how_many_will_be_needed() -> None:
    """S19/annex.note2"""
    assessment = run("2020", MEIZHOU, 5, "150000.00")
    step = next(step for step in assessment.steps if step.key == "devices")
    assert (str(assessment.amount), step.skipped) == ("100000.00", True)
    assert "67 台" in step.text
    assert devices_needed(Decimal("81950.00"), Decimal("1500.00")) == 55


def test_no_device_means_no_amount() -> None:
    """S19/annex.note2"""
    assert codes(run("2020", MEIZHOU, 5, "150000.00", devices=0)) == [("devices.none", "S19/annex.note2")]


def test_the_unrelated_part_of_the_contract_is_taken_out_of_the_base() -> None:
    """S19/5.3.6"""
    assessment = run("2020", FOSHAN, 14, "186000.00", unrelated_amount=Decimal("38000.00"))
    assert [str(step.amount_out) for step in assessment.steps[:2]] == ["148000.00", "103600.0000"]
    assert str(assessment.amount) == "103600.00"


@pytest.mark.parametrize(
    ("contract", "unrelated", "code"),
    [
        ("0.00", "0.00", "contract.amount_zero"),
        ("1000.00", "1000.01", "contract.unrelated_above_total"),
        ("1000.00", "1000.00", "contract.nothing_related"),
        ("-1.00", "0.00", "amount.unusable"),
        ("NaN", "0.00", "amount.unusable"),
        ("1000000000000", "0.00", "amount.unusable"),
        ("100.001", "0.00", "amount.places"),
    ],
)
def test_amounts_that_cannot_be_paid_from_are_refused(contract, unrelated, code) -> None:
    """S19/5.3.6 D/2"""
    assessment = run("2020", FOSHAN, 7, contract, unrelated_amount=Decimal(unrelated))
    assert ([finding.code for finding in assessment.findings], str(assessment.amount)) == ([code], "0.00")


def test_several_faults_are_named_together() -> None:
    """S19/6.2"""
    assessment = run("2020", SHENZHEN, 25, "0.00")
    assert [finding.code for finding in assessment.findings] == [
        "city.excluded",
        "item.pilot_only",
        "contract.amount_zero",
    ]


def test_without_a_class_there_is_no_rate_in_2019_but_there_is_in_2020() -> None:
    """D/1 N20/4"""
    assert codes(run("2019", FOSHAN, 7, "300000.00")) == [("product.class_missing", "D/1")]
    assert str(run("2020", FOSHAN, 7, "300000.00").amount) == "210000.00"


def test_what_remains_under_the_cap_is_consumed_and_then_nothing_is_left() -> None:
    """S19/annex.note3 S19/4.4.3"""
    used = run("2020", GUANGZHOU, 12, "200000.00", cap_used=Decimal("300000.00"))
    assert (str(used.amount), codes(used)) == ("0.00", [("cap.exhausted", "S19/annex.note3")])
    assert [step.key for step in used.steps if step.binds] == ["left"]


def test_a_pilot_enterprise_has_its_own_cap_but_never_above_the_maximum() -> None:
    """S19/5.6.21"""
    own = run("2020", MEIZHOU, 24, "500000.00", enterprise_cap=Decimal("600000.00"), cap_used=Decimal("300000.00"))
    assert str(own.amount) == "300000.00"
    high = run("2020", MEIZHOU, 24, "500000.00", enterprise_cap=Decimal("5000000.00"), cap_used=Decimal("900000.00"))
    assert str(high.amount) == "100000.00"
    assert next(step for step in high.steps if step.key == "left").clauses[0] == "S19/5.6.21"


def test_amounts_are_rounded_down_to_the_cent() -> None:
    """D/2"""
    assessment = run("2019", FOSHAN, 12, "1234.57", product_class="B")
    assert str(assessment.amount) == "493.82"
    assert (str(assessment.steps[-1].amount_in), assessment.steps[-1].clauses) == ("493.8280", ("D/2",))


def test_less_than_a_cent_is_nothing_and_says_so() -> None:
    """D/2"""
    assert codes(run("2019", FOSHAN, 12, "0.01", product_class="B")) == [("amount.below_cent", "D/2")]


def test_the_bonus_is_a_line_of_its_own_outside_amount_and_cap() -> None:
    """S19/4.4.5"""
    assessment = run("2020", GUANGZHOU, 12, "200000.00", cap_used=Decimal("250000.00"), bonus=True)
    assert (str(assessment.amount), str(assessment.bonus)) == ("50000.00", "100000.00")
    assert assessment.steps[-1].clauses == ("S19/4.4.5",)
    assert (str(assessment.steps[-1].amount_in), str(assessment.steps[-1].amount_out)) == ("50000.00", "50000.00")
    assert str(run("2020", SHENZHEN, 12, "200000.00", bonus=True).bonus) == "0.00"


def test_where_the_bonus_counts_in_the_cap_only_what_is_left_is_paid() -> None:
    """S19/4.4.5"""
    within = replace(terms("2020"), bonus_in_cap=True)
    assessment = assess(case("2020", GUANGZHOU, 12, "100000.00", cap_used=Decimal("200000.00"), bonus=True), within)
    assert (str(assessment.amount), str(assessment.bonus)) == ("70000.00", "30000.00")


def test_maintenance_enterprises_apply_for_item_22_only_until_the_province_says_more() -> None:
    """S19/5.3.6"""
    assert str(run("2020", MEIZHOU, 22, "100000.00", devices=80, enterprise_kind="maintenance").amount) == "80000.00"
    refused = run("2020", MEIZHOU, 23, "100000.00", devices=80, enterprise_kind="maintenance")
    assert codes(refused) == [("enterprise.maintenance_item", "S19/5.3.6")]
    wider = replace(terms("2020"), maintenance_items=frozenset({22, 23}))
    made = case("2020", MEIZHOU, 23, "100000.00", devices=80, enterprise_kind="maintenance")
    assert str(assess(made, wider).amount) == "64000.00"


def test_a_contract_counts_from_the_earliest_day_itself() -> None:
    """S19/5.3.6 D/7"""
    assert check_contract_day(date(2018, 3, 20), terms("2020")) == []
    found = check_contract_day(date(2018, 3, 19), terms("2020"))
    assert [(finding.code, finding.clause) for finding in found] == [("contract.signed_too_early", "S19/5.3.6")]


def test_a_violation_bars_for_five_years_to_the_day() -> None:
    """S19/4.1.2"""
    assert [f.clause for f in check_violation(date(2015, 6, 1), date(2020, 5, 31), terms("2020"))] == ["S19/4.1.2"]
    assert check_violation(date(2015, 6, 1), date(2020, 6, 1), terms("2020")) == []
    assert [f.code for f in check_violation(date(2016, 2, 29), date(2021, 2, 28), terms("2020"))] == [
        "enterprise.violation"
    ]


def test_2018_pays_a_fixed_amount_by_size_never_above_the_eligible_costs() -> None:
    """T18/4.4.2 T18/4.4.3 T18/3"""
    lines = (CostLine("cloud", Decimal("30000.00")), CostLine("automation", Decimal("170000.00")))
    assessment = run("2018", GUANGZHOU, 7, "200000.00", revenue=Decimal("20000000.00"), cost_lines=lines)
    assert [step.key for step in assessment.steps] == ["base", "tier", "contract", "left", "rounding"]
    assert (str(assessment.amount), binding(assessment)) == ("30000.00", ["contract"])
    full = run("2018", GUANGZHOU, 7, "200000.00", revenue=Decimal("20000000.00"))
    assert (str(full.amount), binding(full)) == ("100000.00", ["tier"])


def test_2018_counts_the_total_per_year() -> None:
    """T18/4.4.2"""
    assessment = run("2018", GUANGZHOU, 7, "200000.00", revenue=Decimal("20000000"), cap_used=Decimal("120000.00"))
    assert (str(assessment.amount), binding(assessment)) == ("30000.00", ["left"])


def test_2018_asks_for_ten_million_of_revenue() -> None:
    """T18/4.1.2"""
    assert codes(run("2018", GUANGZHOU, 7, "200000.00", revenue=Decimal("9999999.99"))) == [
        ("enterprise.revenue", "T18/4.1.2")
    ]
    assert codes(run("2018", GUANGZHOU, 7, "200000.00")) == [("tier.unknown", "T18/4.4.2")]


def test_the_2018_table_is_marked_as_a_sample() -> None:
    """T18/4.4.2"""
    assert terms("2018").tiers_are_sample
    step = next(s for s in run("2018", GUANGZHOU, 7, "200000.00", revenue=Decimal("20000000")).steps if s.key == "tier")
    assert "样例" in step.text


def test_a_case_is_assessed_under_its_own_edition_only() -> None:
    """S19/4.4.4 T18/4.4.4"""
    with pytest.raises(ValueError, match="2019 assessed under 2020"):
        assess(case("2019", FOSHAN, 7, "300000.00", product_class="A"), terms("2020"))


def test_a_frozen_case_gives_the_same_amount_again() -> None:
    """S19/4.4.4 T18/4.4.4"""
    made = case("2020", MEIZHOU, 5, "150000.00", devices=33, bonus=True, signed_on=date(2020, 5, 1))
    frozen = case_to_json(made)
    assessment = assess(made, terms("2020"))
    assert case_from_json(frozen) == made
    assert assessment_to_json(assess(case_from_json(frozen), terms("2020"))) == assessment_to_json(assessment)
    assert assessment_from_json(assessment_to_json(assessment)) == assessment
    assert isinstance(case_from_json(frozen), AssessmentCase)


def test_a_case_read_again_is_the_same_and_cannot_be_altered() -> None:
    """S19/4.4.4: read from JSON or from its text."""
    lines = (CostLine("platform", Decimal("150000.00")),)
    made = case("2020", MEIZHOU, 5, "150000.00", devices=33, signed_on=date(2020, 5, 1), cost_lines=lines)
    for one in (case_from_json(case_to_json(made)), case_from_text(json.dumps(case_to_json(made)))):
        assert (one, hash(one)) == (made, hash(made))
        with pytest.raises(AttributeError):
            one.cap_used = Decimal("0.00")  # type: ignore[misc]


@pytest.mark.parametrize(
    ("key", "value"),
    [("contract_amount", "so much"), ("city", None), ("signed_on", "2020-13-01"), ("item", {"number": 5})],
)
def test_what_is_no_case_is_not_read_as_one(key: str, value: object) -> None:
    """S19/4.4.4"""
    told = case_to_json(case("2020", MEIZHOU, 5, "150000.00")) | {key: value}
    with pytest.raises(msgspec.ValidationError):
        case_from_json(told)


def test_item_4_needs_five_of_its_modules() -> None:
    """S19/annex.4"""
    four = catalog_rows()[4]["modules"][:4]
    assert [finding.code for finding in check_product(modules(4), modules=four)] == ["product.too_few_modules"]
    assert check_product(modules(4), modules=catalog_rows()[4]["modules"][:5]) == []


def test_item_10_names_its_model() -> None:
    """S19/annex.10"""
    offered = catalog_rows()[10]["modules"]
    assert [f.clause for f in check_product(modules(10), modules=offered, model_name=" ")] == ["S19/annex.10"]
    assert check_product(modules(10), modules=offered, model_name="主轴剩余寿命预测") == []


def test_optional_modules_are_never_required_and_never_enough() -> None:
    """S19/annex.14 S19/annex.16"""
    rows = catalog_rows()
    assert check_product(modules(14), modules=rows[14]["modules"]) == []
    assert [f.code for f in check_product(modules(16), modules=rows[16]["optional_modules"])] == [
        "product.too_few_modules"
    ]


def test_item_24_needs_one_of_each_of_three_kinds() -> None:
    """S19/annex.24"""
    assert [f.code for f in check_product(modules(24), modules=["统一 API"])] == ["product.group_missing"] * 2
    assert check_product(modules(24), modules=["统一 API", "数据中台", "产线数字化基础应用"]) == []
