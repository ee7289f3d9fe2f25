"""What the platform costs around the rule: WHAT_IF_APPLICATIONS (100,000) real cases assessed again under other numbers.

The platform reads them from the database, assesses each under the present numbers (the check) and under the others,
and adds up; writing the report and drawing the page are not in it. So it makes two assessments an application. Its
peers make the same two of the same cases: a plain loop over cases that are in memory already, and a loop that gets each
voucher by one query of the ORM before (over a part, WHAT_IF_QUERIES). Nothing is remembered from case to case: equal
cases are assessed again. The three take turns, WHAT_IF_ROUNDS times; the medians count.
"""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from statistics import median
from typing import Any

from catalog.rules.assessment import assess
from catalog.rules.case import AssessmentCase, case_from_json
from tests.concurrency.crowd import make_crowd
from tests.vouchers.past import decide_all
from tests.vouchers.world import make_world
from vouchers.models import Voucher
from vouchers.queries.policy_trial import Policy, applications, policy_of, try_policy

APPLICATIONS = int(os.environ.get("WHAT_IF_APPLICATIONS", "100000"))
QUERIES = int(os.environ.get("WHAT_IF_QUERIES", "3000"))
ROUNDS = int(os.environ.get("WHAT_IF_ROUNDS", "3"))
EACH = 5
TOTALS = ("48000.00", "126500.00", "180000.00", "260000.00", "99800.50", "310000.00", "75000.00")
RATES = [
    {"class": "A", "region": None, "pilot": None, "rate": "0.75", "clause": "S19/4.4.2"},
    {"class": "B", "region": None, "pilot": None, "rate": "0.60", "clause": "S19/4.4.2"},
    {"class": None, "region": None, "pilot": None, "rate": "0.60", "clause": "S19/4.4.2"},
]


def run() -> dict[str, dict[str, Any]]:
    world = make_world(city_total="")
    crowd = make_crowd(world, enterprises=APPLICATIONS // EACH, each=EACH, totals=TOTALS)
    decide_all(crowd)
    period = world.period
    policy = policy_of(period, period.edition, {"rates": RATES})
    cases = [row.case for row in applications(period)]
    ids = list(Voucher.objects.filter(period=period).order_by("pk").values_list("pk", flat=True)[:QUERIES])
    tried = try_policy(period, policy)
    platform, loop, queries = [], [], []
    for _ in range(ROUNDS):
        platform.append(timed(lambda: try_policy(period, policy)) / len(cases))
        loop.append(timed(lambda: rule_loop(cases, policy)) / len(cases))
        queries.append(timed(lambda: query_loop(ids, policy)) / len(ids))
    each = median(platform)
    return {
        "ratios": {
            "platform_vs_rule_loop": round(median(loop) / each, 2),
            "platform_vs_query_per_case": round(median(queries) / each, 1),
        },
        "counts": {"applications": tried.applications, "wrong": tried.wrong_count, "changed": len(tried.changed)},
        "figures": {
            "assessments_per_s": round(2 / each),
            "applications_per_s": round(1 / each),
            "platform_seconds": round(each * len(cases), 2),
            "rule_loop_seconds": round(median(loop) * len(cases), 2),
            "query_per_case_us": round(median(queries) * 1_000_000),
            "load": [round(one, 1) for one in os.getloadavg()],
        },
    }


def timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


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
        other = replace(case, edition=policy.other.code)
        total += assess(other, policy.other).amount - assess(case, policy.present).amount
    return total
