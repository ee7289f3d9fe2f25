"""When a supplier's endpoint is asked again: every few minutes while it answers, ever more rarely when it does not."""

from datetime import datetime, timedelta

from monitoring.enums import Breaker

EVERY = timedelta(minutes=5)
LEASE = timedelta(minutes=2)  # whoever asks has so long, then another may: longer than one page can take
OPENS_AFTER = 5  # failures in a row
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)
FIRST_REST, LONGEST_REST = timedelta(hours=1), timedelta(hours=24)


def pause_after(failures: int, grain: float) -> timedelta:
    """After so many failures in a row. grain: 0 to 1, spreads endpoints that failed together by a quarter each way."""
    if failures < OPENS_AFTER:
        whole = min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE)
    else:
        whole = min(FIRST_REST * 2 ** min(failures - OPENS_AFTER, 10), LONGEST_REST)
    return whole * (0.75 + grain / 2)


def breaker(failures: int, due_at: datetime, at: datetime) -> Breaker:
    """Open: not asked at all until the rest is over; then one trial decides."""
    if failures < OPENS_AFTER:
        return Breaker.CLOSED
    return Breaker.OPEN if at < due_at else Breaker.HALF_OPEN
