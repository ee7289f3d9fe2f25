"""The product's assessment against a second formula, over random cases that crowd around the ceilings."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from catalog.rules.assessment import Assessment, assess
from catalog.rules.case import AssessmentCase, CostLine
from tests.catalog.policy_data import item, terms
from tests.properties.second_formula import CAPS_WAN, CENTS_PER_DEVICE, PRD, REST, WAN, PlainCase, expected

KINDS = (
    "cloud", "platform", "application", "network", "implementation", "device_access", "automation", "offline_software",
)  # fmt: skip
CITIES = sorted(PRD | REST)


def yuan(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def random_case(pick: Random) -> PlainCase:
    number, edition = pick.randint(1, 25), pick.choice(["2018", "2019", "2020"])
    contract = around(pick, [CAPS_WAN[number - 1] * WAN * 100 // share for share in (40, 70, 80)] + [0, 30 * WAN])
    return PlainCase(
        edition=edition,
        city=(pick.choice(CITIES) if pick.random() < 0.97 else pick.choice(["4301", "1101", "4454"]))
        + pick.choice(["00", "05", "81"]),
        item=number,
        contract=contract,
        product_class=pick.choice(["A", "B", "A", "B", None]) if edition == "2019" else None,
        unrelated=pick.choice([0, 0, 0, contract, contract + 1, pick.randint(0, contract)]),
        lines=random_lines(pick, contract) if edition == "2018" else (),
        devices=pick.choice([None, 0, random_devices(pick, number), random_devices(pick, number)]),
        pilot=pick.random() < 0.4,
        cap=pick.choice([None, None, 30 * WAN, 60 * WAN, 100 * WAN, 250 * WAN, 0]),
        used=pick.choice([0, 0, around(pick, [30 * WAN, 15 * WAN, 100 * WAN])]),
        bonus=pick.random() < 0.3,
        revenue=pick.choice([None, *[around(pick, [1000 * WAN, 10_000 * WAN, 50_000 * WAN]) for _ in range(5)]]),
        kind=pick.choice([None, None, "manufacturing", "maintenance"]),
        signed=pick.choice([None, None, date(2018, 3, 20) + timedelta(days=pick.randint(-2, 700))]),
    )


def around(pick: Random, marks: list[int]) -> int:
    """On a mark, a cent beside it, or anywhere: where a formula errs, it errs at its edges."""
    return max(0, pick.choice([pick.choice(marks) + pick.randint(-2, 2), pick.randint(0, 100 * WAN)]))


def random_devices(pick: Random, number: int) -> int:
    full = CAPS_WAN[number - 1] * WAN // CENTS_PER_DEVICE.get(number, WAN)
    return pick.choice([full, full + 1, pick.randint(1, full + 10)])


def random_lines(pick: Random, contract: int) -> tuple[tuple[str, int], ...]:
    return tuple((pick.choice(KINDS), pick.randint(0, contract)) for _ in range(pick.randint(0, 4)))


def product_answer(case: PlainCase) -> Assessment:
    made = AssessmentCase(
        edition=case.edition,
        city=case.city,
        item=item(case.item),
        contract_amount=yuan(case.contract),
        product_class=case.product_class,
        unrelated_amount=yuan(case.unrelated),
        cost_lines=tuple(CostLine(kind, yuan(cents)) for kind, cents in case.lines),
        devices=case.devices,
        pilot=case.pilot,
        enterprise_cap=None if case.cap is None else yuan(case.cap),
        cap_used=yuan(case.used),
        bonus=case.bonus,
        revenue=None if case.revenue is None else yuan(case.revenue),
        enterprise_kind=case.kind,
        signed_on=case.signed,
    )
    return assess(made, terms(case.edition))


def differences(seed: int, count: int) -> tuple[list[tuple[PlainCase, object, object]], int]:
    """Cases in which the two disagree, and how many paid anything."""
    pick, found, paid = Random(seed), [], 0
    for _ in range(count):
        case = random_case(pick)
        told, wanted = product_answer(case), expected(case)
        paid += bool(wanted[0])
        if (told.amount, told.bonus, bool(told.findings)) != (yuan(wanted[0]), yuan(wanted[1]), not wanted[0]):
            found.append((case, (told.amount, told.bonus), wanted))
    return found, paid


def test_ten_thousand_random_cases_agree_with_the_second_formula(seed: int) -> None:
    """S19/4.4.2 S19/4.4.3 S19/4.4.5 S19/5.3.6 S19/5.6.21 S19/annex.note2 S19/annex.note3 N20/2 N20/4 T18/3 T18/4.4.2
    T18/4.4.3 D/2"""
    found, paid = differences(seed, 10_000)
    assert found == []
    assert paid > 2_000  # cases that are all refused would agree too


@pytest.mark.soak
def test_a_million_random_cases_agree_with_the_second_formula(seed: int) -> None:
    found, paid = differences(seed + 1, 1_000_000)
    assert found == []
    assert paid > 200_000


def test_every_item_is_paid_up_to_its_cap_and_not_a_cent_more() -> None:
    """S19/annex.1 S19/annex.2 S19/annex.3 S19/annex.4 S19/annex.5 S19/annex.6 S19/annex.7 S19/annex.8 S19/annex.9
    S19/annex.10 S19/annex.11 S19/annex.12 S19/annex.13 S19/annex.14 S19/annex.15 S19/annex.16 S19/annex.17
    S19/annex.18 S19/annex.19 S19/annex.20 S19/annex.21 S19/annex.22 S19/annex.23 S19/annex.24 S19/annex.25 S19/4.4.1"""
    for number, wan in enumerate(CAPS_WAN, start=1):
        enough = PlainCase("2019", "440600", number, wan * WAN * 2, "A", pilot=True)
        short = PlainCase("2019", "440600", number, wan * WAN, "A", pilot=True)
        assert product_answer(enough).amount == yuan(wan * WAN)
        assert product_answer(short).amount == yuan(wan * WAN * 80 // 100)
        step = next(step for step in product_answer(enough).steps if step.key == "item_cap")
        assert (step.binds, step.clauses) == (True, ("S19/4.4.2", f"S19/annex.{number}"))
