"""Counting: late, repeated and reordered data give the same state."""

import json
import random
import sys
import zlib
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from monitoring.domain import fold
from monitoring.models import Batch, BatchReceipt, DeviceDay, UserDay
from monitoring.rules import minute_map
from monitoring.rules.columns import of_rows
from monitoring.rules.payload import count, count_payload, pack, unpack
from tests.monitoring import client, world
from tests.monitoring.world import AT

DAY = date(2020, 11, 9)


def _state():
    return sorted(
        (row.device_id, row.day, bytes(row.minutes), row.minute_count, row.readings, tuple(row.addresses))
        for row in DeviceDay.objects.all()
    )


def test_a_working_day_becomes_one_device_day(reference, post):
    machine = world.monitored(devices=1)
    records = client.working_day(machine.devices, DAY, first_hour=8, hours=9)
    post(machine.key, "b-1", records)
    fold(at=AT)
    row = DeviceDay.objects.get()
    assert (row.device_id, row.day, row.minute_count, row.readings) == (machine.devices[0], DAY, 9 * 60, 108)
    assert minute_map.minutes_in(bytes(row.minutes)) == list(range(8 * 60, 17 * 60, 5))
    assert row.addresses == ["192.0.2.7"]


def test_a_night_shift_is_split_at_midnight_in_shanghai(reference, post):
    machine = world.monitored(devices=1)
    post(machine.key, "b-1", client.working_day(machine.devices, DAY, first_hour=22, hours=8))
    fold(at=AT)
    found = DeviceDay.objects.order_by("day").values_list("day", "minute_count")
    assert list(found) == [(DAY, 120), (DAY + timedelta(days=1), 360)]


def test_folding_again_changes_nothing(reference, post):
    machine = world.monitored(devices=3)
    post(machine.key, "b-1", client.working_day(machine.devices, DAY))
    fold(at=AT)
    before = _state()
    assert fold(at=AT).batches == 0
    assert _state() == before


def test_order_repetition_and_delay_of_batches_do_not_matter(reference, post, seed):
    first, second = world.monitored(1, devices=2), world.monitored(2, devices=2)
    dice = random.Random(seed)
    batches = [
        (f"b-{step}", step, hour) for step in range(4) for hour in (8, 12)
    ]  # two overlapping deliveries a day for four days

    def send(made, order, *, fold_between):
        for batch_id, step, hour in order:
            records = client.working_day(made.devices, DAY - timedelta(days=step), first_hour=hour, hours=6)
            post(made.key, f"{batch_id}-{hour}", records)
            if fold_between:
                fold(at=AT)
        fold(at=AT)

    send(first, batches, fold_between=True)
    send(second, dice.sample(batches * 3, k=len(batches) * 3), fold_between=False)
    states = {1: [], 2: []}
    for name, *rest in _state():
        states[int(name[2])].append((name[3:], *rest))
    assert states[1] == states[2]


def test_a_fold_that_dies_half_way_leaves_nothing_and_can_be_repeated(reference, post, monkeypatch):
    machine = world.monitored(devices=2)
    post(machine.key, "b-1", client.working_day(machine.devices, DAY))

    class Killed(BaseException):
        pass

    def die(*_, **__):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(sys.modules["monitoring.domain.activity_rows"], "_merged", die)
        with pytest.raises(Killed):
            fold(at=AT)
    assert (DeviceDay.objects.count(), Batch.objects.filter(folded_at=None).count()) == (0, 1)
    fold(at=AT)
    assert (DeviceDay.objects.count(), Batch.objects.filter(folded_at=None).count()) == (2, 0)


def test_users_are_counted_with_the_modules_they_used(reference, post):
    machine = world.monitored(item=6, devices=0, modules=("计划管理", "品质管理"))
    records = [
        {"user": "u1", "at": "2020-11-09T09:00:00+08:00", "module": "计划管理"},
        {"user": "u1", "at": "2020-11-09T09:01:00+08:00", "module": "品质管理", "count": 4},
    ]
    post(machine.key, "b-1", records)
    fold(at=AT)
    row = UserDay.objects.get()
    assert (row.modules, row.readings, row.minute_count) == (["品质管理", "计划管理"], 5, 5)


