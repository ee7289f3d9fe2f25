"""A race whose clients, officials and allocator are processes: none of them waits for another's interpreter.

Nothing of the platform is imported above: a new process reads this file before Django is set up in it.
"""

from __future__ import annotations

import logging
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

import django
from django.db import connection, connections

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.synchronize import Event

    from tests.concurrency.race import Race

PROCESSES = 4
_over: Event


def run_in_processes(race: Race, *, clients: int) -> Race:
    """`race.run` with the clients spread over four processes, the officials in a fifth, the allocator in a sixth."""
    from tests.concurrency.race import settle  # noqa: PLC0415  see above

    spawn = multiprocessing.get_context("spawn")
    over = spawn.Event()
    of_each_process = (dict(connection.settings_dict), over)
    with ProcessPoolExecutor(PROCESSES + 2, spawn, initializer=_set_up, initargs=of_each_process) as pool:
        others = [pool.submit(_play, race, role) for role in ("allocator", "officials")]
        parts = [
            pool.submit(_play, race, "clients", range(clients)[place::PROCESSES], clients) for place in range(PROCESSES)
        ]
        try:
            seen = [part.result() for part in parts]
        finally:
            over.set()
        seen += [part.result() for part in others]
    for part in seen:
        race.add(part)
    return settle(race)


def _set_up(database: dict[str, Any], over: Event) -> None:
    """The first thing in a new process."""
    global _over
    django.setup()
    logging.disable(logging.INFO)  # a line for every message to be sent, ten thousand of them
    connections.settings["default"].update(database)
    _over = over


def _play(race: Race, role: str, numbers: Sequence[int] = (), clients: int = 1) -> Race:
    from tests.concurrency.race import begin  # noqa: PLC0415  see above

    for thread in begin(race, role, _over, numbers, clients):
        thread.join()
    return race
