"""A form that is sent twice is carried out once."""

import threading
import time

import pytest
from django.db import connection

from platform_site.audit.domain import once, remember
from platform_site.audit.models import RequestKey
from platform_site.kit.actor import ANONYMOUS, Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Refusal
from tests.accounts.people import AT
from tests.kit.threads import all_at_once

STAFF, OTHER = Actor(user_id=7), Actor(user_id=8)
BODY = {"contract": 5, "amount": "300000.00"}


@command
def submit(*, key: str = "k1", by: Actor = STAFF, body: dict[str, object] = BODY, answer: str = "first") -> str:
    """What the caller of a command sees: its own answer, or the one that was stored."""
    asked = once(key=key, by=by, body=body, at=AT)
    if asked.outcome is None:
        remember(asked, {"answer": answer})
        return answer
    return str(asked.outcome["answer"])


@pytest.mark.django_db
def test_the_same_form_again_gets_the_first_outcome() -> None:
    assert [submit(answer="first"), submit(answer="second")] == ["first", "first"]


@pytest.mark.django_db
def test_the_order_of_the_fields_makes_no_other_form() -> None:
    submit()
    assert submit(body=dict(reversed(BODY.items())), answer="second") == "first"


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused() -> None:
    submit()
    with pytest.raises(Refusal) as refused:
        submit(body=BODY | {"amount": "1.00"})
    assert refused.value.codes() == ["idempotency.other_body"]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "k" * 65, "k\0"])
def test_a_form_without_a_usable_key_is_refused(key: str) -> None:
    with pytest.raises(Refusal) as refused:
        submit(key=key)
    assert refused.value.codes() == ["idempotency.no_key"]


@pytest.mark.django_db
def test_another_key_or_another_person_is_another_submission() -> None:
    answers = [submit(), submit(key="k2", answer="second"), submit(by=OTHER, answer="third")]
    assert answers == ["first", "second", "third"]


@pytest.mark.django_db
def test_visitors_are_protected_from_double_clicks_too() -> None:
    assert [submit(by=ANONYMOUS), submit(by=ANONYMOUS, answer="second")] == ["first", "first"]


@pytest.mark.django_db
def test_a_command_that_was_refused_may_be_sent_again_with_the_same_key() -> None:
    @command
    def refused() -> None:
        submit()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        refused()
    assert submit(answer="second") == "second"


def test_the_second_of_two_at_once_waits_and_sees_the_outcome_of_the_first(fresh_database: None) -> None:
    first_holds, waits = threading.Event(), threading.Event()

    @command
    def slow() -> str:
        answer = submit(answer="first")
        first_holds.set()
        waits.wait(10)
        return answer

    def second() -> str:
        first_holds.wait(10)
        return submit(answer="second")

    def watch() -> bool:
        """Lets the first go on as soon as the second is seen waiting for it."""
        seen = somebody_waits_for_a_lock()
        waits.set()
        return seen

    assert all_at_once(slow, second, watch) == ["first", "first", True]
    assert RequestKey.objects.count() == 1


def somebody_waits_for_a_lock() -> bool:
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.02)
    return False
