"""Part A and the period rows of part D once more, key by key: what the editions and their periods promise."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from catalog.rules.assessment import assess
from catalog.rules.case import AssessmentCase, CostLine
from catalog.rules.eligibility import check_contract_day
from catalog.rules.windows import (
    PeriodWindows,
    check_apply_window,
    check_implementation,
    check_lead_time,
    check_redeem_window,
    last_issue_day,
)
from platform_site.kit.fsm import edges
from settlement.models import Redemption
from tests.catalog.policy_data import FOSHAN, GUANGZHOU, MEIZHOU, case, parameters, terms
from vouchers.models import Voucher

REVENUE = Decimal("20000000.00")
ZONE = ZoneInfo("Asia/Shanghai")
PERIOD_2020 = PeriodWindows(
    *(
        datetime(*moment, tzinfo=ZONE)
        for moment in ((2020, 5, 25, 10), (2020, 9, 30, 17), (2020, 10, 8, 10), (2021, 2, 8, 17))
    )
)
TICK = timedelta(microseconds=1)


def told(found) -> list[tuple[str, str]]:
    return [(finding.code, finding.clause) for finding in found]


def amount(made: AssessmentCase) -> str:
    return str(assess(made, terms(made.edition)).amount)


@pytest.mark.parametrize(
    ("edition", "city", "more", "share"),
    [
        ("2019", GUANGZHOU, {"product_class": "A"}, 80),
        ("2019", MEIZHOU, {"product_class": "A"}, 80),
        ("2019", MEIZHOU, {"product_class": "B"}, 40),
        ("2019", MEIZHOU, {"product_class": "B", "pilot": True}, 40),
        ("2020", GUANGZHOU, {"product_class": "A"}, 70),
        ("2020", GUANGZHOU, {"product_class": "B"}, 70),
        ("2020", GUANGZHOU, {"pilot": True}, 80),
        ("2020", MEIZHOU, {"product_class": "B"}, 80),
        ("2020", MEIZHOU, {"pilot": True}, 80),
    ],
)
def test_the_share_follows_edition_class_region_and_pilot(edition, city, more, share) -> None:
    """S19/4.4.2 N20/4"""
    assert amount(case(edition, city, 24, "100000.00", **more)) == f"{share * 1000}.00"


def test_each_of_the_21_cities_has_its_share_of_2020() -> None:
    """N20/4"""
    prd = {"广州", "深圳", "珠海", "佛山", "江门", "肇庆", "惠州", "东莞", "中山"}
    open_to_all = replace(terms("2020"), excluded_cities=frozenset())
    shares = {
        name: assess(case("2020", code, 24, "100.00"), open_to_all).amount
        for region in open_to_all.regions
        for code, name in region.cities.items()
    }
    assert len(shares) == 21
    assert {name for name, paid in shares.items() if paid == Decimal("70.00")} == prd
    assert {paid for name, paid in shares.items() if name not in prd} == {Decimal("80.00")}


def test_2020_says_of_every_number_it_takes_from_2019_that_it_is_assumed() -> None:
    """N20/5.1"""
    old = {row.key: row for row in parameters("2019")}
    taken = [row for row in parameters("2020") if "annex" in row.clause and row.value == old[row.key].value]
    assert {"enterprise_cap", "cap_span"} <= {row.key for row in taken}
    assert [row.key for row in taken if not row.assumed] == []


def test_2018_counts_only_eligible_costs_and_names_what_it_leaves_out() -> None:
    """T18/3"""
    lines = tuple(
        CostLine(kind, Decimal("10000.00"))
        for kind in ("cloud", "platform", "application", "network", "implementation", "device_access")
    )
    barred = (CostLine("automation", Decimal("20000.00")), CostLine("offline_software", Decimal("20000.00")))
    told_2018 = assess(
        case("2018", GUANGZHOU, 7, "100000.00", revenue=REVENUE, cost_lines=lines + barred), terms("2018")
    )
    assert (str(told_2018.steps[0].amount_out), str(told_2018.amount)) == ("60000.00", "60000.00")
    assert ("自动化装备" in told_2018.steps[0].text, "非云化软件" in told_2018.steps[0].text) == (True, True)


def test_2018_is_for_enterprises_of_the_province_whatever_their_city() -> None:
    """T18/4.1.1"""
    for region in terms("2018").regions:
        assert {amount(case("2018", city, 7, "50000.00", revenue=REVENUE)) for city in region.cities} == {"50000.00"}
    outside = assess(case("2018", "430100", 7, "50000.00", revenue=REVENUE), terms("2018"))
    assert told(outside.findings) == [("city.outside_province", "T18/4.1.1")]


def test_2018_takes_contracts_from_the_same_day_under_its_own_clause() -> None:
    """T18/5.3.5 D/7"""
    assert check_contract_day(date(2018, 3, 20), terms("2018")) == []
    assert told(check_contract_day(date(2018, 3, 19), terms("2018"))) == [("contract.signed_too_early", "T18/5.3.5")]


def test_whatever_raises_the_contract_in_2018_the_tier_decides() -> None:
    """T18/4.4.2 T18/4.4.3"""
    paid = [
        amount(case("2018", GUANGZHOU, 7, contract, revenue=REVENUE))
        for contract in ("99999.99", "100000.00", "900000.00")
    ]
    assert paid == ["99999.99", "100000.00", "100000.00"]
    by_size = [
        amount(case("2018", GUANGZHOU, 7, "900000.00", revenue=Decimal(size) * 10**6)) for size in (99, 100, 500)
    ]
    assert by_size == ["100000.00", "150000.00", "200000.00"]


def test_nothing_reaches_the_money_without_notice_and_batch() -> None:
    """S19/4.2 T18/4.2 S19/5.4.14 T18/5.4.14: every way to `paid` leads through the public notice."""
    arrows = {}
    for edge in edges(Redemption):
        arrows.setdefault(edge.source, set()).add(edge.target)
    reached, ahead = set(), {"draft"}
    while ahead:  # wherever one gets from the draft without ever being on notice; a held claim goes on where it stood
        state = ahead.pop()
        reached.add(state)
        ahead |= arrows.get(state, set()) - reached - {"on_notice", "held"}
    assert not reached & {"payable", "paying", "paid"}
    assert [edge.source for edge in edges(Redemption) if edge.target == "paid"] == ["paying"]


def test_no_step_of_a_voucher_gives_it_to_another_enterprise() -> None:
    """T18/3: transferring, giving and pledging are no steps, and the enterprise is no field of any of them."""
    assert {edge.name for edge in edges(Voucher)} & {"transfer", "give", "pledge", "assign", "reuse"} == set()
    assert "enterprise" not in AssessmentCase.__struct_fields__


@pytest.mark.parametrize("clause", ["N20/1", "S19/letter.3"])
def test_the_window_opens_and_shuts_to_the_second_and_cites_its_own_clause(clause: str) -> None:
    """N20/1 S19/6.1"""
    for check, opens, shuts in (
        (check_apply_window, PERIOD_2020.apply_from, PERIOD_2020.apply_to),
        (check_redeem_window, PERIOD_2020.redeem_from, PERIOD_2020.redeem_to),
    ):
        inside = [told(check(moment, PERIOD_2020, clause)) for moment in (opens, shuts - TICK)]
        beside = [told(check(moment, PERIOD_2020, clause)) for moment in (opens - TICK, shuts)]
        assert inside == [[], []]
        assert [[place for _, place in found] for found in beside] == [[clause], [clause]]


def test_dates_are_announced_3_days_ahead_and_in_2018_the_end_30_days_ahead() -> None:
    """S19/6.1 T18/5.6.18"""
    opens = PERIOD_2020.apply_from
    assert check_lead_time(opens - timedelta(days=3), PERIOD_2020, terms("2020")) == []
    late = check_lead_time(opens - timedelta(days=2), PERIOD_2020, terms("2020"))
    assert [(found.field, found.clause) for found in late] == [("apply_from", "S19/6.1")]
    short = replace(PERIOD_2020, apply_to=opens + timedelta(days=25))
    in_2018 = check_lead_time(opens - timedelta(days=3), short, terms("2018"))
    assert [(found.field, found.clause) for found in in_2018] == [("apply_to", "T18/5.6.18")]
    assert check_lead_time(opens - timedelta(days=5), short, terms("2018")) == []


def test_in_2018_a_voucher_leaves_120_days_to_carry_it_out() -> None:
    """T18/5.6.17"""
    last = last_issue_day(PERIOD_2020, terms("2018"))
    assert last == date(2020, 10, 11)
    on_time, late = (datetime(last.year, last.month, last.day + extra, 23, tzinfo=ZONE) for extra in (0, 1))
    assert check_implementation(on_time, PERIOD_2020, terms("2018")) == []
    assert told(check_implementation(late, PERIOD_2020, terms("2018"))) == [("period.too_late_to_issue", "T18/5.6.17")]
    assert check_implementation(late, PERIOD_2020, terms("2020")) == []


@pytest.mark.parametrize(("edition", "clause"), [("2018", "T18/5.6.16"), ("2019", "D/14"), ("2020", "D/14")])
def test_a_city_has_five_working_days_under_the_clause_of_its_edition(edition: str, clause: str) -> None:
    """T18/5.6.16 D/14"""
    assert (terms(edition).review_working_days, terms(edition).clause("review_working_days")) == (5, clause)


def test_a_contract_for_several_things_counts_only_what_belongs_to_the_product() -> None:
    """S19/5.3.6"""
    whole = case("2020", FOSHAN, 24, "200000.00", unrelated_amount=Decimal("50000.00"))
    steps = assess(whole, terms("2020")).steps
    assert (str(steps[0].amount_in), str(steps[0].amount_out), amount(whole)) == ("200000.00", "150000.00", "105000.00")
