"""Load from separate processes, loopback only, bounded in number and time."""

import http.client
import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

from platform_site.kit import clock
from tests.concurrency import presses as presses_
from tests.concurrency.crowd import Applicant
from vouchers import domain
from vouchers.models import Voucher

PATIENCE = 240.0
_fork = multiprocessing.get_context("fork")


@dataclass
class Load:
    """What a load has brought. `answered`: vouchers whose press was acknowledged. `seconds`: of each answer."""

    began: float = 0.0
    ended: float = 0.0
    answered: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def rate(self) -> float:
        return len(self.answered) / (self.ended - self.began)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def run(work: Callable[[Any], list[tuple[int, float, bool]]], shares: Sequence[Any]) -> Load:
    """One process per share, started together; each gives (voucher, seconds, acknowledged)."""
    connections.close_all()
    gate, answers = _fork.Barrier(len(shares) + 1), _fork.Queue()
    workers = [_fork.Process(target=_begin, args=(work, gate, share, answers), daemon=True) for share in shares]
    for worker in workers:
        worker.start()
    gate.wait(PATIENCE)
    load = Load(began=time.monotonic())
    for _ in workers:
        found = answers.get(timeout=PATIENCE)
        if isinstance(found, BaseException):
            raise found
        for pk, seconds, fine in found:
            load.seconds.append(seconds)
            if fine:
                load.answered.append(pk)
            else:
                load.refused += 1
    load.ended = time.monotonic()
    for worker in workers:
        worker.join(10)
    return load


def _begin(work: Any, gate: Any, share: Any, answers: Any) -> None:
    gate.wait(PATIENCE)
    try:
        answers.put(work(share))
    except BaseException as error:
        answers.put(error)
        raise


def press_directly(applicants: Sequence[Applicant]) -> list[tuple[int, float, bool]]:
    """The domain's command, without HTTP."""
    found = []
    rows = Voucher._default_manager.select_related("contract")
    for one in applicants:
        for pk in one.voucher_ids:
            began = time.monotonic()
            domain.submit_prepared(voucher=rows.get(pk=pk), key=f"rush-{pk}", by=one.actor, at=clock.now())
            found.append((pk, time.monotonic() - began, True))
    connections.close_all()
    return found


@dataclass(frozen=True)
class Press:
    """One POST. `cookies` "": a visitor."""

    pk: int
    path: str
    fields: dict[str, str]
    cookies: str = ""


def press_over_http(share: tuple[int, int, Sequence[Press]]) -> list[tuple[int, float, bool]]:
    """(port, threads, presses): so many connections that are kept open."""
    port, threads, presses = share
    found: list[tuple[int, float, bool]] = []
    pool = [threading.Thread(target=_press_each, args=(port, presses[n::threads], found)) for n in range(threads)]
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join(PATIENCE)
    return found


def _press_each(port: int, presses: Sequence[Press], found: list[tuple[int, float, bool]]) -> None:
    web = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for press in presses:
        began = time.monotonic()
        fine = presses_.press(web, press.path, press.fields, press.cookies)
        found.append((press.pk, time.monotonic() - began, fine))
    web.close()
