"""kill -9 of workers, web and PostgreSQL, and a silent broker, while telemetry comes in: all of it counted, exactly once.

Suppliers' programs send over HTTP until they have an answer; the expected days are counted here by hand.
"""

import http.client
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, connections

from tests.concurrency.stage import PATIENCE, Stage, until
from tests.monitoring import client, world
from tests.monitoring.world import AT, Monitored

FIRST = date(2020, 11, 2)
WAITING = "SELECT count(*) FROM monitoring_batch WHERE folded_at IS NULL"
COUNTED = "SELECT count(*) FROM monitoring_batch WHERE folded_at IS NOT NULL"
DAYS = "SELECT device_id, day, minutes, minute_count, readings FROM monitoring_deviceday ORDER BY 1, 2"
RECEIPTS = "SELECT count(*) FROM monitoring_batchreceipt WHERE repeat_of_id IS NULL"


class Fleet:
    """Vouchers with machines, and what their suppliers have to send: some batches twice, in any order."""

    def __init__(self, vouchers: int, devices: int, days: int, chance: random.Random) -> None:
        world.reference()
        self.made = [world.monitored(serial, devices=devices) for serial in range(1, vouchers + 1)]
        self.batches = [
            (
                one,
                f"b-{day}-{hour}",
                list(client.working_day(one.devices, FIRST + timedelta(days=day), first_hour=hour)),
            )
            for one in self.made
            for day in range(days)
            for hour in (7, 9)  # two overlapping deliveries a day
        ]
        self.to_send = self.batches + chance.sample(self.batches, k=len(self.batches) // 4)
        chance.shuffle(self.to_send)

    def expected(self) -> list[tuple[str, date, bytes, int, int]]:
        """Device-days by hand: distinct five-minute slots, and every reading of every batch once."""
        minutes, readings = defaultdict(set), Counter()
        for _, _, records in self.batches:
            for record in records:
                at = datetime.fromisoformat(record["at"])
                minutes[record["device"], at.date()].add(at.hour * 60 + at.minute)
                readings[record["device"], at.date()] += 1
        return [
            (device, day, _bits(minutes[device, day]), len(minutes[device, day]) * 5, readings[device, day])
            for device, day in sorted(minutes)
        ]


def _bits(minutes: set[int]) -> bytes:
    return sum(1 << (1439 - minute) for minute in minutes).to_bytes(180, "big")


@pytest.fixture
def stage(fresh_database: None) -> Iterator[Stage]:
    made = Stage(Path(settings.CLOCK_OFFSET_FILE).parent / "telemetry-stage")  # of this test worker alone
    yield made
    made.end()


def raised(stage: Stage, *processes: str) -> None:
    connections.close_all()
    stage.begin(connection.settings_dict)
    stage.later(AT - datetime.now(UTC))
    for name in processes:
        stage.start(name)


def send(stage: Stage, made: Monitored, batch_id: str, records: list[dict[str, str]]) -> None:
    """Until there is an answer: every attempt signed anew, under the same batch id."""
    body, limit = client.body(batch_id, records), time.monotonic() + PATIENCE
    while True:
        headers = client.headers(made.key, body, at=datetime.now(UTC) + stage.offset, nonce=uuid4().hex)
        with suppress(OSError, http.client.HTTPException):
            with closing(http.client.HTTPConnection("127.0.0.1", stage.port, timeout=30)) as web:
                web.request("POST", "/api/v1/telemetry/batches", body, headers)
                answer = web.getresponse()
                status, said = answer.status, answer.read()
            if status < 500:
                assert (status, json.loads(said)["rejected"]) == (200, 0), said
                return
        assert time.monotonic() < limit, f"no answer for {batch_id}"
        time.sleep(0.1)


@contextmanager
def sending(stage: Stage, fleet: Fleet, senders: int = 2) -> Iterator[None]:
    """Two at a time, beside the block; afterwards everything has its answer."""
    with ThreadPoolExecutor(senders) as pool:
        sent = [pool.submit(send, stage, *one) for one in fleet.to_send]
        yield
    for one in sent:
        one.result()


def all_counted(stage: Stage, fleet: Fleet) -> None:
    """Whoever was shot has left its share behind: the next rounds hand it out again."""
    due = time.monotonic()

    def done() -> bool:
        nonlocal due
        if time.monotonic() >= due:
            stage.ask_for("monitoring.fold")
            due = time.monotonic() + 2
        return stage.value(COUNTED) == len(fleet.batches)

    until(done, "every batch is counted", 2 * PATIENCE)


def check(stage: Stage, fleet: Fleet) -> None:
    found = [(device, day, bytes(minutes), *counts) for device, day, minutes, *counts in stage.rows(DAYS)]
    assert found == fleet.expected()
    assert (stage.value(RECEIPTS), stage.value(WAITING)) == (len(fleet.batches), 0)


def under_fire(stage: Stage, fleet: Fleet, shots: list[str], chance: random.Random) -> int:
    """Everything is sent while things are shot. Returns how often a worker was shot with batches waiting."""
    hit = 0
    with sending(stage, fleet):
        for name in shots:
            stage.ask_for("monitoring.fold")
            before = stage.value(COUNTED)
            limit = time.monotonic() + chance.uniform(0.5, 3)
            while stage.value(COUNTED) == before and time.monotonic() < limit:
                time.sleep(0.01)
            hit += name == "worker" and stage.value(WAITING) > 0
            stage.kill(name)
    return hit


def test_kills_of_everything_while_batches_come_in_count_each_once(stage: Stage, seed: int):
    chance = random.Random(seed)
    fleet = Fleet(vouchers=3, devices=4, days=4, chance=chance)
    raised(stage, "web", "worker")
    shots = ["worker", "web", "worker", "postgres"]
    under_fire(stage, fleet, shots, chance)
    all_counted(stage, fleet)
    check(stage, fleet)
    assert stage.kills == Counter(shots)


@pytest.mark.soak
def test_fifty_kills_while_batches_come_in_count_each_once(stage: Stage, seed: int):
    chance = random.Random(seed)
    fleet = Fleet(vouchers=20, devices=30, days=10, chance=chance)
    raised(stage, "web", "worker")
    shots = ["worker"] * 30 + ["web"] * 15 + ["postgres"] * 5
    chance.shuffle(shots)
    assert under_fire(stage, fleet, shots, chance) > 10
    all_counted(stage, fleet)
    check(stage, fleet)
    assert stage.kills == Counter(shots)


def test_a_silent_broker_loses_nothing(stage: Stage, seed: int):
    """Nonces, sessions and jobs lie in the broker: without it batches come in all the same and are counted later."""
    fleet = Fleet(vouchers=2, devices=3, days=2, chance=random.Random(seed))
    raised(stage, "web", "worker")
    stage.stop_service("valkey")
    with sending(stage, fleet):
        pass
    assert (stage.value(RECEIPTS), stage.value(COUNTED)) == (len(fleet.batches), 0)
    stage.services.start()
    all_counted(stage, fleet)
    check(stage, fleet)


def test_two_workers_share_the_fold_and_the_verdicts(stage: Stage, seed: int):
    fleet = Fleet(vouchers=45, devices=2, days=1, chance=random.Random(seed))
    raised(stage, "web")
    with sending(stage, fleet):
        pass
    for name in ("worker", "worker2"):
        stage.start(name)
    logs = [stage.var / f"{name}.log" for name in ("worker", "worker2")]
    until(lambda: all(" ready." in log.read_text() for log in logs), "both workers are ready")
    for _ in range(3):  # overlapping rounds
        stage.ask_for("monitoring.fold")
    all_counted(stage, fleet)
    check(stage, fleet)
    for _ in range(2):
        stage.ask_for("monitoring.judge")
    verdicts = "SELECT count(*) FROM monitoring_verdict"
    until(lambda: stage.value(verdicts) == len(fleet.made), "every voucher is judged")
    told = "SELECT count(*) FROM audit_entry WHERE event = 'monitoring.verdict_changed'"
    assert stage.value(told) == len(fleet.made)
    assert [log.read_text().count("monitoring.fold_part") > 0 for log in logs] == [True, True]
