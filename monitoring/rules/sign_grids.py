"""Evidence as pictures: hours of a stream's days, addresses over days, records over days. Levels only, no markup."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitoring.rules.minute_map import MINUTES
from monitoring.rules.signs import DayFacts
from monitoring.rules.signs_places import line_of

ONE_DAY = timedelta(days=1)
HOURS = 24
HOUR_LEVELS = ("没有", "1–3 条", "4–7", "8–11", "12 条以上")
HOUR_EDGES = (1, 4, 8, 12)
STREAM_LEVELS = ("没有", "1 个", "2–3", "4–7", "8 个以上")
STREAM_EDGES = (1, 2, 4, 8)
SHOWN_ADDRESSES, SHOWN_DAYS = 12, 31


@dataclass(frozen=True, slots=True)
class GridRow:
    """cells: levels 0–4 as text; note: what stands at the end of the row."""

    name: str
    cells: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A heat map. columns: "" where no heading is wanted."""

    caption: str
    first: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    levels: tuple[str, ...]


def hour_grid(caption: str, seen: Iterable[DayFacts], days: Sequence[date]) -> Grid:
    """One stream: a row per day, a column per hour."""
    by_day = {one.day: one for one in seen}
    rows = []
    for day in days:
        one = by_day.get(day)
        counts = [_hour(one.bits, hour) for hour in range(HOURS)] if one else [0] * HOURS
        cells = tuple(_level(count, HOUR_EDGES) for count in counts)
        rows.append(GridRow(f"{day:%m-%d}", cells, f"{sum(counts)} 条"))
    columns = tuple(f"{hour}" if hour % 6 == 0 else "" for hour in range(HOURS))
    return Grid(caption, "日期", columns, tuple(rows), HOUR_LEVELS)


def address_grid(caption: str, seen: Iterable[DayFacts], last: date) -> Grid:
    """The busiest addresses (of IPv6, lines): a row for each, a column per day."""
    counts: Counter[tuple[str, date]] = Counter()
    for one in seen:
        counts.update((line, one.day) for line in {line_of(address) for address in one.addresses})
    totals: Counter[str] = Counter()
    for (address, _), number in counts.items():
        totals[address] += number
    days = [last - ONE_DAY * step for step in range(SHOWN_DAYS - 1, -1, -1)]
    rows = tuple(
        GridRow(address, tuple(_level(counts[address, day], STREAM_EDGES) for day in days), f"{total} 个记录日")
        for address, total in totals.most_common(SHOWN_ADDRESSES)
    )
    columns = tuple(f"{day.month}/{day.day}" if place % 7 == 0 else "" for place, day in enumerate(days))
    return Grid(caption, "地址", columns, rows, STREAM_LEVELS)


def records_by_day(seen: Iterable[DayFacts]) -> dict[date, int]:
    """Minutes with a record, over all streams, from the first to the last day, empty days included."""
    counts: Counter[date] = Counter()
    for one in seen:
        counts[one.day] += one.records
    if not counts:
        return {}
    first, last = min(counts), max(counts)
    return {(day := first + ONE_DAY * step): counts[day] for step in range((last - first).days + 1)}


def _hour(bits: int, hour: int) -> int:
    width = MINUTES // HOURS
    return ((bits >> (MINUTES - width * (hour + 1))) & ((1 << width) - 1)).bit_count()


def _level(count: int, edges: Sequence[int]) -> str:
    return str(sum(count >= edge for edge in edges))
