"""Two things at once, each with its own connection."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def in_another_thread(work: Callable[[], T]) -> T:
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result(timeout=30)


def all_at_once(*works: Callable[[], T]) -> list[T | Exception]:
    """What each returned or raised, in the order given."""

    def run(work: Callable[[], T]) -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(works)) as pool:
        futures: list[Future[T]] = [pool.submit(run, work) for work in works]
        return [future.exception(timeout=30) or future.result() for future in futures]  # type: ignore[misc]
