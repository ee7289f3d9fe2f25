"""The one clock. Its offset is zero in production; demo and tests may dial it (see `manage.py dial_clock`).

The offset lies in a file so that web, worker and allocator of one machine agree; SQL gets the same offset as a
parameter (`sql_now`), so that an order read by the database and a time read by Python belong together.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

_ZERO = timedelta(0)
_remembered: tuple[tuple[str, int, int], timedelta] | None = None


def offset() -> timedelta:
    """How far the platform's clock is ahead of the machine's; always zero where it may not be dialled."""
    global _remembered
    if not settings.CLOCK_MAY_BE_DIALLED:
        return _ZERO
    path = Path(settings.CLOCK_OFFSET_FILE)
    try:
        stat = path.stat()
    except FileNotFoundError:
        return _ZERO
    key = (str(path), stat.st_mtime_ns, stat.st_ino)  # each dialling makes another file, faster than times may tell
    if _remembered is None or _remembered[0] != key:
        _remembered = (key, timedelta(seconds=float(path.read_text() or 0)))
    return _remembered[1]


def dial(to: timedelta) -> None:
    """Set the offset for every process that shares the file. Raises RuntimeError in production."""
    global _remembered
    if not settings.CLOCK_MAY_BE_DIALLED:
        raise RuntimeError("the clock may not be dialled here (CLOCK_MAY_BE_DIALLED is off)")
    path = Path(settings.CLOCK_OFFSET_FILE)
    fresh = path.with_suffix(".new")
    fresh.write_text(f"{to.total_seconds():.6f}")
    fresh.replace(path)
    _remembered = None


def now() -> datetime:
    """Aware UTC time of the platform. Read at the edges only and passed down as `at`."""
    return datetime.now(UTC) + offset()


def sql_now() -> tuple[str, tuple[timedelta]]:
    """SQL expression and parameters of the same clock, read by the database at the moment of evaluation."""
    return "(clock_timestamp() + %s)", (offset(),)
