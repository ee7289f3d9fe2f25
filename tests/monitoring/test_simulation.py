"""The stand-in suppliers: same records for the same seed, honest shapes, real ingest."""

import io
from datetime import date, timedelta
from functools import partial

import pytest
from django.core.management import CommandError, call_command

from monitoring.connectors import telemetry_client
from monitoring.domain import fold, judge_adoption, simulate_season
from monitoring.models import BatchReceipt, DeviceDay, Verdict
from monitoring.rules.factory_shapes import Plant, day_records, device_ids, runs, slot_records
from tests.monitoring import world
from tests.monitoring.world import AT, SYSTEM

MONDAY = date(2020, 10, 12)
HOLIDAY = date(2020, 10, 5)
PLANT = Plant(
    seed="7",
    devices=device_ids("SY", 60),
    quiet=frozenset(device_ids("SY", 60)[-6:]),
    users=("u1",),
    modules=("实时产量",),
    holidays=frozenset({HOLIDAY}),
)


def _running(day):
    return sum(runs(PLANT, device, day) for device in PLANT.devices)


def test_the_same_plant_day_and_seed_give_the_same_records():
    assert list(day_records(PLANT, MONDAY)) == list(day_records(PLANT, MONDAY))
    assert list(day_records(PLANT, MONDAY)) != list(day_records(PLANT, MONDAY + timedelta(days=1)))


def test_machines_rest_on_sundays_and_holidays():
    monday, saturday, sunday = (_running(MONDAY + timedelta(days=step)) for step in (0, 5, 6))
    assert monday > saturday > sunday > _running(HOLIDAY)


def test_the_records_of_a_slot_are_those_of_its_five_minutes():
    whole = [r for r in day_records(PLANT, AT.date()) if "T10:00" <= r["at"][10:16] < "T10:05"]
    assert slot_records(PLANT, AT + timedelta(minutes=3)) == whole


def test_a_season_of_honest_use_passes_and_quiet_devices_do_not(reference, now):
    made = world.monitored(devices=12, amount="15000.00")
    season = simulate_season(
        source=made.source, first_day=MONDAY, days=31, quiet_devices=2, seed="2020", by=SYSTEM, at=AT
    )
    assert season.rejected == 0
    fold(at=AT)
    verdict = judge_adoption(voucher=made.voucher, at=AT, by=SYSTEM)
    assert (verdict.outcome, verdict.numbers["reached"]) == ("passed", 10)
    worst = [row["subject"] for row in verdict.explanation["rows"][:2]]
    assert sorted(worst) == list(made.devices[-2:])


def test_the_same_season_again_changes_nothing(reference, now):
    made = world.monitored(devices=2, amount="3000.00")
    again = [simulate_season(source=made.source, first_day=MONDAY, days=3, by=SYSTEM, at=AT) for _ in range(2)]
    fold(at=AT)
    assert (again[1].accepted, again[1].known) == (0, again[0].accepted)
    assert sum(DeviceDay.objects.values_list("readings", flat=True)) > 0
    assert BatchReceipt.objects.filter(repeat_of__isnull=False).count() == again[1].batches


def test_the_command_connects_sends_counts_and_judges(reference, now):
    made, written = world.voucher(amount="6000.00"), io.StringIO()
    call_command("simulate_telemetry", voucher=made.voucher.number, days=30, devices=6, quiet_devices=1, stdout=written)
    assert Verdict.objects.count() == 0
    last = "as it stands passed: 已达标; the verdict follows, or now with --judge"
    assert written.getvalue().splitlines()[-1] == last
    call_command(
        "simulate_telemetry", voucher=made.voucher.number, days=30, quiet_devices=1, judge=True, stdout=written
    )
    assert Verdict.objects.get().outcome == "passed"
    assert written.getvalue().splitlines()[-1] == "passed: 已达标"


def test_other_data_for_the_same_days_need_another_seed(reference, now):
    made = world.monitored(devices=3, amount="3000.00")
    send = partial(call_command, "simulate_telemetry", voucher=made.voucher.number, days=2, stdout=io.StringIO())
    send()
    with pytest.raises(CommandError, match="--seed"):
        send(quiet_devices=3)
    send(quiet_devices=3, seed="other")


def test_an_unknown_voucher_is_told_plainly(reference):
    with pytest.raises(CommandError, match="no voucher SQ2020-999999"):
        call_command("simulate_telemetry", voucher="SQ2020-999999")


def test_the_downloaded_client_and_the_stand_in_supplier_send_over_http(site):
    world.reference()
    made = world.monitored(devices=3)
    record = {"device": made.devices[0], "at": int(world.datetime.now(tz=world.UTC).timestamp())}
    status, answer = telemetry_client.send(site.url, *made.key, "c-1", [record])
    assert (status, answer["accepted"]) == (200, 1)
    status, answer = telemetry_client.send(site.url, made.key[0], "0" * 64, "c-2", [record])
    assert (status, answer["findings"][0]["code"]) == (401, "signature.wrong")
    written, errors = io.StringIO(), io.StringIO()
    call_command("fake_supplier", url=site.url, rounds=1, stdout=written, stderr=errors)
    assert errors.getvalue() == ""
