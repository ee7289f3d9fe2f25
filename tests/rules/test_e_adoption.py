"""E. Adoption: when the product counts as really used (S19/annex.note2, S19/5.4.12, REF, platform default 8)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from monitoring.enums import Outcome
from monitoring.rules.adoption import judge, need
from monitoring.rules.adoption_case import AdoptionCase
from monitoring.rules.adoption_words import findings, headline, need_sentence
from monitoring.rules.cross_check import Checked, cross_check
from monitoring.rules.heat import heat_rows
from monitoring.rules.ip_region import Region, count_regions, table_from_rows
from monitoring.rules.scheme import AdoptionTerms, terms_from_json, terms_to_json
from tests.rules.seen import SeenDay, courses, told

FIRST = date(2020, 10, 12)
DEVICE = AdoptionTerms(
    edition_code="2020",
    item_number=5,
    kind="device",
    clause="D/8",
    window_days=28,
    min_days=20,
    min_minutes=240,
    slot_minutes=5,
    min_devices=1,
    min_users=0,
    min_modules=0,
    late_days=35,
    operator_late_days=60,
    operator_share=Decimal(0),
    conflict_share=Decimal("0.10"),
    outside_share=Decimal("0.20"),
    per_device=Decimal(1500),
)
SOFTWARE = replace(
    DEVICE, item_number=6, kind="software", min_days=15, min_minutes=0, min_users=3, min_modules=3, per_device=None
)
MODULES = ("计划管理", "品质管理", "车间看板", "统计分析")


def names(number):
    return tuple(f"D{index:03d}" for index in range(number))


def days(subjects, number, *, first=FIRST, minutes=300, **other):
    steps = [first + timedelta(days=step) for step in range(number)]
    return tuple(SeenDay(subject, day, minutes, **other) for subject in subjects for day in steps)


def case(listed=60, seen=(), after=30, amount="81950.00", **other):
    return AdoptionCase(
        amount=Decimal(amount), today=FIRST + timedelta(days=after), devices=names(listed), **told(seen), **other
    )


@pytest.mark.parametrize(
    ("amount", "devices"), [("81950.00", 55), ("82500.00", 55), ("82500.01", 56), ("1500.00", 1), ("0.01", 1)]
)
def test_s19_annex_note2_needed_devices_are_the_amount_by_the_amount_per_device_rounded_up(amount, devices):
    assert need(case(amount=amount), DEVICE) == devices


def test_s19_annex_note2_enough_devices_in_use_pass():
    result = judge(case(seen=days(names(55), 30)), DEVICE)
    assert (result.outcome, result.needed, result.reached, result.listed) == (Outcome.PASSED, 55, 55, 60)
    assert result.supported == Decimal(82500)


def test_s19_annex_note2_one_device_short_fails_with_the_amount_that_is_carried():
    result = judge(case(seen=days(names(54), 30)), DEVICE)
    assert (result.outcome, result.missing, result.supported) == (Outcome.FAILED, {"devices": 1}, Decimal(81000))
    found = findings(result, case(), DEVICE)
    assert [(f.code, f.clause, f.severity) for f in found] == [("adoption.too_few_devices", "S19/annex.note2", "bad")]
    assert headline(result, DEVICE) == "还差 1 台达标"


def test_s19_annex_note2_devices_that_are_not_listed_do_not_count():
    result = judge(case(listed=54, seen=days(names(60), 30)), DEVICE)
    assert (result.outcome, result.missing, result.earliest) == (Outcome.FAILED, {"listed": 1, "devices": 1}, None)


def test_s19_annex_note2_a_lower_claim_needs_fewer_devices():
    assert judge(case(seen=days(names(54), 30), amount="81000.00"), DEVICE).outcome == Outcome.PASSED


@pytest.mark.parametrize(("number", "outcome"), [(20, Outcome.PASSED), (19, Outcome.FAILED)])
def test_default_8_a_device_needs_its_days_within_the_window(number, outcome):
    assert judge(case(seen=days(names(60), number)), DEVICE).outcome == outcome


@pytest.mark.parametrize(("minutes", "outcome"), [(240, Outcome.PASSED), (239, Outcome.FAILED)])
def test_default_8_a_day_counts_from_the_scheme_hours(minutes, outcome):
    assert judge(case(seen=days(names(60), 30, minutes=minutes)), DEVICE).outcome == outcome


def test_default_8_days_spread_wider_than_the_window_do_not_add_up():
    seen = days(names(60), 10) + days(names(60), 10, first=FIRST + timedelta(days=40))
    assert judge(case(seen=seen, after=60), DEVICE).outcome == Outcome.FAILED


def test_default_8_a_shut_down_after_a_good_month_takes_nothing_away():
    result = judge(case(seen=days(names(60), 28), after=80), DEVICE)
    assert (result.outcome, result.window) == (Outcome.PASSED, (date(2020, 10, 20), date(2020, 11, 16)))


def test_default_8_today_is_not_a_whole_day():
    assert judge(case(seen=days(names(60), 20), after=19), DEVICE).outcome == Outcome.NOT_ENOUGH
    assert judge(case(seen=days(names(60), 20), after=20), DEVICE).outcome == Outcome.PASSED


def test_before_the_window_is_full_nothing_has_failed_and_the_earliest_day_is_told():
    result = judge(case(seen=days(names(60), 12), after=12), DEVICE)
    assert (result.outcome, result.earliest) == (Outcome.NOT_ENOUGH, FIRST + timedelta(days=20))


def test_without_any_data_it_is_not_enough():
    result = judge(case(), DEVICE)
    assert (result.outcome, result.window, result.earliest) == (Outcome.NOT_ENOUGH, None, FIRST + timedelta(days=50))
    assert headline(result, DEVICE) == "还没有数据"


def test_an_item_without_an_amount_per_device_needs_the_schemes_devices():
    terms = replace(DEVICE, per_device=None, min_devices=2)
    assert judge(case(seen=days(names(2), 30)), terms).outcome == Outcome.PASSED
    assert judge(case(seen=days(names(1), 30)), terms).outcome == Outcome.FAILED


def test_ref_where_the_operator_reported_its_result_wins():
    """REF/5"""
    assert cross_check(300, None, 240) == Checked(minutes=300, conflict=False, watched=False)
    assert cross_check(300, 0, 240) == Checked(minutes=0, conflict=True, watched=True)
    assert cross_check(0, 480, 240) == Checked(minutes=480, conflict=True, watched=True)
    assert cross_check(300, 480, 240) == Checked(minutes=480, conflict=False, watched=True)
    assert cross_check(None, 480, 240) == Checked(minutes=480, conflict=False, watched=True)


def test_ref_devices_the_operator_did_not_see_do_not_count():
    """REF/5"""
    seen = days(names(50), 30) + tuple(replace(day, operator=0) for day in days(names(60)[50:], 30))
    result = judge(case(seen=seen), DEVICE)
    assert (result.outcome, result.reached, result.missing) == (Outcome.FAILED, 50, {"devices": 5})
    assert result.conflict_days == 10 * 28
    rows = heat_rows(courses(seen), names(60), (FIRST, FIRST), DEVICE)
    assert [row.cells[0].level for row in rows[:11]] == ["x"] * 10 + ["2"]


def test_ref_many_contradictions_are_looked_at_by_a_person():
    seen = days(names(55), 30) + tuple(replace(day, operator=0) for day in days(names(64)[55:], 30))
    result = judge(case(listed=64, seen=seen), DEVICE)
    assert (result.outcome, result.doubts) == (Outcome.LOOK, ("sources.disagree",))


def test_ref_where_operators_are_required_their_silence_is_looked_at():
    terms = replace(DEVICE, operator_share=Decimal("0.5"))
    assert judge(case(seen=days(names(60), 30)), terms).doubts == ("operator.silent",)
    watched = days(names(30), 30, operator=600) + days(names(60)[30:], 30)
    assert judge(case(seen=watched), terms).outcome == Outcome.PASSED


@pytest.mark.parametrize(
    ("regions", "outcome"),
    [((80, 20, 0), Outcome.PASSED), ((79, 21, 0), Outcome.LOOK), ((0, 0, 100), Outcome.PASSED)],
)
def test_s19_4_3_activity_from_outside_the_province_is_looked_at_never_refused(regions, outcome):
    inside, outside, unknown = regions
    seen = case(seen=days(names(60), 30), inside=inside, outside=outside, unknown=unknown)
    assert judge(seen, DEVICE).outcome == outcome


def test_s19_4_3_post_sale_items_may_have_their_devices_elsewhere():
    terms = replace(DEVICE, item_number=22, outside_share=Decimal(1))
    assert judge(case(seen=days(names(60), 30), outside=100), terms).outcome == Outcome.PASSED


def test_s19_4_3_addresses_in_no_range_are_unknown():
    rows = [
        {"network": "192.0.2.0/24", "region": "inside", "as_of": "2020-05-01"},
        {"network": "198.51.100.0/24", "region": "outside", "as_of": "2020-05-01"},
    ]
    table = table_from_rows(rows)
    found = [table.region_of(a) for a in ("192.0.2.0", "192.0.2.255", "192.0.3.0", "198.51.100.9", "::1", "x")]
    unknown = Region.UNKNOWN
    assert found == [Region.INSIDE, Region.INSIDE, unknown, Region.OUTSIDE, unknown, unknown]
    days_seen = [(["192.0.2.1"], 5), (["192.0.2.1", "198.51.100.1"], 1), (["203.0.113.9"], 1), ([], 1)]
    assert count_regions(days_seen, table) == {Region.INSIDE: 5, Region.OUTSIDE: 1, Region.UNKNOWN: 2}
    with pytest.raises(ValueError, match="overlap"):
        table_from_rows([*rows, {"network": "192.0.2.128/25", "region": "outside", "as_of": "2020-05-01"}])


def software(users=3, number=15, modules=MODULES[:3], after=30):
    return case(
        listed=0,
        seen=days([f"u{index}" for index in range(users)], number, minutes=5, modules=modules),
        contract_modules=MODULES,
        after=after,
    )


@pytest.mark.parametrize(
    ("shape", "missing"),
    [
        ({}, {}),
        ({"users": 2}, {"users": 1}),
        ({"number": 14}, {"days": 1}),
        ({"modules": MODULES[:2]}, {"modules": 1}),
        ({"modules": ("库存管理", *MODULES[:2])}, {"modules": 1}),
        ({"modules": (" 计划 管理", "品质管理", "车间看板")}, {}),
    ],
)
def test_default_8_software_needs_people_days_and_modules_of_the_contract(shape, missing):
    result = judge(software(**shape), SOFTWARE)
    assert (result.outcome, result.missing) == (Outcome.FAILED if missing else Outcome.PASSED, missing)


def test_default_8_a_contract_with_fewer_modules_needs_all_of_them():
    short = replace(software(modules=MODULES[:2]), contract_modules=MODULES[:2])
    assert judge(short, SOFTWARE).outcome == Outcome.PASSED


def test_software_not_long_enough_tells_the_earliest_day():
    result = judge(software(number=10, after=10), SOFTWARE)
    assert (result.outcome, result.earliest) == (Outcome.NOT_ENOUGH, FIRST + timedelta(days=15))


def test_s19_5_4_12_every_result_says_what_is_needed_and_from_which_clause():
    result = judge(case(seen=days(names(38), 30), amount="60000.00"), DEVICE)
    sentence = need_sentence(result, case(amount="60000.00"), DEVICE)
    assert sentence == "需要 60,000.00 ÷ 1,500 = 40 台；每台 28 天内有效 20 天，每天不少于 4 小时"
    for finding in findings(result, case(), DEVICE):
        assert finding.remedy != ""


def test_a_scheme_survives_being_frozen_as_json():
    assert [terms_from_json(terms_to_json(terms)) for terms in (DEVICE, SOFTWARE)] == [DEVICE, SOFTWARE]
