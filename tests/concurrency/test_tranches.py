"""Tranches of a plan are given out once, however many workers look at the clock."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection

from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from tests.vouchers.world import FOSHAN, World, make_world
from vouchers import domain
from vouchers.models import QuotaBalance, QuotaEvent
from vouchers.queries import ledger_differences

PLATFORM = system_actor("分批放额")
CITY = f"city:{FOSHAN}"


@pytest.fixture
def world(fresh_database: None) -> World:
    return make_world()


def test_four_workers_release_every_tranche_once(world: World):
    at = clock.now()
    steps = [(at + timedelta(days=day), Decimal(share)) for day, share in ((1, "0.4"), (2, "0.3"), (3, "0.3"))]
    lines = [(CITY, Decimal("6000000.00"))]
    plan = domain.plan_quota(
        period=world.period, title="分批", reason="进度", lines=lines, tranches=steps, by=world.officer, at=at
    )
    domain.sign_plan(plan=plan, by=world.approver, at=at)
    gate, released = Barrier(4), []

    def work() -> None:
        gate.wait()
        released.append(domain.release_tranches(by=PLATFORM, at=at + timedelta(days=4)))
        connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    domain.allocate(period_id=world.period.pk)
    assert sum(released) == 3
    told = QuotaEvent.objects.filter(payload__has_key="tranche").order_by("arrived_at", "pk")
    assert [event.payload["tranche"] for event in told] == [1, 2, 3]
    assert QuotaBalance.objects.get(dimension=CITY).total == Decimal("6000000.00")
    assert ledger_differences(world.period) == {}
