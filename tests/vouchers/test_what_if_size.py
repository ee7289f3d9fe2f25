"""A period of many applications played again: the answer is right, comes in a minute, and its progress is seen."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest

from platform_site.kit import clock
from platform_site.outbox.domain import deliver
from platform_site.outbox.models import Job
from tests.concurrency.crowd import CITIES, make_crowd
from tests.vouchers.past import decide_all
from tests.vouchers.world import World
from vouchers import domain
from vouchers.models import QuotaBalance, WaitingClaim
from vouchers.queries.replay_progress import progress_of
from vouchers.queries.what_if import changes_from_totals, effect_of

EACH = 5  # applications an enterprise, one per supplier


@contextmanager
def watched(run_id: int) -> Iterator[list[int]]:
    """What somebody sees who looks at the progress again and again from outside."""
    seen: list[int] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.01):
            done = progress_of(run_id).done
            if done and (not seen or done != seen[-1]):
                seen.append(done)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        over.set()
        looking.join()


@pytest.mark.parametrize("size", [200, pytest.param(100_000, marks=pytest.mark.soak)])
def test_a_period_of_this_size_is_played_again_with_progress(world: World, size: int, record_property):
    """Half of what is asked for is granted, so half waits; then one city gets twice as much."""
    crowd = make_crowd(world, enterprises=size // EACH, each=EACH, totals=("100.00", "300.00", "900.00"))
    decide_all(crowd, Decimal("0.5"))
    waiting = WaitingClaim.objects.count()
    assert waiting > size // 4
    city = f"city:{CITIES[0]}"
    totals = {city: QuotaBalance.objects.get(period=world.period, dimension=city).total * 2}
    started = time.perf_counter()
    effect = effect_of(world.period, changes_from_totals(world.period, totals))
    took_effect = time.perf_counter() - started
    run = domain.ask_what_if(period=world.period, totals=totals, key="size", by=world.officer, at=clock.now())
    job = Job.objects.get(task="vouchers.what_if")
    started = time.perf_counter()
    with watched(run.pk) as seen:
        assert deliver(job_id=job.pk, at=clock.now())  # not the letters to those many enterprises
    took = time.perf_counter() - started
    run.refresh_from_db()
    assert (run.state, run.result["check"]["agrees"]) == ("done", True)
    assert effect.served > size // 20
    assert run.rows.filter(shift="gained").count() >= effect.served
    assert seen == sorted(seen)
    assert len(seen) >= (20 if size > 10_000 else 0)
    for name, value in (("waiting", waiting), ("replay_seconds", took), ("effect_seconds", took_effect)):
        record_property(name, round(value, 2))
    assert took < 120
