"""How far a replay has come. Kept in the cache: the worker's transaction hides its rows from others until the end."""

from dataclasses import dataclass

from django.core.cache import cache

KEPT_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class ReplayProgress:
    """Events played of all that are to be played; both 0: not begun."""

    done: int = 0
    steps: int = 0


def note_progress(run_id: int, done: int, steps: int) -> None:
    cache.set(_key(run_id), (done, steps), KEPT_SECONDS)


def progress_of(run_id: int) -> ReplayProgress:
    return ReplayProgress(*cache.get(_key(run_id), (0, 0)))


def _key(run_id: int) -> str:
    return f"what-if:{run_id}"
