"""A trial of another policy over many applications: right, in time, with its progress seen."""

import time
from collections import Counter
from decimal import Decimal

import pytest

from platform_site.kit import clock
from platform_site.outbox.domain import deliver
from platform_site.outbox.models import Job
from tests.concurrency.crowd import make_crowd
from tests.vouchers.past import decide_all
from tests.vouchers.test_what_if_size import EACH, watched
from tests.vouchers.world import World
from vouchers import domain
from vouchers.models import WhatIfRun
from vouchers.queries.policy_trial import applications_in

TOTALS = ("48000.00", "126500.00", "180000.00", "260000.00", "99800.50")
CAP = Decimal("200000.00")


def sums_by_enterprise(run: WhatIfRun) -> Counter[int]:
    """Yuan of all its applications under the numbers tried."""
    after = dict(run.rows.values_list("voucher_id", "after"))
    found: Counter[int] = Counter()
    for pk, enterprise, amount in applications_in(run.period).values_list("pk", "enterprise_id", "amount"):
        found[enterprise] += after.get(pk, amount)
    return found


@pytest.mark.parametrize("size", [200, pytest.param(100_000, marks=pytest.mark.soak)])
def test_a_period_of_this_size_is_assessed_again_with_progress(world: World, size: int, record_property):
    """A lower cap of every enterprise: the first ones stay, the later ones get less or nothing."""
    crowd = make_crowd(world, enterprises=size // EACH, each=EACH, totals=TOTALS)
    decide_all(crowd)
    run = domain.ask_policy_what_if(
        period=world.period, edition=world.period.edition, values={"enterprise_cap": str(CAP)}, amounts={},
        key="size", by=world.officer, at=clock.now(),
    )  # fmt: skip
    job = Job.objects.get(task="vouchers.what_if")
    started = time.perf_counter()
    with watched(run.pk) as seen:
        assert deliver(job_id=job.pk, at=clock.now())
    took = time.perf_counter() - started
    run.refresh_from_db()
    assert (run.state, run.result["check"]["agrees"], run.events) == ("done", True, size)
    total = run.result["total"]
    assert (total["more"], total["passes"]) == (0, 0)
    assert total["less"] > 0
    assert total["fails"] > 0
    assert max(sums_by_enterprise(run).values()) == CAP
    assert run.rows.count() == total["less"] + total["fails"]
    assert seen == sorted(seen)
    assert len(seen) >= (20 if size > 10_000 else 0)
    record_property("trial_seconds", round(took, 2))
    assert took < 120
