"""Fixtures of the monitoring tests."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from tests.monitoring import client, world
from tests.monitoring.world import AT, Monitored

Post = Callable[..., Any]


@pytest.fixture
def reference(db: None) -> None:
    world.reference()


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def machine(reference: None) -> Monitored:
    """Item 5, 60 devices listed, 55 needed."""
    return world.monitored()


@pytest.fixture
def few(reference: None) -> Monitored:
    """Item 5, 6 devices listed, 5 needed."""
    return world.monitored(devices=6, amount="7500.00")


@pytest.fixture
def post(now: time_machine.Traveller) -> Post:
    """Send one batch over the API as a supplier's own program would."""

    def send(key: tuple[str, str], batch_id: str, records: Any, **other: Any) -> Any:
        packed = other.get("packed", True)
        raw = other.get("raw") or client.body(batch_id, records, packed=packed)
        at: datetime = other.get("at", datetime.now(tz=world.SHANGHAI))
        nonce = other.get("nonce") or uuid4().hex
        signed = client.headers(key, raw, at=at, nonce=nonce, packed=packed) | other.get("headers", {})
        path = f"/api/v1/telemetry/{other.get('path', 'batches')}"
        return Client().post(path, data=other.get("sent", raw), content_type="application/x-ndjson", headers=signed)

    return send


@pytest.fixture
def send_days(post: Post) -> Callable[..., None]:
    """Whole working days of these devices, one batch a day."""

    def send(made: Monitored, first: date, days: int, devices: tuple[str, ...] = (), **shape: Any) -> None:
        for day in (first + timedelta(days=step) for step in range(days)):
            records = client.working_day(devices or made.devices, day, **shape)
            answer = post(made.key, f"d-{day:%Y%m%d}-{(devices or made.devices)[0]}", records)
            assert answer.status_code == 200, answer.content

    return send
