"""How well the signs tell planted cheats from honest factories, on whole fleets through the real queries.

Floors: of each kind nine in ten are found (in a small fleet all but one); of the honest fewer than one in a hundred has
any sign.
"""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from monitoring.domain import simulate_fleet
from monitoring.models import DayPrint, DeviceDay, Mark, Sign, UserDay
from monitoring.rules.fleet_score import FleetScore
from tests.monitoring.world import AT, SYSTEM
from vouchers.models import Voucher

MOST_FALSE = 0.01


def _holds(score: FleetScore, least_recall: float) -> None:
    weak = {str(one.kind): one.recall for one in score.signs if one.recall < least_recall}
    assert weak == {}
    assert score.honest_alarmed / score.honest < MOST_FALSE


@pytest.mark.parametrize(("vouchers", "least_recall"), [(90, 5 / 6), pytest.param(2000, 0.9, marks=pytest.mark.soak)])
def test_cheats_are_found_and_honest_factories_are_left_alone(reference, seed, vouchers, least_recall, record_property):
    run = simulate_fleet(vouchers=vouchers, seed=str(seed % 10**8), by=SYSTEM, at=AT)
    record_property("score", run.score.as_dict())
    assert run.days == DeviceDay.objects.count() + UserDay.objects.count()
    assert Sign.objects.values("voucher").distinct().count() == run.score.honest_alarmed + run.score.cheats_found
    _holds(run.score, least_recall)


def test_the_command_prints_both_rates_and_takes_everything_back(reference):
    written, kept = io.StringIO(), (Sign, Mark, DayPrint, DeviceDay, Voucher)
    before = [model.objects.count() for model in kept]
    with transaction.atomic():
        call_command("simulate_fleet", vouchers=54, days=21, seed="x1", json=True, stdout=written)
    figures = json.loads(written.getvalue())
    assert [row["planted"] for row in figures["signs"]] == [6] * 9
    assert (figures["cheats"], figures["honest"], figures["vouchers"]) == (54, 0, 54)
    assert [model.objects.count() for model in kept] == before


def test_two_fleets_are_kept_beside_each_other_and_one_seed_only_once(reference):
    for seed in ("k1", "k2"):
        run = simulate_fleet(vouchers=54, seed=seed, days=21, by=SYSTEM, at=AT)
        assert run.score.cheats_found == 48  # in three weeks nobody can be seen to stop after the payment
    assert Voucher.objects.count() == 108
    with pytest.raises(CommandError, match="kept already"):
        call_command("simulate_fleet", vouchers=54, seed="k1", days=21)


def test_too_few_vouchers_and_odd_seeds_are_refused_plainly(reference):
    with pytest.raises(CommandError, match="54"):
        call_command("simulate_fleet", vouchers=20)
    with pytest.raises(CommandError, match="eight"):
        call_command("simulate_fleet", seed="a b")


def test_no_fleet_where_people_really_work(reference, settings):
    settings.CLOCK_MAY_BE_DIALLED = False
    with pytest.raises(CommandError, match="no demonstration"):
        call_command("simulate_fleet")
