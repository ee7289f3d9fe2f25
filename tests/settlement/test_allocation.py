"""The window query of settlement and the pure rule say the same for whatever waits."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from settlement.models import Redemption
from settlement.queries.allocation import allocation, waiting_for_money
from settlement.rules.order import CARRIED_OVER, EXCELLENT, OTHER, PILOT, Candidate, settle_within
from suppliers.models import Supplier
from tests.settlement.many import FIRST, copy_redemptions
from tests.settlement.world import Case, payable
from tests.vouchers.world import make_supplier

NUMBER = 120
ORDERS = (
    (CARRIED_OVER, PILOT, EXCELLENT, OTHER),
    (PILOT, CARRIED_OVER),
    (OTHER, PILOT),
    (EXCELLENT, OTHER, CARRIED_OVER, PILOT),
    (),
)


@pytest.fixture
def waiting(case: Case):
    """Many that wait, of all classes, with amounts, times and numbers that often are equal."""
    payable(case)
    model = Redemption.objects.select_related("voucher").get(pk=case.redemption.pk)
    world = case.world
    excellent, _ = make_supplier(world.officer, world.approver, world.at)
    Supplier.objects.filter(pk=excellent.pk).update(priority=True)
    copy_redemptions(model, NUMBER, excellent.pk)
    return Redemption.objects.filter(pk__gt=FIRST)


def shuffle(waiting, chance: random.Random) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for row in list(waiting.select_related("voucher")):
            cursor.execute(
                "UPDATE settlement_redemption SET claimed_amount = %s, approved_amount = %s, bonus_amount = %s,"
                " matching_amount = %s, submitted_at = %s, carried_over_at = %s WHERE id = %s",
                [
                    Decimal("10500.00"),
                    Decimal(chance.choice([0, 1, 700, 10_500])),
                    Decimal(chance.choice([0, 0, 0, 100_000])),
                    Decimal(chance.choice([0, 0, 50])),
                    row.submitted_at.replace(microsecond=0) + timedelta(seconds=chance.randrange(20)),
                    row.submitted_at if chance.random() < 0.2 else None,
                    row.pk,
                ],
            )
            cursor.execute(
                "UPDATE vouchers_voucher SET pilot_id = %s WHERE id = %s",
                [1 if chance.random() < 0.2 else None, row.voucher_id],
            )
        cursor.execute("SET session_replication_role = DEFAULT")


def candidate_of(row: Redemption) -> Candidate:
    return Candidate(
        redemption_id=row.pk,
        submitted_at=row.submitted_at,
        sequence=row.voucher.sequence or 0,
        total=row.total_amount,
        carried_over=row.carried_over_at is not None,
        pilot=row.voucher.pilot_id is not None,
        excellent=row.voucher.supplier.priority,
    )


def test_both_give_the_same_order_class_and_reach_for_any_order_and_budget(waiting, seed: int):
    """D/9 S19/7.2"""
    chance = random.Random(seed)
    for order in ORDERS:
        shuffle(waiting, chance)
        budget = Decimal(chance.choice([0, 5_000, 200_000, 900_000, 10**9]))
        rows = waiting.select_related("voucher__supplier")
        ruled = {
            place.candidate.redemption_id: (place.order_no, place.priority, place.fits)
            for place in settle_within([candidate_of(row) for row in rows], order, budget)
        }
        asked = {row[0]: (row[1], row[2], row[7]) for row in allocation(waiting, order, budget)}
        assert asked == ruled


def test_an_unknown_class_is_an_error_in_both(waiting):
    for call in (lambda: settle_within([], ("x",), Decimal(1)), lambda: allocation(waiting, ("x",), Decimal(1))):
        with pytest.raises(ValueError, match="unknown classes"):
            call()


def test_who_is_barred_from_money_is_left_out(case: Case, waiting):
    """S19/7.5.1"""
    everything = waiting_for_money("440600", case.world.period.pk, case.at)
    assert everything.count() == NUMBER + 1
