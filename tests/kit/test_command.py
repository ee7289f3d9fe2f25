"""A command is one transaction under one operation id, whatever it calls."""

import uuid

import pytest
from django.db import connection

from platform_site.audit.domain import record
from platform_site.audit.models import Entry
from platform_site.kit.command import command, current_operation
from tests.accounts.people import AT, SETUP
from tests.kit.threads import in_another_thread

SUBJECT = ("tests.thing", "1")


@command
def inner() -> uuid.UUID:
    record(by=SETUP, at=AT, event="tests.inner", subject=SUBJECT)
    return current_operation()


@command
def outer(*, fails: bool = False) -> tuple[uuid.UUID, uuid.UUID]:
    record(by=SETUP, at=AT, event="tests.outer", subject=SUBJECT)
    nested = inner()
    if fails:
        raise ZeroDivisionError
    return current_operation(), nested


@pytest.mark.django_db
def test_a_nested_command_shares_the_operation_id() -> None:
    own, nested = outer()
    assert own == nested
    assert list(Entry.objects.order_by("id").values_list("event", "op")) == [("tests.outer", own), ("tests.inner", own)]


@pytest.mark.django_db
def test_two_commands_one_after_the_other_have_two_operation_ids() -> None:
    assert len({inner(), inner()}) == 2


@pytest.mark.django_db
def test_a_raise_takes_back_what_nested_commands_wrote() -> None:
    with pytest.raises(ZeroDivisionError):
        outer(fails=True)
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_after_a_raise_no_operation_is_left_running() -> None:
    with pytest.raises(ZeroDivisionError):
        outer(fails=True)
    with pytest.raises(RuntimeError):
        current_operation()


def test_no_operation_runs_outside_of_a_command() -> None:
    with pytest.raises(RuntimeError):
        current_operation()


@pytest.mark.django_db
def test_writing_to_the_audit_outside_of_a_command_is_a_programming_error() -> None:
    with pytest.raises(RuntimeError):
        record(by=SETUP, at=AT, event="tests.outside", subject=SUBJECT)
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_a_command_of_another_thread_is_another_operation() -> None:
    @command
    def of_this_thread() -> str:
        def of_that_thread() -> str:
            try:
                return str(current_operation())
            except RuntimeError:
                return "none"

        return in_another_thread(of_that_thread)

    assert of_this_thread() == "none"


@pytest.mark.django_db
def test_a_command_runs_in_a_transaction() -> None:
    @command
    def blocks() -> int:
        return len(connection.atomic_blocks)

    assert blocks() == len(connection.atomic_blocks) + 1