def test_an_account_is_one_pseudonym_in_its_voucher_and_another_one_elsewhere(reference, post):
    """T18/5.4.12: the account itself is kept nowhere."""
    modules = ("计划管理", "品质管理")
    first, second = (world.monitored(serial, item=6, devices=0, modules=modules) for serial in (1, 2))
    for made, batch_id in ((first, "b-1"), (first, "b-2"), (second, "b-1")):
        post(made.key, batch_id, [{"user": "zhang.san", "at": f"2020-11-0{batch_id[2]}T09:00:00+08:00"}])
    post(first.key, "b-3", [{"user": "zhang.san", "at": "2020-11-09T09:00:00"}])  # rejected: no zone
    fold(at=AT)
    names = {made.voucher.pk: set(UserDay.objects.filter(voucher=made.voucher).values_list("user", flat=True))
             for made in (first, second)}  # fmt: skip
    assert [len(found) for found in names.values()] == [1, 1]
    assert names[first.voucher.pk] != names[second.voucher.pk]
    kept = [*UserDay.objects.values(), *BatchReceipt.objects.values()]
    kept += [unpack(bytes(payload)) for payload in Batch.objects.values_list("payload", flat=True)]
    assert "zhang.san" not in repr(kept)


def test_the_database_keeps_minutes_and_count_within_a_day(reference):
    machine = world.monitored(devices=1)
    row = DeviceDay(
        voucher=machine.voucher,
        source_kind="supplier_push",
        day=DAY,
        device_id="X",
        minutes=minute_map.EMPTY,
        minute_count=1441,
        readings=0,
    )
    with pytest.raises(Exception, match="device_day_fits_a_day"), transaction.atomic():
        row.save()


# -- the merge itself -------------------------------------------------------------------------------------------------

ROWS = st.lists(
    st.tuples(
        st.just("d"),
        st.sampled_from(["A", "B"]),
        st.integers(26_000_000, 26_004_000),
        st.integers(1, 1440),
        st.sampled_from(["", "192.0.2.1", "192.0.2.2"]),
        st.sampled_from(["", "实时产量"]),
        st.integers(1, 3),
    ),
    max_size=30,
)


def _maps(states):
    return {
        key: (state.minutes(), frozenset(state.addresses), frozenset(state.modules)) for key, state in states.items()
    }


@given(ROWS, st.randoms(use_true_random=False))
def test_counting_does_not_depend_on_order_or_repetition(rows, dice):
    shuffled = rows * 3
    dice.shuffle(shuffled)
    assert _maps(count(shuffled)) == _maps(count(rows))


@given(ROWS, ROWS)
def test_counting_in_parts_and_merging_equals_counting_at_once(one, other):
    together = {key: state.minutes() for key, state in count([*one, *other]).items()}
    parts = [{key: state.minutes() for key, state in count(rows).items()} for rows in (one, other)]
    merged = {
        key: minute_map.merge(parts[0].get(key, minute_map.EMPTY), parts[1].get(key, minute_map.EMPTY))
        for key in {**parts[0], **parts[1]}
    }
    assert merged == together


@given(ROWS)
def test_a_payload_unpacks_to_what_was_packed(rows):
    assert unpack(pack(of_rows(rows))) == rows


@given(ROWS)
def test_a_payload_as_it_was_kept_at_first_is_read_too(rows):
    columns = of_rows(rows)
    first = min((row[2] for row in rows), default=0)
    told = {"first": first, "minutes": [row[2] - first for row in rows], "subjects": columns.subjects.tolist()}
    told |= {name: getattr(columns, name).tolist() for name in ("addresses", "modules")}
    told |= {name: _once(getattr(columns, name).tolist()) for name in ("spans", "counts")}
    told["names"] = [list(names) for names in (columns.subject_names, columns.address_names, columns.module_names)]
    assert unpack(zlib.compress(json.dumps(told).encode())) == rows


def _once(column):
    return column[0] if len(set(column)) == 1 else column


@given(ROWS, st.booleans())
def test_a_payload_is_counted_like_its_rows(rows, plain):
    rows = [(*row[:3], 1, "", "", row[6]) for row in rows] if plain else rows
    states = {}
    assert count_payload(pack(of_rows(rows)), states) == len(rows)
    expected = count(rows)
    assert _maps(states) == _maps(expected)
    assert {key: state.readings for key, state in states.items()} == {k: s.readings for k, s in expected.items()}


@given(st.sets(st.integers(0, 1439)), st.sampled_from([1, 2, 5, 15, 60]))
def test_active_minutes_count_whole_slots(minutes, slot):
    day_map = minute_map.of_minutes(minutes)
    assert minute_map.active_minutes(day_map, slot) == len({minute // slot for minute in minutes}) * slot
    assert minute_map.minutes_in(day_map) == sorted(minutes)
