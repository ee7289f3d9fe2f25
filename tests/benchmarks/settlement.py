"""Settlement at size: SETTLEMENT_ROWS redemptions (1,000,000) ordered, allocated to the budget and written.

Peer: the bare window query over the same rows, which orders them and sums them up but writes nothing; its rows are sent
to the client, as any program that went on in Python would have to take them.
"""

import io
import os
import time
from collections.abc import Callable
from decimal import Decimal
from statistics import median
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from catalog.queries import terms_of_period
from platform_site.accounts.models import City
from platform_site.kit import clock
from platform_site.kit.fsm import perform
from settlement.domain.allocate_lines import SORT_MEMORY, allocate_lines, sum_up
from settlement.models import Batch, Redemption
from settlement.queries.allocation import allocation
from suppliers.models import Supplier
from tests.settlement.many import FIRST, copy_redemptions
from tests.settlement.world import issued, payable
from tests.vouchers.world import FOSHAN, World, make_supplier, make_world

ROWS = int(os.environ.get("SETTLEMENT_ROWS", "1000000"))
ROUNDS = int(os.environ.get("SETTLEMENT_ROUNDS", "3"))


def run() -> dict[str, dict[str, Any]]:
    world = load(ROWS)
    waiting = Redemption.objects.filter(pk__gt=FIRST)
    order = terms_of_period(world.period).settlement_order
    each = Redemption.objects.filter(pk__gt=FIRST)[0].total_amount
    budget = each * (ROWS * 6 // 10)
    bare, written, batches = [], [], []
    for number in range(ROUNDS):
        bare.append(timed(lambda: read_all(allocation(waiting, order, budget))))
        batch = new_batch(world, number, budget)
        written.append(timed(lambda batch=batch: write(batch, waiting, order)))
        batches.append(batch)
    total, fitting = sum_up(batches[-1])
    return {
        "ratios": {"written_vs_bare_window": round(median(written) / median(bare), 2)},
        "counts": {"lines": batches[-1].lines.count(), "paid": fitting},
        "figures": {
            "bare_seconds": [round(one, 2) for one in bare],
            "written_seconds": [round(one, 2) for one in written],
            "within_budget": total <= budget < total + each,
        },
    }


def load(number: int) -> World:
    """One redemption up to "payable" by the real commands, and its copies."""
    call_command("load_monitoring", verbosity=0)
    world = make_world(items=(5,))
    case = issued(world)
    model = Redemption.objects.select_related("voucher").get(pk=payable(case).pk)
    excellent, _ = make_supplier(world.officer, world.approver, world.at)
    Supplier.objects.filter(pk=excellent.pk).update(priority=True)
    copy_redemptions(model, number, excellent.pk)
    return world


def new_batch(world: World, number: int, budget: Decimal) -> Batch:
    """A city has one draft at a time: the one before is cancelled."""
    for draft in Batch.objects.filter(state="draft"):
        perform(draft, "cancel", at=clock.now())
    return Batch.objects.create(
        number=f"JS-X-{number}", city=City.objects.get(pk=FOSHAN), period=world.period, budget=budget, total=0,
        built_at=clock.now(), built_by=1, built_by_name="测试",
    )  # fmt: skip


def write(batch: Batch, waiting: Any, order: tuple[str, ...]) -> None:
    with transaction.atomic():
        allocate_lines(batch, waiting, order)


def read_all(rows: Any) -> None:
    """The query's rows, sent as text and thrown away; with the same memory for sorting as the command has."""
    sql, values = rows.query.sql_with_params()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{SORT_MEMORY}'")
        text = cursor.mogrify(sql, values).decode()
        cursor.copy_expert(f"COPY ({text}) TO STDOUT", Nowhere())


class Nowhere(io.RawIOBase):
    def write(self, data: Any) -> int:
        return len(data)


def timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
