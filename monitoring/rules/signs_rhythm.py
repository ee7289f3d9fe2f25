"""Signs 2 and 3: too regular for machines that people start and stop, and no working hours at all."""

from collections.abc import Sequence
from statistics import fmean, median

from monitoring.enums import SignKind
from monitoring.rules.minute_map import MINUTES
from monitoring.rules.signs import DayFacts, Found, Limits, Stream, evidence, percent, score_of

PARTS = 8  # of a day, three hours each
QUIET_PARTS = 2


def find_regular(stream: Stream, limits: Limits) -> Found | None:
    """Share of the days that belong to streams whose days are nearly all alike."""
    judged = {
        subject: shifts
        for subject, days in stream.by_subject().items()
        if len(shifts := [day for day in days if day.last - day.first < limits["whole_day"]]) >= limits["min_days"]
    }
    alike = {subject: days for subject, days in judged.items() if _hardly_changes(days, limits)}
    total = sum(len(days) for days in judged.values())
    share = sum(len(days) for days in alike.values()) / max(total, 1)
    score = score_of(share, limits)
    if not score:
        return None
    subject, days = max(alike.items(), key=lambda item: len(item[1]))
    first, last = median(day.first for day in days), median(day.last for day in days)
    says = (
        f"{len(alike)} 个数据流天天几乎一样，占天数的 {percent(share)}；例如 {subject} 有 {len(days)} 天"
        f"都在 {_clock(first)} 开始、{_clock(last)} 结束，每天 {median(day.records for day in days):.0f} 条。"
    )
    seen = [day.day for day in days]
    return Found(SignKind.REGULAR, score, evidence(says, days=seen, subjects=alike, share=round(share, 3)))


def find_shapeless(stream: Stream, item: int, limits: Limits) -> Found | None:
    """As busy in the quietest six hours as in others, and on Sundays and holidays as on working days."""
    days = {day.day for day in stream.days}
    if item in limits["items"] or len(days) < limits["min_days"]:
        return None
    rest = stream.rest_days
    if len(rest) < limits["min_rest_days"]:
        return None
    parts = [sum(_part(day.bits, part) for day in stream.days) for part in range(PARTS)]
    quiet = min(parts[part] + parts[(part + 1) % PARTS] for part in range(PARTS))
    flat = quiet * PARTS / QUIET_PARTS / max(sum(parts), 1)
    resting = _busy(stream, at_rest=True) / len(rest)
    working = _busy(stream, at_rest=False) / max(len(days - rest), 1)
    ratio = resting / working if working else 0
    score = score_of(min(flat, ratio), limits)
    if not score:
        return None
    says = (
        f"一天中最闲的六小时，活动量是平均的 {percent(flat)}；星期日和节假日是工作日的 {percent(ratio)}。"
        "看不出上下班和休息。"
    )
    return Found(
        SignKind.SHAPELESS,
        score,
        evidence(
            says,
            days=[day for day in days if day in rest],
            subjects=[day.subject for day in stream.days],
            quiet=round(flat, 3),
            rest=round(ratio, 3),
            hours=parts,
        ),
    )


def _hardly_changes(days: Sequence[DayFacts], limits: Limits) -> bool:
    return (
        _stray([day.first for day in days]) <= limits["edge_minutes"]
        and _stray([day.last for day in days]) <= limits["edge_minutes"]
        and _stray([day.records for day in days]) <= limits["records"]
    )


def _stray(values: Sequence[int]) -> float:
    """Mean distance from the middle."""
    middle = median(values)
    return fmean(abs(value - middle) for value in values)


def _part(bits: int, part: int) -> int:
    """Records in one three-hour part of the day."""
    width = MINUTES // PARTS
    return ((bits >> (MINUTES - width * (part + 1))) & ((1 << width) - 1)).bit_count()


def _busy(stream: Stream, *, at_rest: bool) -> int:
    return sum(day.records for day in stream.days if (day.day in stream.rest_days) == at_rest)


def _clock(minute: float) -> str:
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"
