"""Handlers of these tests, registered like those of the apps and taken away again."""

import base64
import json
from collections.abc import Callable, Iterator

import pytest
import redis
from celery import current_app
from django.conf import settings

from platform_site.audit.domain import record
from platform_site.kit.command import command
from platform_site.outbox.domain import handles
from platform_site.outbox.domain.deliver import HANDLERS
from tests.accounts.people import AT, SETUP

QUEUE = "celery"
Handlers = Callable[[str, Callable[..., object]], None]


@pytest.fixture
def register() -> Iterator[Handlers]:
    known = dict(HANDLERS)

    def add(name: str, function: Callable[..., object]) -> None:
        handles(name)(function)

    yield add
    HANDLERS.clear()
    HANDLERS.update(known)


@command
def leave_a_trace(number: int) -> None:
    """What a handler does in these tests: an entry in the audit, seen in the database."""
    record(by=SETUP, at=AT, event="tests.handled", subject=("tests.thing", str(number)))


class Broker:
    """The real broker's queue, and the way to make the platform ring at a door behind which nobody is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self._queue = redis.from_url(settings.REDIS_URL)
        self._queue.delete(QUEUE)

    def rung(self) -> list[int]:
        """Jobs that workers would be told of, in order."""
        waiting = [json.loads(message) for message in reversed(self._queue.lrange(QUEUE, 0, -1))]
        return [json.loads(base64.b64decode(message["body"]))[1]["job_id"] for message in waiting]

    def goes_down(self) -> None:
        self._patch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:9/0")
        forget_connections()

    def comes_back(self) -> None:
        self._patch.delenv("CELERY_BROKER_URL")
        forget_connections()


def forget_connections() -> None:
    """As in a process that was just started."""
    current_app._after_fork()


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    yield Broker(monkeypatch)
    monkeypatch.undo()
    forget_connections()
