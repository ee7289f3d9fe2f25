"""However often, in whatever order and however late batches come, and whenever they are counted: one and the same state."""

from datetime import date, timedelta
from functools import cache
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring.domain import SignedRequest, fold, ingest
from monitoring.models import Batch, BatchReceipt, DeviceDay
from monitoring.rules.signature import sign
from tests.monitoring import client, world
from tests.monitoring.world import AT, SYSTEM, Monitored

FIRST = date(2020, 11, 2)
USUAL_DELAY = timedelta(hours=12)
BATCHES = 6


@cache
def _bodies(devices):
    """Overlapping deliveries of both machines over three days."""
    plans = [(step // 2, 8 + step % 2 * 3) for step in range(BATCHES)]
    return [
        client.body(f"b-{index}", client.working_day(devices, FIRST + timedelta(days=day), first_hour=hour, hours=6))
        for index, (day, hour) in enumerate(plans)
    ]


def _send(made: Monitored, index: int, at) -> None:
    body = _bodies(made.devices)[index]
    timestamp, nonce = str(int(at.timestamp())), uuid4().hex
    request = SignedRequest(
        made.key[0], timestamp, nonce, sign(made.key[1], timestamp, nonce, body), body, gzipped=True
    )
    ingest(request=request, by=SYSTEM, at=at)


def _state():
    days = DeviceDay.objects.order_by("device_id", "day")
    return [(row.device_id, row.day, bytes(row.minutes), row.minute_count, row.readings, row.addresses) for row in days]


# Which batch, how many usual delays late, and whether what waits is counted afterwards.
DELIVERY = st.tuples(st.integers(0, BATCHES - 1), st.integers(0, 10), st.booleans())


@pytest.fixture
def machines(reference):
    return world.monitored(devices=2)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(extra=st.lists(DELIVERY, max_size=10), delays=st.lists(st.integers(0, 10), min_size=BATCHES, max_size=BATCHES),
       order=st.randoms(use_true_random=False))  # fmt: skip
def test_duplicated_reordered_and_delayed_ten_times_ends_in_the_same_state(machines, extra, delays, order):
    deliveries = [(index, delay, False) for index, delay in enumerate(delays)] + extra
    order.shuffle(deliveries)
    with transaction.atomic():
        for index in range(BATCHES):
            _send(machines, index, AT)
        fold(at=AT)
        straight = _state()
        transaction.set_rollback(True)
    with transaction.atomic():
        for index, delay, counted in deliveries:
            at = AT + delay * USUAL_DELAY
            _send(machines, index, at)
            if counted:
                fold(at=at)
        fold(at=AT + 10 * USUAL_DELAY)
        assert _state() == straight
        assert BatchReceipt.objects.filter(repeat_of=None).count() == BATCHES
        assert BatchReceipt.objects.exclude(repeat_of=None).count() == len(extra)
        assert Batch.objects.filter(folded_at=None).count() == 0
        transaction.set_rollback(True)
