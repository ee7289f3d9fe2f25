"""A notice list of 10,000 lines as PDF: drawn in parts and merged, against drawn as a whole. Same template, same machine.

Memory is that of all child processes alive at one moment (resident, sampled), beyond this process; time is the wall's,
so measure on an idle machine.
PLATFORM_BENCH_LINES: how many lines.
"""

import io
import os
import random
import resource
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.template.loader import render_to_string
from pypdf import PdfReader

from platform_site.kit import pdf as whole_pdf
from settlement.documents import annex_pages, in_words, parts_pdf

LINES = int(os.environ.get("PLATFORM_BENCH_LINES", "10000"))
MEGABYTE = 1 << 20
NAMES = "衡栎渡榕泰穗岭金盛恒昌瑞丰华达信立兴隆宏远精工科创联合顺通海天云智数力"


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    cpu: float
    memory: float
    size: float
    pages: int


def run() -> dict[str, dict[str, Any]]:
    context = made_context(LINES)
    chunked = measured(lambda: parts_pdf(context))
    # The whole needs more than the platform lets a child have: that is the point.
    with mock.patch.multiple(whole_pdf, MEMORY_LIMIT=16_000_000_000, TIME_LIMIT=1_800):
        whole = measured(lambda: whole_pdf.render_pdf(render_to_string("documents/notice_list.html", context)))
    return {
        "ratios": {
            "memory_chunked_vs_whole": chunked.memory / whole.memory,
            "time_chunked_vs_whole": chunked.seconds / whole.seconds,
            "size_chunked_vs_whole": chunked.size / whole.size,
        },
        "counts": {"lines": LINES, "pages_chunked": chunked.pages, "pages_whole": whole.pages},
        "figures": {
            "chunked_seconds": chunked.seconds,
            "whole_seconds": whole.seconds,
            "chunked_cpu_seconds": chunked.cpu,
            "whole_cpu_seconds": whole.cpu,
            "chunked_mb": chunked.memory,
            "whole_mb": whole.memory,
            "chunked_file_mb": chunked.size,
            "whole_file_mb": whole.size,
        },
    }


def measured(draw: Callable[[], bytes]) -> Run:
    peak, over = [0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(peak, over), daemon=True)
    watcher.start()
    started, worked = time.monotonic(), _cpu()
    content = draw()
    seconds, cpu = time.monotonic() - started, _cpu() - worked
    over.set()
    watcher.join()
    return Run(seconds, cpu, peak[0] / MEGABYTE, len(content) / MEGABYTE, len(PdfReader(io.BytesIO(content)).pages))


def _cpu() -> float:
    """Seconds of the processor in all children that have ended: a busy machine lengthens the wall's time, not this."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _watch(peak: list[int], over: threading.Event) -> None:
    while not over.wait(0.05):
        peak[0] = max(peak[0], sum(map(_resident, _children(os.getpid()))))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, task.read_text().split())
    return found


def _resident(pid: int) -> int:
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def made_context(count: int) -> dict[str, Any]:
    """A list as `settlement.documents` gives it to the template, without the database."""
    chance = random.Random(20200401)
    lines = [_line(number, chance) for number in range(1, count + 1)]
    total = sum((line.amount for line in lines), Decimal("0.00"))
    office = "佛山市工业和信息化局"
    return {
        "letter": True,
        "list": SimpleNamespace(number="GS4406-2020-01", title="佛山市2020年第一批服务券兑现公示", issuer=office),
        "version": SimpleNamespace(version=1, count=count, total=total, bonus_total=0, matching_total=0, reason=""),
        "pages": annex_pages(lines),
        "round": "一",
        "total": total,
        "total_in_words": in_words(total),
        "edition": SimpleNamespace(code="2020", document=SimpleNamespace(title="实施方案", number="粤工信〔2020〕1号")),
        "qr": "",
        "fingerprint": "",
        "digits": "0123 4567 89ab cdef",
    }


def _line(number: int, chance: random.Random) -> Any:
    def name(length: int) -> str:
        return "".join(chance.choices(NAMES, k=length))

    return SimpleNamespace(
        line_no=number,
        enterprise_name=f"佛山市{name(4)}五金制品有限公司",
        supplier_name=f"{name(4)}工业软件（广州）有限公司",
        product_name=f"{name(3)}云制造执行系统",
        amount=Decimal(chance.randrange(100_000, 30_000_000)) / 100,
        bonus=Decimal("0.00"),
        matching=Decimal("0.00"),
    )
