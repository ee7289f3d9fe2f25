"""Everything at once on PostgreSQL: nothing oversold, nobody overtaken, nothing lost. With the protection off the same
suite sees the violations, so it would see ours."""

import random
import time
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.db import transaction

from platform_site.kit import clock
from platform_site.kit.fsm import perform
from tests.concurrency.judge import Replay, violations
from tests.concurrency.processes import run_in_processes
from tests.concurrency.race import BUSY, Race, make_race, run
from vouchers.models import QuotaBalance, QuotaEvent, Voucher

CLIENTS, EACH = 6, 10
SOAK_CLIENTS, SOAK_EACH, SOAK_SEEDS = 200, 50, 20
NONE = dict.fromkeys(
    (
        "over_allocated",
        "under_filled",
        "lost",
        "doubled",
        "inversions",
        "out_of_rule",
        "ledger",
        "over_cap",
        "undecided",
    ),
    0,
)


def judged(race: Race) -> dict[str, int]:
    return violations(race.crowd.world.period, race.acknowledged)


@pytest.mark.parametrize("turn", range(2))
def test_a_race_leaves_no_violation(fresh_database: None, seed: int, turn: int):
    race = run(make_race(clients=CLIENTS, each=EACH, seed=seed + turn), clients=CLIENTS)
    assert (race.failed, race.deadlocks, race.refused[BUSY]) == ([], 0, 0)
    assert len(race.acknowledged) + sum(race.refused.values()) >= CLIENTS * EACH
    assert judged(race) == NONE


@pytest.mark.soak
@pytest.mark.parametrize("turn", range(SOAK_SEEDS))
def test_two_hundred_clients_with_fifty_applications_each(fresh_database: None, seed: int, turn: int):
    race = run_in_processes(make_race(clients=SOAK_CLIENTS, each=SOAK_EACH, seed=seed + turn), clients=SOAK_CLIENTS)
    assert (race.failed, race.deadlocks) == ([], 0)
    assert len(race.acknowledged) == SOAK_CLIENTS * SOAK_EACH  # "busy" may be said to 200 clients, and they press again
    assert judged(race) == NONE
    assert min(race.done[what] for what in ("withdrawn", "refused", "transferred")) > 0


def test_the_judge_sees_who_was_passed_over_and_who_was_served_out_of_turn(fresh_database: None, seed: int):
    race = run(make_race(clients=CLIENTS, each=EACH, seed=seed), clients=CLIENTS)
    period = race.crowd.world.period
    moved = Replay(period).moved()
    events = QuotaEvent._default_manager.filter(period=period, kind="arrive").select_related("decision", "voucher")
    served = next(one for one in events if one.decision.outcome == "served" and one.pk in moved)
    waiting = next(one for one in events.order_by("-pk") if one.decision.outcome == "waiting" and one.pk not in moved)
    amount = Decimal(waiting.decision.detail["amount"])
    lines = [
        {"dimension": name, "kind": "reserve", "amount": amount, "voucher": waiting.voucher_id}
        for name in (f"city:{waiting.voucher.city_id}", f"supplier:{waiting.voucher.quota_supplier_id}")
    ]
    without = [line for line in moved[served.pk] if line["kind"] != "reserve"]
    tampered = {"as it was": moved, "over": moved | {served.pk: without}, "out of turn": moved | {waiting.pk: lines}}
    faults = {name: Replay(period, told=told).faults() for name, told in tampered.items()}
    assert faults["as it was"] == 0
    assert min(faults["over"], faults["out of turn"]) > 0


# -- the same with the protection off ----------------------------------------------------------------------------------


def slow_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writers differ in how long they take from reading the clock to the commit: that is what overtaking needs."""

    def slowly(obj: Any, verb: str, **more: Any) -> Any:
        time.sleep(random.random() / 20)
        return perform(obj, verb, **more)

    monkeypatch.setattr("vouchers.domain.arrive.perform", slowly)


def test_slow_writers_are_waited_for(fresh_database: None, seed: int, monkeypatch: pytest.MonkeyPatch):
    slow_commit(monkeypatch)
    race = run(make_race(clients=CLIENTS, each=EACH, seed=seed), clients=CLIENTS)
    assert (race.failed, race.refused[BUSY]) == ([], 0)
    assert judged(race) == NONE


def test_without_arrival_lock_and_horizon_later_ones_are_decided_first(
    fresh_database: None, seed: int, monkeypatch: pytest.MonkeyPatch
):
    slow_commit(monkeypatch)
    monkeypatch.setattr("vouchers.domain.events._SHARE", "SELECT %s, %s")
    monkeypatch.setattr(import_module("vouchers.domain.allocate"), "horizon", lambda _: clock.now())
    race = run(make_race(clients=CLIENTS, each=EACH, seed=seed), clients=CLIENTS)
    found = judged(race)
    assert found["inversions"] + found["undecided"] > 0


def test_submitters_who_read_and_then_write_the_balance_oversell(
    fresh_database: None, seed: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("vouchers.domain.prepare.drain_queue", lambda **_: None)
    monkeypatch.setattr("vouchers.domain.prepare.receipt_of", decide_at_once)
    race = make_race(clients=CLIENTS, each=EACH, seed=seed)
    monkeypatch.setattr(import_module("vouchers.domain.allocate"), "lead", lambda _: False)  # nobody allocates
    for others in ("_city", "_province"):
        monkeypatch.setattr(f"tests.concurrency.race.{others}", lambda *_: None)
    run(race, clients=CLIENTS, leader=False)
    assert judged(race)["over_allocated"] > 0


def decide_at_once(voucher_id: int) -> None:
    """What stands in many systems: look whether enough is left, then take it."""
    with transaction.atomic():
        voucher = Voucher._default_manager.get(pk=voucher_id)
        if voucher.state != "arrived":
            return
        balance = QuotaBalance._default_manager.get(dimension=f"city:{voucher.city_id}")
        if balance.available < voucher.prepared_amount:
            return
        time.sleep(0.1)
        QuotaBalance._default_manager.filter(pk=balance.pk).update(reserved=balance.reserved + voucher.prepared_amount)
        voucher.amount, voucher.sequence = Decimal(voucher.prepared_amount), voucher.pk
        perform(voucher, "serve", at=clock.now(), save=["amount", "sequence"])
