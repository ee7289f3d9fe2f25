"""What holds for every case that can be made."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from catalog.rules.assessment import assess, assessment_from_json, assessment_to_json
from catalog.rules.case import AssessmentCase, CostLine, case_from_json, case_to_json
from catalog.rules.raises import ways_to_raise, why_not_higher
from tests.catalog.policy_data import item, terms

ZERO = Decimal("0.00")
cents = st.integers(min_value=0, max_value=200_000_000).map(lambda value: Decimal(value) / 100)
cities = st.sampled_from(sorted(code for region in terms("2020").regions for code in region.cities))


@st.composite
def cases(draw: st.DrawFn) -> AssessmentCase:
    contract = draw(cents)
    return AssessmentCase(
        edition=draw(st.sampled_from(["2019", "2020"])),
        city=draw(cities),
        item=item(draw(st.integers(min_value=1, max_value=25))),
        contract_amount=contract,
        product_class=draw(st.sampled_from(["A", "B"])),
        unrelated_amount=draw(st.one_of(st.just(ZERO), cents)),
        devices=draw(st.one_of(st.none(), st.integers(min_value=0, max_value=500))),
        pilot=draw(st.booleans()),
        enterprise_cap=draw(st.one_of(st.none(), cents)),
        cap_used=draw(st.one_of(st.just(ZERO), cents)),
        bonus=draw(st.booleans()),
    )


@given(cases())
def test_the_amount_never_exceeds_any_ceiling(case: AssessmentCase) -> None:
    edition = terms(case.edition)
    amount = assess(case, edition).amount
    assert ZERO <= amount <= case.item.cap
    assert amount <= max(case.declared, ZERO)
    cap = edition.enterprise_cap if case.enterprise_cap is None else case.enterprise_cap
    assert amount <= max(min(cap, edition.pilot_enterprise_cap_max) - case.cap_used, ZERO)
    if case.item.per_device is not None and case.devices is not None:
        assert amount <= case.item.per_device * case.devices


@given(cases())
def test_money_or_a_reason_never_neither_never_both(case: AssessmentCase) -> None:
    assessment = assess(case, terms(case.edition))
    assert (assessment.amount > ZERO) != bool(assessment.findings)
    assert all(finding.clause and finding.reason and finding.remedy for finding in assessment.findings)


@given(cases())
def test_amounts_are_whole_cents_and_steps_hand_on(case: AssessmentCase) -> None:
    assessment = assess(case, terms(case.edition))
    assert assessment.amount == assessment.amount.quantize(Decimal("0.01"))
    ladder = assessment.steps
    assert all(one.amount_out == other.amount_in for one, other in pairwise(ladder))
    assert all(step.amount_out <= step.amount_in for step in ladder)
    if ladder:
        assert ladder[-1].amount_out == assessment.amount
        assert [step.binds for step in ladder].count(True) == 1


@given(cases(), cents)
def test_a_larger_contract_never_gives_less(case: AssessmentCase, more: Decimal) -> None:
    larger = replace(case, contract_amount=case.contract_amount + more)
    if assess(case, terms(case.edition)).amount > ZERO:
        assert assess(larger, terms(case.edition)).amount >= assess(case, terms(case.edition)).amount


@given(cases(), cents)
def test_using_up_the_cap_never_gives_more(case: AssessmentCase, more: Decimal) -> None:
    later = replace(case, cap_used=case.cap_used + more)
    assert assess(later, terms(case.edition)).amount <= assess(case, terms(case.edition)).amount


@given(cases())
def test_computing_again_from_the_frozen_case_gives_the_same(case: AssessmentCase) -> None:
    frozen = assessment_to_json(assess(case, terms(case.edition)))
    again = assess(case_from_json(case_to_json(case)), terms(case.edition))
    assert assessment_to_json(again) == frozen
    assert assessment_to_json(assessment_from_json(frozen)) == frozen


@given(cases(), st.lists(cents, min_size=1, max_size=6))
def test_all_vouchers_of_an_enterprise_together_stay_under_its_cap(
    case: AssessmentCase, contracts: list[Decimal]
) -> None:
    edition = terms(case.edition)
    used = ZERO
    for contract in contracts:
        used += assess(replace(case, contract_amount=contract, enterprise_cap=None, cap_used=used), edition).amount
    assert used <= edition.enterprise_cap


@st.composite
def cases_of_2018(draw: st.DrawFn) -> AssessmentCase:
    kinds = st.sampled_from([kind.kind for kind in terms("2018").eligible_costs])
    lines = st.lists(st.builds(CostLine, kinds, cents), max_size=3).map(tuple)
    return AssessmentCase(
        edition="2018",
        city=draw(cities),
        item=item(draw(st.integers(min_value=1, max_value=24))),
        contract_amount=draw(cents),
        cost_lines=draw(lines),
        cap_used=draw(st.one_of(st.just(ZERO), cents)),
        revenue=draw(st.integers(min_value=900, max_value=90_000)) * Decimal("10000.00"),
    )


@given(cases_of_2018(), cents)
def test_in_2018_the_amount_stays_under_tier_total_and_costs_and_grows_with_the_contract(
    case: AssessmentCase, more: Decimal
) -> None:
    """T18/4.4.2 T18/4.4.3"""
    edition = terms("2018")
    told, tier = assess(case, edition), edition.tier_for(case.revenue)
    ceilings = [case.contract_amount, *([tier.items[case.item.number], tier.total - case.cap_used] if tier else [ZERO])]
    assert ZERO <= told.amount <= max(min(ceilings), ZERO)
    assert all(one.amount_out == other.amount_in for one, other in pairwise(told.steps))
    larger = assess(replace(case, contract_amount=case.contract_amount + more), edition)
    assert larger.amount >= told.amount


@given(st.one_of(cases(), cases_of_2018()))
def test_every_way_that_is_offered_raises_the_amount_and_keeps_to_the_ceilings(case: AssessmentCase) -> None:
    edition = terms(case.edition)
    told, ways = assess(case, edition), ways_to_raise(case, edition)
    assert all(told.amount < way.amount for way in ways)
    assert all(way.amount <= (case.item.cap if edition.method == "rate" else Decimal("400000.00")) for way in ways)
    assert [way.amount for way in ways] == sorted((way.amount for way in ways), reverse=True)
    assert all(way.text and way.title and way.clause for way in ways)
    assert len({way.key for way in ways}) == len(ways)
    assert not why_not_higher(case, edition) or told.allowed
