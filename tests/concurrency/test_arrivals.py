"""Many submit at once: nothing is over-allocated, nobody overtakes; with the protection off it goes wrong."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import connection, transaction

from catalog.models import Period
from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from tests.vouchers.world import FOSHAN, World, grant, make_enterprise, make_form, make_world
from vouchers import domain
from vouchers.domain.events import horizon, write_event
from vouchers.enums import EventKind
from vouchers.models import QuotaBalance, QuotaEvent, Voucher
from vouchers.queries import allocator_lag, ledger_differences

THREADS, EACH = 24, 10
MICROSECOND = timedelta(microseconds=1)
DEMAND = Decimal("70.00")  # 70 % of a contract of 100.00


def in_threads(count: int, work: Callable[[int], None]) -> list[BaseException]:
    """Start together; gives what went wrong."""
    start, failed = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@pytest.fixture
def world(fresh_database: None) -> World:
    return make_world()


def test_a_third_of_the_demand_is_served_in_the_order_of_arrival(world: World):
    """24 threads × 10 applications, quota for a third: 0 over-allocated, 0 inversions, ledger right."""
    grant(world, [(f"city:{FOSHAN}", DEMAND * THREADS * EACH / 3)])
    forms = []
    for _ in range(THREADS):
        enterprise, actor = make_enterprise(world)
        first = make_form(world, actor, total="100.00")
        prepared = [replace(first, contract_number=f"HT-{number}") for number in range(EACH)]
        forms.append((enterprise, actor, prepared))

    def submit(number: int) -> None:
        enterprise, actor, prepared = forms[number]
        for form in prepared:
            domain.submit_application(
                enterprise=enterprise, period=world.period, form=form, key=uuid4().hex, by=actor, at=clock.now()
            )

    with relaxed_product_rule():
        assert in_threads(THREADS, submit) == []
    domain.allocate(period_id=world.period.pk)
    rows = list(Voucher.objects.order_by("sequence").values_list("sequence", "state", "arrived_at", "receipt_no"))
    assert len(rows) == THREADS * EACH
    assert [row[0] for row in rows] == list(range(1, THREADS * EACH + 1))
    inversions = sum(later[2] < earlier[2] for earlier, later in pairwise(rows))
    assert inversions == 0
    served = [row[1] == "under_review" for row in rows]
    assert served == [True] * (THREADS * EACH // 3) + [False] * (THREADS * EACH * 2 // 3)
    balance = QuotaBalance.objects.get(dimension=f"city:{FOSHAN}")
    assert (balance.reserved, balance.available) == (balance.total, Decimal("0.00"))
    assert ledger_differences(world.period) == {}
    assert (allocator_lag().undecided, allocator_lag().late) == (0, 0)


class relaxed_product_rule:  # noqa: N801  reads as a sentence
    """So that one enterprise may hand in many forms for one product; every other check stays."""

    def __enter__(self) -> None:
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("vouchers.rules.contract_checks.OPEN_STATES", frozenset())

    def __exit__(self, *_: object) -> None:
        self.patch.undo()


def test_check_then_insert_oversells_where_the_allocator_does_not(world: World):
    """The control: the same race without the allocator. Read what is left, then take it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive (total int, used int)")
        cursor.execute("INSERT INTO naive VALUES (40, 0)")
    together = threading.Barrier(12)

    def take(_: int) -> None:
        for _ in range(10):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT used < total FROM naive")
                free = cursor.fetchone()[0]
                together.wait()
                if free:
                    cursor.execute("INSERT INTO naive_taken DEFAULT VALUES")
                    cursor.execute("UPDATE naive SET used = (SELECT count(*) FROM naive_taken)")

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_taken (id serial)")
    failed = in_threads(12, take)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM naive_taken")
        taken = cursor.fetchone()[0]
    assert failed == []
    assert taken > 40


def test_nothing_is_decided_that_an_open_transaction_could_still_precede(world: World):
    """A writer that holds the arrival lock keeps the horizon back; without that, a later one would be decided first."""
    ready, go = threading.Event(), threading.Event()

    def slow(_: int) -> None:
        with transaction.atomic():
            write_event(period_id=world.period.pk, kind=EventKind.GRANT, payload={"lines": []})
            ready.set()
            go.wait(10)

    thread = threading.Thread(target=lambda: in_threads(1, slow))
    thread.start()
    ready.wait(10)
    with transaction.atomic():
        quick = write_event(period_id=world.period.pk, kind=EventKind.GRANT, payload={"lines": []})
    assert horizon(world.period.pk) < quick.arrived_at
    assert domain.allocate(period_id=world.period.pk) == 0
    go.set()
    thread.join()
    assert domain.allocate(period_id=world.period.pk) == 2
    order = list(QuotaEvent.objects.order_by("decision__id").values_list("pk", flat=True))
    assert order == list(QuotaEvent.objects.order_by("arrived_at", "pk").values_list("pk", flat=True))


def test_two_allocators_never_lead_one_period_together(world: World):
    found = []

    def second(_: int) -> None:
        found.append(domain.drain(period_id=world.period.pk))

    with transaction.atomic():
        assert domain.drain(period_id=world.period.pk) == 0
        assert in_threads(1, second) == []
    assert found == [None]


def test_the_window_closes_at_its_microsecond_for_everybody_at_once(world: World):
    """It closes while many submit: every arrival lies before the end, all others are refused with the clause."""
    people = [make_enterprise(world) for _ in range(8)]
    forms = [[make_form(world, actor, total="100.00") for _ in range(6)] for _, actor in people]
    end = clock.now() + timedelta(seconds=0.6)
    Period.objects.filter(pk=world.period.pk).update(apply_to=end)
    refused = []

    def submit(number: int) -> None:
        enterprise, actor = people[number]
        for form in forms[number]:
            try:
                domain.submit_application(
                    enterprise=enterprise, period=world.period, form=form, key=uuid4().hex, by=actor, at=clock.now()
                )
            except Refusal as refusal:
                refused.extend((one.code, one.clause) for one in refusal.findings)

    with relaxed_product_rule():
        assert in_threads(8, submit) == []
    arrived = list(Voucher.objects.values_list("arrived_at", flat=True))
    assert [one for one in arrived if one >= end] == []
    assert refused == [("window.closed", "S19/6.1")] * (48 - len(arrived))
    enterprise, actor = make_enterprise(world)
    late = make_form(world, actor)
    with pytest.raises(Refusal) as caught:
        domain.submit_application(
            enterprise=enterprise, period=world.period, form=late, key="late", by=actor, at=end + MICROSECOND
        )
    assert caught.value.codes() == ["window.closed"]
