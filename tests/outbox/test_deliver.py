"""Work is carried out once, or it stays open and says why."""

import threading
from datetime import timedelta

import pytest

from platform_site.audit.models import Entry
from platform_site.kit.command import command
from platform_site.outbox.domain import deliver, deliver_all, enqueue, handles, sweep
from platform_site.outbox.domain.deliver import GIVE_UP_AFTER, REOFFER_AFTER
from platform_site.outbox.models import Job
from tests.accounts.people import AT
from tests.kit.threads import all_at_once
from tests.outbox.conftest import Broker, Handlers, leave_a_trace

LATER = AT + timedelta(minutes=5)


@command
def leave(task: str = "tests.work", number: int = 1) -> Job:
    job = enqueue(task=task, kwargs={"number": number}, at=AT)
    assert job is not None
    return job


def fail(*, number: int) -> None:
    leave_a_trace(number)
    raise ZeroDivisionError("nothing to divide by")


def work(*, number: int) -> None:
    leave_a_trace(number)


def traces() -> list[str]:
    return list(Entry.objects.filter(event="tests.handled").order_by("id").values_list("subject_id", flat=True))


@pytest.mark.django_db
def test_a_job_that_is_told_twice_is_carried_out_once(register: Handlers) -> None:
    register("tests.work", work)
    job = leave(number=3)
    assert [deliver(job_id=job.pk, at=LATER), deliver(job_id=job.pk, at=LATER)] == [True, False]
    assert (traces(), Job.objects.get().done_at) == (["3"], LATER)


@pytest.mark.django_db
def test_a_job_that_is_not_there_is_not_carried_out() -> None:
    assert deliver(job_id=0, at=LATER) is False


def test_two_workers_told_at_once_carry_it_out_once(fresh_database: None, broker: Broker, register: Handlers) -> None:
    inside, other_came = threading.Event(), threading.Event()

    def slow(*, number: int) -> None:
        leave_a_trace(number)
        inside.set()
        other_came.wait(10)

    register("tests.work", slow)
    job = leave(number=3)

    def other() -> bool:
        inside.wait(10)
        done = deliver(job_id=job.pk, at=LATER)
        other_came.set()
        return done

    assert all_at_once(lambda: deliver(job_id=job.pk, at=LATER), other) == [True, False]
    assert traces() == ["3"]


@pytest.mark.django_db
def test_a_handler_that_fails_leaves_the_job_open_and_nothing_else(register: Handlers) -> None:
    register("tests.work", fail)
    job = leave()
    with pytest.raises(ZeroDivisionError):
        deliver(job_id=job.pk, at=LATER)
    assert list(Job.objects.values_list("done_at", "failures", "last_error")) == [
        (None, 1, "ZeroDivisionError('nothing to divide by')")
    ]
    assert traces() == []


@pytest.mark.django_db
def test_a_job_that_failed_succeeds_when_the_cause_is_gone(register: Handlers) -> None:
    broken = [True]

    def mended_later(*, number: int) -> None:
        if broken:
            fail(number=number)
        work(number=number)

    register("tests.work", mended_later)
    job = leave(number=4)
    with pytest.raises(ZeroDivisionError):
        deliver(job_id=job.pk, at=LATER)
    broken.clear()
    assert deliver(job_id=job.pk, at=LATER) is True
    assert (traces(), Job.objects.get().failures) == (["4"], 1)


@pytest.mark.django_db
def test_a_job_with_a_name_that_nobody_handles_stays_open_and_says_so() -> None:
    job = leave("tests.nobody")
    with pytest.raises(KeyError):
        deliver(job_id=job.pk, at=LATER)
    assert list(Job.objects.values_list("failures", "last_error")) == [(1, "KeyError('tests.nobody')")]


def test_two_handlers_of_one_name_are_a_programming_error(register: Handlers) -> None:
    register("tests.work", work)
    with pytest.raises(ValueError, match=r"tests\.work"):
        handles("tests.work")(fail)


@pytest.mark.django_db
def test_what_failed_is_offered_again_after_longer_and_longer_pauses(broker: Broker) -> None:
    job = leave()
    Job.objects.update(failures=2, offered_at=AT)
    offered = [sweep(at=AT + times * REOFFER_AFTER + timedelta(seconds=1)) for times in (1, 2, 3)]
    assert (offered, broker.rung()) == ([0, 0, 1], [job.pk])


@pytest.mark.django_db
def test_what_failed_too_often_waits_for_the_operator(broker: Broker) -> None:
    leave()
    Job.objects.update(failures=GIVE_UP_AFTER, offered_at=None)
    assert (sweep(at=LATER), deliver_all(at=LATER), broker.rung()) == (0, 0, [])


@pytest.mark.django_db
def test_a_finished_job_is_never_offered_again(broker: Broker, register: Handlers) -> None:
    register("tests.work", work)
    deliver(job_id=leave().pk, at=LATER)
    assert (sweep(at=AT + 30 * REOFFER_AFTER), broker.rung()) == (0, [])


@pytest.mark.django_db
def test_everything_open_can_be_carried_out_here_and_now_also_what_it_leaves_behind(register: Handlers) -> None:
    def chain(*, number: int) -> None:
        leave_a_trace(number)
        if number < 3:
            leave(number=number + 1)

    register("tests.work", chain)
    leave(number=1)
    assert (deliver_all(at=LATER), traces()) == (3, ["1", "2", "3"])


def test_carrying_everything_out_ends_when_others_hold_the_rest(
    fresh_database: None, broker: Broker, register: Handlers
) -> None:
    inside, other_came = threading.Event(), threading.Event()

    def slow(*, number: int) -> None:
        inside.set()
        other_came.wait(10)

    register("tests.work", slow)
    job = leave()

    def other() -> int:
        inside.wait(10)
        done = deliver_all(at=LATER)
        other_came.set()
        return done

    assert all_at_once(lambda: deliver(job_id=job.pk, at=LATER), other) == [True, 0]
