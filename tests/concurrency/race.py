"""A race: many submit, some withdraw, the city refuses, the province moves quota, and an allocator leads, all at once."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Protocol

from django.db import DatabaseError, OperationalError, connection
from psycopg2.errors import LockNotAvailable

from platform_site.kit import clock
from platform_site.kit.findings import Finding, Refusal
from tests.concurrency.crowd import CITIES, Applicant, Crowd, give_quota, make_crowd
from tests.vouchers.world import make_world
from vouchers import domain
from vouchers.domain.allocate import LEADER_BATCH, allocate_batch
from vouchers.management.commands.allocator import Lead
from vouchers.models import Voucher

TOTALS = ("30000.00", "90000.00", "12000.00", "150000.00", "60000.00")  # some enterprises come to their cap
PER_ENTERPRISE = 5
BUSY = "busy"  # HTTP answers 503: try again
REASON = Finding("test.price", "S19/7.5.1", "合同价格明显偏高。", "", title="价格")


class Event(Protocol):
    """Of threads or of processes."""

    def is_set(self) -> bool: ...

    def wait(self, timeout: float | None = None) -> bool: ...


@dataclass
class Race:
    """`acknowledged`: vouchers whose submitter holds a receipt. `refused`: codes. `failed`: whatever went wrong."""

    crowd: Crowd
    seed: int
    acknowledged: list[int] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    deadlocks: int = 0

    def add(self, other: "Race") -> None:
        """What another process saw of the same race."""
        self.acknowledged += other.acknowledged
        self.refused += other.refused
        self.done += other.done
        self.failed += other.failed


def make_race(*, clients: int, each: int, seed: int) -> Race:
    """Demand is three times the cities' quota; `each` applications per client."""
    crowd = make_crowd(
        make_world(city_total=""), enterprises=clients * each // PER_ENTERPRISE, each=PER_ENTERPRISE, totals=TOTALS
    )
    give_quota(crowd, Decimal(1) / 3)
    return Race(crowd, seed)


def run(race: Race, *, clients: int, leader: bool = True) -> Race:
    """All at once, in threads; then everything that is left is decided."""
    over = threading.Event()
    others = begin(race, "officials", over) + (begin(race, "leader", over) if leader else [])
    for thread in begin(race, "clients", over, range(clients), clients):
        thread.join()
    over.set()
    for thread in others:
        thread.join()
    return settle(race)


def settle(race: Race) -> Race:
    domain.allocate(period_id=race.crowd.world.period.pk)
    race.deadlocks = _deadlocks()
    return race


def begin(race: Race, role: str, over: Event, numbers: Sequence[int] = (), clients: int = 1) -> list[threading.Thread]:
    """Threads under way. `role`: leader, allocator, officials, or clients: those with `numbers`, of so many in all."""
    works: dict[str, list[Callable[[], None]]] = {
        "leader": [partial(_leader, race, over)],
        "allocator": [partial(_allocator, race, over)],
        "officials": [*(partial(_city, race, over, code) for code in CITIES), partial(_province, race, over)],
        "clients": [partial(_client, race, race.crowd.applicants[number::clients], number) for number in numbers],
    }
    threads = [threading.Thread(target=_watched, args=(race, work)) for work in works[role]]
    for thread in threads:
        thread.start()
    return threads


def _watched(race: Race, work: Callable[[], None]) -> None:
    try:
        work()
    except BaseException as error:
        race.failed.append(f"{type(error).__name__}: {error}")
    finally:
        connection.close()


@contextmanager
def _refusals(race: Race) -> Iterator[None]:
    """A refusal is an answer, and so is "busy": a lock that was waited for in vain."""
    try:
        yield
    except Refusal as refusal:
        race.refused.update(refusal.codes())
    except OperationalError as error:
        _note_busy(race, error)


def _note_busy(race: Race, error: OperationalError) -> None:
    if not isinstance(error.__cause__, LockNotAvailable):
        raise error
    race.refused[BUSY] += 1


def _client(race: Race, share: list[Applicant], number: int) -> None:
    """Hands everything in, in an order of its own, and takes something back now and then."""
    dice = random.Random(f"{race.seed}/{number}")
    todo = [(one, pk) for one in share for pk in one.voucher_ids]
    dice.shuffle(todo)
    held: list[tuple[Applicant, int]] = []
    for one, pk in todo:
        with _refusals(race):
            _press(race, one, pk)
            held.append((one, pk))
        if held and dice.random() < 0.12:
            whose, what = held.pop(dice.randrange(len(held)))
            with _refusals(race):
                domain.withdraw(voucher=Voucher._default_manager.get(pk=what), by=whose.actor, at=clock.now())
                race.done["withdrawn"] += 1


def _press(race: Race, one: Applicant, pk: int) -> None:
    """Until it is acknowledged or refused: who is told "busy" presses again, with the same key."""
    voucher = Voucher._default_manager.select_related("contract").get(pk=pk)
    while True:
        try:
            domain.submit_prepared(voucher=voucher, key=f"race-{pk}", by=one.actor, at=clock.now())
        except OperationalError as error:
            _note_busy(race, error)
        else:
            race.acknowledged.append(pk)
            return


def _city(race: Race, over: Event, code: str) -> None:
    """Two people refuse one application after the other."""
    people, dice = race.crowd.world.city(code), random.Random(f"{race.seed}/{code}")
    while not over.wait(0.05 + dice.random() / 10):
        rows = Voucher._default_manager.filter(state="under_review", city_id=code).order_by("?")
        voucher = rows.first()
        if voucher is None:
            continue
        with _refusals(race):
            domain.propose_decision(
                voucher=voucher, proposal="refuse", findings=[REASON], by=people["reviewer"], at=clock.now()
            )
            domain.decide_application(voucher=voucher, agree=True, by=people["approver"], at=clock.now())
            race.done["refused"] += 1


def _province(race: Race, over: Event) -> None:
    """Two people move quota from one city to another, or try to."""
    world, dice = race.crowd.world, random.Random(f"{race.seed}/province")
    while not over.wait(0.1 + dice.random() / 5):
        source, target = dice.sample(CITIES, 2)
        amount = Decimal(dice.randrange(1, 20) * 1000)
        lines = [(f"city:{source}", -amount), (f"city:{target}", amount)]
        with _refusals(race):
            plan = domain.reallocate_quota(
                period=world.period, lines=lines, reason="调剂", by=world.officer, at=clock.now()
            )
            domain.sign_plan(plan=plan, by=world.approver, at=clock.now())
            race.done["transferred"] += 1


def _leader(race: Race, over: Event) -> None:
    """Decides beside submitters who decide too, as when an allocator comes back."""
    while not over.wait(0.02):
        try:
            allocate_batch()
        except DatabaseError as error:
            race.failed.append(f"{type(error).__name__}: {error}")


def _allocator(race: Race, over: Event) -> None:
    """The loop of `manage.py allocator`: what goes wrong once is tried again, and submitters leave the deciding to it."""
    lead = Lead()
    while not over.is_set():
        if lead.turn() < LEADER_BATCH:
            over.wait(0.05)


def _deadlocks() -> int:
    """As the database counts them, so that nobody who tries again hides one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
