"""Work is left behind with the command, or not at all."""

import time
from datetime import timedelta

import pytest
from django.db import transaction

from platform_site.kit.command import command
from platform_site.outbox.domain import enqueue, sweep
from platform_site.outbox.models import Job
from platform_site.outbox.queries import oldest_open, open_jobs
from tests.accounts.people import AT
from tests.outbox.conftest import Broker

MINUTE = timedelta(minutes=1)
PATIENCE = 3.0  # seconds a person may be kept by a silent broker


@command
def leave(*, number: int = 1) -> Job:
    job = enqueue(task="tests.work", kwargs={"number": number}, at=AT)
    assert job is not None
    return job


@command
def leave_once(occasion: str, number: int = 1) -> Job | None:
    return enqueue(task="tests.work", kwargs={"number": number}, at=AT, unique=occasion)


@command
def leave_and_fail() -> None:
    leave()
    raise ZeroDivisionError


@pytest.mark.django_db
def test_work_is_written_with_its_arguments() -> None:
    leave(number=5)
    assert list(Job.objects.values_list("task", "kwargs", "created_at", "done_at", "failures")) == [
        ("tests.work", {"number": 5}, AT, None, 0)
    ]


@pytest.mark.django_db
def test_work_goes_when_its_command_is_taken_back() -> None:
    with pytest.raises(ZeroDivisionError):
        leave_and_fail()
    assert Job.objects.count() == 0


@pytest.mark.django_db
def test_one_occasion_makes_one_job_even_with_other_arguments() -> None:
    first, second = leave_once("2020-10-08", 1), leave_once("2020-10-08", 2)
    assert (second, [job.kwargs for job in Job.objects.all()]) == (None, [{"number": 1}])
    assert first == Job.objects.get()


@pytest.mark.django_db
def test_another_occasion_and_no_occasion_make_jobs_of_their_own() -> None:
    for unique in ("2020-10-08", "2020-10-09", "", ""):
        leave_once(unique)
    assert open_jobs() == 4


@pytest.mark.django_db
def test_the_operator_sees_how_old_the_oldest_open_job_is() -> None:
    assert oldest_open(AT) == 0.0
    leave()
    assert oldest_open(AT + timedelta(minutes=2)) == 120.0


def test_the_doorbell_rings_after_the_commit_and_not_before(fresh_database: None, broker: Broker) -> None:
    with transaction.atomic():
        job = leave()
        before = broker.rung()
    assert (before, broker.rung()) == ([], [job.pk])


def test_a_command_that_is_taken_back_does_not_ring(fresh_database: None, broker: Broker) -> None:
    with pytest.raises(ZeroDivisionError):
        leave_and_fail()
    assert broker.rung() == []


def test_a_job_that_was_just_rung_is_not_offered_again_by_the_next_sweep(fresh_database: None, broker: Broker) -> None:
    job = leave()
    assert (sweep(at=AT + MINUTE), broker.rung()) == (0, [job.pk])


def test_a_job_that_nobody_took_is_offered_again(fresh_database: None, broker: Broker) -> None:
    job = leave()
    assert [sweep(at=AT + 12 * MINUTE), sweep(at=AT + 13 * MINUTE)] == [1, 0]
    assert broker.rung() == [job.pk, job.pk]


def test_a_broker_that_is_down_neither_stops_the_command_nor_loses_the_job(
    fresh_database: None, broker: Broker
) -> None:
    broker.goes_down()
    began = time.monotonic()
    job = leave()
    assert time.monotonic() - began < PATIENCE
    assert list(Job.objects.values_list("pk", "offered_at", "done_at")) == [(job.pk, None, None)]


def test_the_sweep_ends_at_a_silent_broker_and_offers_everything_when_it_is_back(
    fresh_database: None, broker: Broker
) -> None:
    broker.goes_down()
    jobs = [leave(number=number) for number in range(3)]
    while_down = sweep(at=AT + MINUTE)
    broker.comes_back()
    assert (while_down, sweep(at=AT + 2 * MINUTE), sweep(at=AT + 3 * MINUTE)) == (0, 3, 0)
    assert broker.rung() == [job.pk for job in jobs]
