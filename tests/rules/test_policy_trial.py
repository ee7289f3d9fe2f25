"""The trial of other numbers as a pure rule: what each application leaves of the cap to the next (S19/4.4.3)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec import structs

from catalog.rules.assessment import assess
from catalog.rules.case import ZERO, AssessmentCase
from catalog.rules.terms import EditionTerms, ItemTerms
from tests.catalog.policy_data import terms
from vouchers.rules.policy_trial import Outcome, PastApplication, Trial

NOW = terms("2019")
ITEM = ItemTerms(1, "测试项目", Decimal("200000.00"), "S19/annex.1")
DAY = datetime(2019, 6, 1, tzinfo=UTC)


def past(
    used: str, total: str = "1000000.00", *, voucher: int = 1, enterprise: int = 1, item: ItemTerms = ITEM, **more
) -> PastApplication:
    case = AssessmentCase("2019", "440100", item, Decimal(total), "A", cap_used=Decimal(used))
    present = assess(case, NOW).amount
    plain = PastApplication(
        voucher, enterprise, case, present, "440100", "small", counted=True, decided=True, fixed=DAY
    )
    return structs.replace(plain, **more)


def after(
    rows: Iterable[PastApplication], other: EditionTerms, items: dict[int, ItemTerms] | None = None
) -> list[Outcome]:
    trial = Trial(NOW, other, items or {}, closed=False)
    return [trial.take(row) for row in rows]


CAP = NOW.enterprise_cap or ZERO
HALF = replace(NOW, enterprise_cap=CAP / 2)
TWICE = replace(NOW, enterprise_cap=CAP * 2)


def three() -> list[PastApplication]:
    """200,000 of a cap of 300,000, then the 100,000 that are left, then nothing."""
    return [past("0.00"), past("200000.00", voucher=2), past("300000.00", voucher=3)]


def test_the_same_numbers_give_the_present_amounts():
    found = after(three(), NOW)
    assert [(one.before, one.after, one.agrees) for one in found] == [
        (Decimal(amount), Decimal(amount), True) for amount in ("200000.00", "100000.00", "0.00")
    ]


def test_a_higher_cap_lifts_the_cut_one_and_lets_the_refused_one_pass():
    assert [(one.shift, one.after) for one in after(three(), TWICE)] == [
        (None, Decimal("200000.00")),
        ("more", Decimal("200000.00")),
        ("passes", Decimal("200000.00")),
    ]


def test_a_lower_cap_refuses_the_second_with_the_clause():
    first, second, _ = after(three(), HALF)
    assert (first.shift, first.after) == ("less", Decimal("150000.00"))
    assert (second.shift, [finding.code for finding in second.findings]) == ("fails", ["cap.exhausted"])


def test_another_enterprise_begins_with_a_cap_of_its_own():
    rows = [past("0.00"), past("0.00", voucher=2, enterprise=2)]
    assert [one.after for one in after(rows, HALF)] == [Decimal("150000.00")] * 2


@pytest.mark.parametrize(
    ("fell", "used", "left"),
    [
        (DAY - timedelta(days=1), "100000.00", "200000.00"),
        (DAY + timedelta(days=1), "200000.00", "250000.00"),
    ],
)
def test_one_that_had_fallen_away_by_then_counts_no_more_and_one_that_fell_later_does(
    fell: datetime, used: str, left: str
):
    """Under a lower cap of its item the first takes 150,000 less. That helps the second only if the first still stood
    when the second was fixed; what else was used of the cap stays used."""
    second = past(used, voucher=2, item=structs.replace(ITEM, number=2, cap=Decimal("250000.00")))
    items = {1: structs.replace(ITEM, cap=Decimal("50000.00"))}
    _, found = after([past("0.00", fell=fell, counted=False), second], NOW, items)
    assert found.after == Decimal(left)


def test_one_not_decided_yet_has_nothing_before_it():
    rows = [past("0.00"), past("0.00", voucher=2, decided=False, fixed=None)]
    assert [one.after for one in after(rows, TWICE)] == [Decimal("200000.00")] * 2


def test_an_item_that_is_gone_fails():
    found = Trial(NOW, NOW, {}, closed=True).take(past("0.00"))
    assert (found.shift, [finding.code for finding in found.findings]) == ("fails", ["item.unknown"])
