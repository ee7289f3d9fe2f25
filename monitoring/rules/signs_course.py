"""Signs 6, 8 and 9: how the data arrived, what came after the payment, and what the operators saw."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitoring.enums import SignKind
from monitoring.rules.cross_check import cross_check
from monitoring.rules.signs import Found, Limits, Stream, evidence, percent, score_of

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One accepted delivery. on: the day it came; first, last: the days its records are of; late: records more than
    two days old then."""

    on: date
    first: date
    last: date
    records: int
    late: int


@dataclass(frozen=True, slots=True)
class BothSaw:
    """A stream's day that supplier and operator both reported on, in active minutes."""

    subject: str
    day: date
    supplier: int
    operator: int


def find_backfill(arrivals: Sequence[Arrival], limits: Limits) -> Found | None:
    """Most of the records came long after they are said to have happened, many days in one day's deliveries."""
    records, late = sum(one.records for one in arrivals), sum(one.late for one in arrivals)
    share = late / max(records, 1)
    reach, on = max(((_reach(group), day) for day, group in _by_day(arrivals).items()), default=(0, date.min))
    score = score_of(share, limits) if reach >= limits["span_days"] else 0
    if not score:
        return None
    says = f"{records:,} 条记录中，{percent(share)} 是两天以后才送到的；{on:%Y-%m-%d} 一天补传了 {reach} 天的数据。"
    return Found(SignKind.BACKFILL, score, evidence(says, days=[on], share=round(share, 3), reach=reach, late=late))


def find_stopped(stream: Stream, paid_on: date | None, today: date, limits: Limits) -> Found | None:
    """Activity on working days after the payment against the weeks before it."""
    if paid_on is None or (today - paid_on).days <= limits["wait_days"]:
        return None
    start = max(paid_on - limits["before_days"] * ONE_DAY, min((day.day for day in stream.days), default=paid_on))
    before = _working_days(start, paid_on, stream.rest_days)
    after = _working_days(paid_on + ONE_DAY, today, stream.rest_days)
    if not before or not after:
        return None
    was, now = (_mean(stream, days) for days in (before, after))
    fall = 1 - now / was if was else 0
    score = score_of(fall, limits)
    if not score:
        return None
    says = (
        f"{paid_on:%Y-%m-%d} 兑付前每个工作日 {was:.0f} 条记录，之后 {len(after)} 个工作日平均 {now:.0f} 条，"
        f"下降 {percent(fall)}。"
    )
    last = max((day.day for day in stream.days), default=paid_on)
    return Found(
        SignKind.STOPPED,
        score,
        evidence(
            says,
            days=[paid_on, last],
            subjects=[day.subject for day in stream.days],
            before=round(was, 1),
            after=round(now, 1),
            fall=round(fall, 3),
        ),
    )


def find_contradicted(both: Sequence[BothSaw], min_minutes: int, limits: Limits) -> Found | None:
    """Days of which one source says used and the other not."""
    least = max(min_minutes, 1)
    against = [one for one in both if cross_check(one.supplier, one.operator, least).conflict]
    share = len(against) / max(len(both), 1)
    score = score_of(share, limits) if len(against) >= limits["min_days"] else 0
    if not score:
        return None
    silent = sum(one.operator == 0 for one in against)
    says = (
        f"运营商也有反馈的 {len(both)} 个记录日中，{len(against)} 个（{percent(share)}）两边结果相反，"
        f"其中 {silent} 个运营商没有看到任何连接。"
    )
    return Found(
        SignKind.CONTRADICTED,
        score,
        evidence(
            says,
            days=[one.day for one in against],
            subjects=[one.subject for one in against],
            share=round(share, 3),
            silent=silent,
        ),
    )


def _by_day(arrivals: Iterable[Arrival]) -> dict[date, list[Arrival]]:
    found: dict[date, list[Arrival]] = defaultdict(list)
    for one in arrivals:
        if one.late:
            found[one.on].append(one)
    return found


def _reach(arrivals: Sequence[Arrival]) -> int:
    """Days from the first to the last that one day's deliveries speak of."""
    return (max(one.last for one in arrivals) - min(one.first for one in arrivals)).days + 1


def _working_days(first: date, end: date, rest: frozenset[date]) -> set[date]:
    """From `first` up to the day before `end`."""
    days = (first + ONE_DAY * step for step in range((end - first).days))
    return {day for day in days if day not in rest}


def _mean(stream: Stream, days: set[date]) -> float:
    return sum(day.records for day in stream.days if day.day in days) / len(days)
