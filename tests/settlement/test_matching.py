"""A city's own money on top: its own line from the decision to the ledger, off where the edition forbids it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog.rules.city_matching import MATCHING
from settlement.queries.matching import matching_rate
from settlement.rules.claim import case_from_json, terms_from_json, to_json
from settlement.rules.fingerprint import PublishedLine
from settlement.rules.matching import matching_amount
from settlement.rules.payable import matching_of, payable
from tests.rules.test_e_settlement import TERMS
from tests.rules.test_e_settlement import case as claim_case
from tests.settlement.world import Case
from tests.vouchers.world import FOSHAN

D = Decimal
CASE = claim_case()


@pytest.mark.parametrize(
    ("amount", "declared", "rate", "own"),
    [
        ("10000.00", "20000.00", "0.10", "1000.00"),
        ("10000.00", "10500.00", "0.10", "500.00"),
        ("10000.00", "10000.00", "0.10", "0.00"),
        ("333.33", "1000.00", "0.10", "33.33"),
        ("10000.00", "20000.00", None, "0.00"),
        ("0.00", "20000.00", "0.10", "0.00"),
    ],
)
def test_voucher_and_matching_never_exceed_the_contract(amount, declared, rate, own):
    """T18/4.4.5"""
    assert matching_amount(D(amount), D(declared), rate and D(rate)) == D(own)


def test_it_is_a_step_of_its_own_beside_the_amount():
    """T18/4.4.5"""
    terms = replace(TERMS, matching_rate=D("0.10"), clauses={**TERMS.clauses, "city_matching": "T18/4.4.5"})
    plain, own = payable(CASE, TERMS), payable(CASE, terms)
    assert (own.amount, own.bonus) == (plain.amount, plain.bonus)
    step = own.steps[-1]
    assert (step.key, step.clauses, step.amount_out) == ("matching", ("T18/4.4.5",), matching_of(CASE, terms))
    assert step.amount_out == min(plain.amount / 10, CASE.declared - plain.amount)
    frozen_case, frozen_terms = case_from_json(to_json(CASE)), terms_from_json(to_json(terms))
    assert matching_of(frozen_case, frozen_terms) == step.amount_out


def test_terms_frozen_before_there_was_matching_still_read():
    stored = to_json(TERMS)
    del stored["matching_rate"]
    assert terms_from_json(stored).matching_rate is None


def test_an_edition_that_forbids_it_pays_nothing_whatever_the_period_says(case: Case):
    """S19/4.1.3"""
    period = case.world.period
    period.parameters = {MATCHING: {"value": {FOSHAN: "0.10"}, "note": ""}}
    assert matching_rate(period, FOSHAN) is None


def test_the_fingerprint_of_a_line_without_matching_is_the_old_one_and_with_it_another():
    line = PublishedLine(1, "SQ1", "甲", "乙", "丙", D("1.00"), D("0.00"))
    assert line.text() == "1\tSQ1\t甲\t乙\t丙\t1.00\t0.00"
    assert replace(line, matching=D("0.50")).text() == line.text() + "\t0.50"
