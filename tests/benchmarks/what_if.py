"""What the platform costs around the rule: WHAT_IF_APPLICATIONS (100,000) real cases assessed again under other numbers.

The platform reads them from the database, assesses each under the present numbers (the check) and under the others,
and adds up; writing the report and drawing the page are not in it. So it makes two assessments an application. Its
peers make the same two by the same function of the same cases: a plain loop over cases that are in memory already (it
neither reads, nor adds up, nor carries what an enterprise's earlier applications take of its cap), and a loop that gets
each voucher before by one query of the ORM as one writes it first, with its enterprise, both rows whole, and reads its
case (over a part, WHAT_IF_QUERIES). Nothing is remembered from case to case: equal cases are assessed again.

What counts is processor time, this process's and that of the database's own process for it, so that others on the
machine cost little; the wall's seconds stand beside it. The three take turns, WHAT_IF_ROUNDS times, each round in
another order; a ratio is the median of the rounds' own ratios.
"""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection

from catalog.rules.assessment import assess
from catalog.rules.case import AssessmentCase, case_from_json
from tests.concurrency.crowd import make_crowd
from tests.vouchers.past import decide_all
from tests.vouchers.world import make_world
from vouchers.models import Voucher
from vouchers.queries.policy_trial import Policy, applications, policy_of, try_policy

APPLICATIONS = int(os.environ.get("WHAT_IF_APPLICATIONS", "100000"))
QUERIES = int(os.environ.get("WHAT_IF_QUERIES", "3000"))
ROUNDS = int(os.environ.get("WHAT_IF_ROUNDS", "5"))
EACH = 5
TOTALS = ("48000.00", "126500.00", "180000.00", "260000.00", "99800.50", "310000.00", "75000.00")
RATES = [
    {"class": "A", "region": None, "pilot": None, "rate": "0.75", "clause": "S19/4.4.2"},
    {"class": "B", "region": None, "pilot": None, "rate": "0.60", "clause": "S19/4.4.2"},
    {"class": None, "region": None, "pilot": None, "rate": "0.60", "clause": "S19/4.4.2"},
]


@dataclass
class Costs:
    """Per application, round by round: processor seconds and the wall's."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


def run() -> dict[str, dict[str, Any]]:
    world = make_world(city_total="")
    crowd = make_crowd(world, enterprises=APPLICATIONS // EACH, each=EACH, totals=TOTALS)
    decide_all(crowd)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # a period that is tried was not written a second ago
    period = world.period
    policy = policy_of(period, period.edition, {"rates": RATES})
    cases = [row.case for row in applications(period)]
    ids = list(Voucher.objects.filter(period=period).order_by("pk").values_list("pk", flat=True)[:QUERIES])
    tried = try_policy(period, policy)
    platform, loop, queries = Costs(), Costs(), Costs()
    sides: list[tuple[Costs, int, Callable[[], Any]]] = [
        (platform, len(cases), lambda: try_policy(period, policy)),
        (loop, len(cases), lambda: rule_loop(cases, policy)),
        (queries, len(ids), lambda: query_loop(ids, policy)),
    ]
    for number in range(ROUNDS):
        for place in range(len(sides)):
            measure(*sides[(number + place) % len(sides)])
    return {
        "ratios": {
            "platform_vs_rule_loop": round(ratio(loop, platform), 2),
            "platform_vs_query_per_case": round(ratio(queries, platform), 1),
        },
        "counts": {"applications": tried.applications, "wrong": tried.wrong_count, "changed": len(tried.changed)},
        "figures": {
            "assessments_per_s": round(2 / median(platform.wall)),
            "applications_per_s": round(1 / median(platform.wall)),
            "platform_seconds": round(median(platform.wall) * len(cases), 2),
            "platform_cpu_us": round(median(platform.cpu) * 1_000_000, 1),
            "rule_loop_cpu_us": round(median(loop.cpu) * 1_000_000, 1),
            "query_per_case_cpu_us": round(median(queries.cpu) * 1_000_000, 1),
            "load": [round(one, 1) for one in os.getloadavg()],
        },
    }


def ratio(slower: Costs, faster: Costs) -> float:
    """How many times the one's processor time the other takes: the middle of what the rounds say."""
    return median(one / other for one, other in zip(slower.cpu, faster.cpu, strict=True))


def measure(costs: Costs, number: int, work: Callable[[], Any]) -> None:
    gc.collect()
    wall, cpu = time.perf_counter(), processor_seconds()
    work()
    costs.cpu.append((processor_seconds() - cpu) / number)
    costs.wall.append((time.perf_counter() - wall) / number)


def processor_seconds() -> float:
    """This process's, and what the server has spent on this connection."""
    connection.ensure_connection()
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def rule_loop(cases: list[AssessmentCase], policy: Policy) -> Decimal:
    """The rule alone, over the frozen cases under both sets of numbers."""
    total = Decimal(0)
    for case in cases:
        total += assess(case, policy.other).amount - assess(case, policy.present).amount
    return total


def query_loop(ids: list[int], policy: Policy) -> Decimal:
    """As one writes it first: get the voucher, read its case, assess."""
    total = Decimal(0)
    for pk in ids:
        voucher = Voucher.objects.select_related("enterprise").get(pk=pk)
        case = case_from_json(voucher.case)
        total += assess(case, policy.other).amount - assess(case, policy.present).amount
    return total
