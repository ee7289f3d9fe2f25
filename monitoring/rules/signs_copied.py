"""Sign 1: one stream sent again under other names, as it is or moved by minutes or days.

Streams are not compared pair by pair. Each day gets a fingerprint that stays the same when the day is moved: of all
runs of so many gaps between records the one that hashes lowest. Days of one fingerprint are found by grouping.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate, pairwise

from monitoring.enums import SignKind
from monitoring.rules.minute_map import minutes_in
from monitoring.rules.signs import Found, Limits, evidence, percent, score_of

LONGEST_GAP = 255


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """shape: of the lowest run of gaps; anchor: the minute at which it begins; whole: of the day's whole pattern."""

    shape: int
    whole: int
    anchor: int


@dataclass(frozen=True, slots=True)
class Twin:
    """A stream of the voucher and the stream most like it. days: of how many days the pattern is the same.

    lag: days, shift: minutes by which this one is later (mostly). others: how many streams are like it; vouchers: of
    which vouchers, nearest first.
    """

    subject: str
    days: int
    other_voucher: int
    other_subject: str
    lag: int
    shift: int
    others: int
    vouchers: tuple[int, ...]


def fingerprint(day_map: bytes, run: int, mixed: int) -> Fingerprint | None:
    """None: too few records, or all gaps alike, so that the day says nothing about who made it."""
    minutes = minutes_in(day_map)
    gaps = bytes(min(later - earlier, LONGEST_GAP) for earlier, later in pairwise(minutes))
    if len(gaps) < run:
        return None
    usual = max(set(gaps), key=gaps.count)
    odd = [0, *accumulate(gap != usual for gap in gaps)]
    starts = [start for start in range(len(gaps) - run + 1) if odd[start + run] - odd[start] >= mixed]
    if not starts:
        return None
    start = min(starts, key=lambda one: (zlib.crc32(gaps[one : one + run]), one))
    return Fingerprint(_hash(gaps[start : start + run]), _hash(gaps), minutes[start])


def find_copied(twins: Iterable[Twin], printed_days: int, limits: Limits) -> Found | None:
    """printed_days: days of the voucher that have a fingerprint."""
    alike = sorted((twin for twin in twins if twin.days >= limits["min_days"]), key=lambda twin: -twin.days)
    share = sum(twin.days for twin in alike) / max(printed_days, 1)
    score = score_of(min(share, 1), limits) if alike else 0
    if not score:
        return None
    says = (
        f"{len(alike)} 个数据流与别的数据流雷同，占可比对天数的 {percent(min(share, 1))}；"
        f"{alike[0].subject} 有 {alike[0].days} 天{_moved(alike[0])}。"
    )
    pairs = [
        {"subject": t.subject, "voucher": t.other_voucher, "other": t.other_subject, "days": t.days, "lag": t.lag,
         "shift": t.shift, "others": t.others}
        for t in alike[:12]
    ]  # fmt: skip
    return Found(
        SignKind.COPIED,
        score,
        evidence(
            says,
            subjects=[twin.subject for twin in alike],
            vouchers=[voucher for twin in alike for voucher in twin.vouchers],
            share=round(share, 3),
            pairs=pairs,
        ),
    )


def _moved(twin: Twin) -> str:
    minutes = abs(twin.lag * 1440 + twin.shift)
    if not minutes:
        return "和另一个完全相同"
    days, rest = divmod(minutes, 1440)
    parts = [f"{days} 天" if days else "", f"{rest} 分钟" if rest else ""]
    return f"和另一个相差{''.join(parts)}后相同"


def _hash(content: bytes) -> int:
    """64 bits, signed as the database keeps them."""
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big", signed=True)
