"""The batch log lies in parts by month, which are made ahead and dropped as a whole."""

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from monitoring.domain import expire_payloads, fold
from monitoring.models import Batch, BatchReceipt, DeviceDay
from monitoring.rules.log_parts import AHEAD, KEPT_DAYS, Month, is_over, month_of, wanted
from tests.monitoring import client, world
from tests.monitoring.world import AT

DAY = date(2020, 11, 9)
OVER = date(2020, 12, 1) + timedelta(days=KEPT_DAYS)  # every day of November is past keeping


def _parts():
    """Where the log's rows lie: part and number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text, count(*) FROM monitoring_batch GROUP BY 1 ORDER BY 1")
        return cursor.fetchall()


def _exists(part):
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [part])
        return cursor.fetchone()[0]


@pytest.fixture
def kept(reference, post):
    """One batch in the log."""
    machine = world.monitored(devices=1)
    post(machine.key, "b-1", client.working_day(machine.devices, DAY))
    return machine


def test_a_day_nobody_thought_of_lies_in_the_rest_until_its_part_is_made(kept, post):
    assert _parts() == [("monitoring_batch_rest", 1)]
    expire_payloads(at=AT)
    assert _parts() == [("monitoring_batch_2020_11", 1)]
    post(kept.key, "b-2", client.working_day(kept.devices, DAY - timedelta(days=1)))
    assert _parts() == [("monitoring_batch_2020_11", 2)]
    assert fold(at=AT).batches == 2


def test_months_ahead_are_made_before_they_are_needed(kept):
    expire_payloads(at=AT)
    months = [Month(2020, 11), Month(2020, 12), Month(2021, 1), Month(2021, 2)]
    assert [month for month in months if not _exists(f"monitoring_batch_{month.suffix}")] == []
    assert not _exists("monitoring_batch_2021_03")


def test_a_part_goes_when_its_last_day_is_past_keeping_and_receipts_and_days_stay(kept):
    fold(at=AT)
    before = AT + (OVER - timedelta(days=1) - AT.date()) * 1
    assert (expire_payloads(at=before), Batch.objects.count()) == (0, 1)
    assert expire_payloads(at=before + timedelta(days=1)) == 1
    assert (_exists("monitoring_batch_2020_11"), Batch.objects.count()) == (False, 0)
    assert (BatchReceipt.objects.count(), DeviceDay.objects.count()) == (1, 1)


def test_a_part_with_a_batch_that_was_not_counted_is_kept(kept):
    later = AT + timedelta(days=KEPT_DAYS + 60)
    assert (expire_payloads(at=later), Batch.objects.count()) == (0, 1)
    fold(at=later)
    assert (expire_payloads(at=later), Batch.objects.count()) == (1, 0)


def test_making_parts_again_changes_nothing(kept):
    expire_payloads(at=AT)
    assert expire_payloads(at=AT) == 0
    assert _parts() == [("monitoring_batch_2020_11", 1)]


@given(st.dates(date(2018, 1, 1), date(2035, 1, 1)), st.sets(st.dates(date(2018, 1, 1), date(2035, 1, 1)), max_size=5))
def test_every_day_for_the_next_months_and_every_stray_has_a_month(today, strays):
    months = wanted(today, strays)
    assert months == sorted(set(months))
    ahead = {month_of(today + timedelta(days=step)) for step in range(28 * AHEAD)}
    assert ahead | {month_of(day) for day in strays} <= set(months)


@given(st.dates(date(2018, 1, 1), date(2035, 1, 1)), st.integers(0, 800))
def test_no_day_is_dropped_before_its_time(day, age):
    today = day + timedelta(days=age)
    assert not (is_over(month_of(day), today) and age < KEPT_DAYS)
    assert is_over(month_of(day), today) or age < KEPT_DAYS + 31
