"""Work lists at size: page LISTS_PAGE (5,000) of LISTS_ROWS (1,000,000) vouchers against the first page.

Pages are turned by key, so a deep page is asked for by the id at its edge; counts stop at their limit.
"""

import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from platform_site.kit.work_lists import COUNT_LIMIT, PAGE_SIZE, count_of, key_page
from settlement.queries import redemptions_visible_to
from tests.benchmarks.settlement import load
from tests.settlement.many import FIRST
from tests.vouchers.world import FOSHAN
from vouchers.queries import vouchers_visible_to

ROWS = int(os.environ.get("LISTS_ROWS", "1000000"))
PAGE = int(os.environ.get("LISTS_PAGE", "5000"))
ROUNDS = int(os.environ.get("LISTS_ROUNDS", "21"))


def run() -> dict[str, dict[str, Any]]:
    world = load(ROWS)
    officer = world.city(FOSHAN)["reviewer"]
    edge = str(FIRST + ROWS - (PAGE - 1) * PAGE_SIZE)
    figures, ratios, counts = {}, {}, {}
    for name, visible in (("vouchers", vouchers_visible_to), ("redemptions", redemptions_visible_to)):
        base = visible(officer)
        first, shown = timed(lambda base=base: key_page(base, {}).rows)
        deep, deep_shown = timed(lambda base=base: key_page(base, {"after": edge}).rows)
        counting, _ = timed(lambda base=base: [count_of(base)])
        key = "deep_page_vs_first" if name == "vouchers" else f"deep_page_vs_first_{name}"
        ratios[key] = round(deep / first, 2)
        figures |= {f"{name}_first_ms": first, f"{name}_deep_ms": deep, f"{name}_count_ms": counting}
        counts |= {f"{name}_shown": shown, f"{name}_deep_shown": deep_shown}
    return {"ratios": ratios, "counts": {**counts, "count_limit": COUNT_LIMIT}, "figures": figures}


def timed(work: Callable[[], list[Any]]) -> tuple[float, int]:
    """Median milliseconds, and how many rows came."""
    taken, rows = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        rows = work()
        taken.append((time.perf_counter() - began) * 1000)
    return round(median(taken), 2), len(rows)
