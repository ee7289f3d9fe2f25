"""How far a worker's long job has come. Kept in the cache: its transaction hides its rows from others until the end."""

from dataclasses import dataclass

from django.core.cache import cache

KEPT_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class ReplayProgress:
    """Steps done of all that are to be done (events played, parts packed); both 0: not begun."""

    done: int = 0
    steps: int = 0


def note_progress(run_id: int, done: int, steps: int, *, job: str = "what-if") -> None:
    """job: the kind of job, where ids of several kinds could meet."""
    cache.set(f"{job}:{run_id}", (done, steps), KEPT_SECONDS)


def progress_of(run_id: int, *, job: str = "what-if") -> ReplayProgress:
    return ReplayProgress(*cache.get(f"{job}:{run_id}", (0, 0)))
