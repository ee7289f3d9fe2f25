"""How accepted rows are kept and counted: a compressed column block per batch, merged into states of days."""

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import repeat
from typing import Any

import orjson

from monitoring.rules import minute_map
from monitoring.rules.columns import Columns
from monitoring.rules.records import SHANGHAI_SECONDS, Row

_EPOCH = date(1970, 1, 1)
_SHANGHAI_MINUTES = SHANGHAI_SECONDS // 60
_MOST_MAPS = 5_000  # days of subjects that are counted side by side; a batch strewn more widely is counted row by row


def pack(rows: Columns) -> bytes:
    """Compressed columns. Minutes count from the first; a column of one value is written once."""
    first = min(rows.minutes, default=0)
    columns = {
        "first": first,
        "minutes": [minute - first for minute in rows.minutes],
        "subjects": rows.subjects,
        "spans": _once(rows.spans),
        "addresses": _once(rows.addresses),
        "modules": _once(rows.modules),
        "counts": _once(rows.counts),
        "names": [list(names) for names in (rows.subject_names, rows.address_names, rows.module_names)],
    }
    return zlib.compress(orjson.dumps(columns), 3)


def unpack(payload: bytes) -> list[Row]:
    told = orjson.loads(zlib.decompress(payload))
    first, number = told["first"], len(told["minutes"])
    subjects, addresses, modules = told["names"]
    return [
        (*subjects[subject], first + minute, span, addresses[address], modules[module], count)
        for minute, subject, span, address, module, count in zip(
            told["minutes"],
            told["subjects"],
            *(_each(told[name], number) for name in ("spans", "addresses", "modules", "counts")),
            strict=True,
        )
    ]


def _once(column: Sequence[int]) -> Sequence[int] | int:
    return column[0] if column and column.count(column[0]) == len(column) else column


def _each(column: Sequence[int] | int, number: int) -> Iterable[int]:
    return repeat(column, number) if isinstance(column, int) else column


@dataclass(slots=True)
class DayState:
    """What is known of one subject on one day. `readings` adds up, the rest is merged."""

    flags: bytearray = field(default_factory=lambda: bytearray(minute_map.MINUTES))
    readings: int = 0
    addresses: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)

    def minutes(self) -> bytes:
        return minute_map.of_flags(self.flags)


DayKey = tuple[str, str, int]  # kind, subject, day number since 1970 in Shanghai


def count(rows: Iterable[Row], states: dict[DayKey, DayState] | None = None) -> dict[DayKey, DayState]:
    """Add rows to the states (in place) and return them. A span that runs over midnight is split."""
    states = {} if states is None else states
    for kind, subject, minute, span, address, module, number in rows:
        day, start = divmod(minute + _SHANGHAI_MINUTES, minute_map.MINUTES)
        state = states.get((kind, subject, day))
        if state is None:
            state = states[kind, subject, day] = DayState()
        if span == 1:
            state.flags[start] = 1
        else:
            _span(states, (kind, subject, day), start, span)
        state.readings += number
        if address:
            state.addresses.add(address)
        if module:
            state.modules.add(module)
    return states


def count_payload(payload: bytes, states: dict[DayKey, DayState]) -> int:
    """As `count` of what is unpacked, without unpacking it row by row where it is plain. Gives how many rows."""
    told = orjson.loads(zlib.decompress(payload))
    minutes, subjects, names = told["minutes"], told["subjects"], told["names"]
    midnight = (told["first"] + _SHANGHAI_MINUTES) // minute_map.MINUTES
    start = told["first"] + _SHANGHAI_MINUTES - midnight * minute_map.MINUTES  # of the first minute, in its day
    days = (start + max(minutes, default=0)) // minute_map.MINUTES + 1
    plain = told["spans"] == 1 and isinstance(told["addresses"], int) and isinstance(told["modules"], int)
    if not plain or days * len(names[0]) > _MOST_MAPS:
        count(unpack(payload), states)
        return len(minutes)
    flags = [bytearray(days * minute_map.MINUTES) for _ in names[0]]
    for subject, minute in zip(subjects, minutes, strict=True):
        flags[subject][start + minute] = 1
    readings = _readings(told, start, days)
    address, module = names[1][told["addresses"]], names[2][told["modules"]]
    for (number, day), read in readings.items():
        kind, subject = names[0][number]
        of_day = flags[number][day * minute_map.MINUTES : (day + 1) * minute_map.MINUTES]
        _add_day(states, (kind, subject, midnight + day), of_day, read, address, module)
    return len(minutes)


def _readings(told: Mapping[str, Any], start: int, days: int) -> dict[tuple[int, int], int]:
    """Readings by number of the subject and of the day."""
    if days == 1 and isinstance(told["counts"], int):
        return {(subject, 0): number * told["counts"] for subject, number in Counter(told["subjects"]).items()}
    found: dict[tuple[int, int], int] = {}
    counts = _each(told["counts"], len(told["minutes"]))
    for subject, minute, number in zip(told["subjects"], told["minutes"], counts, strict=True):
        key = subject, (start + minute) // minute_map.MINUTES
        found[key] = found.get(key, 0) + number
    return found


def _add_day(
    states: dict[DayKey, DayState], key: DayKey, flags: bytearray, readings: int, address: str, module: str
) -> None:
    state = states.get(key)
    if state is None:
        state = states[key] = DayState(flags)
    else:
        state.flags = minute_map.either(state.flags, flags)
    state.readings += readings
    if address:
        state.addresses.add(address)
    if module:
        state.modules.add(module)


def day_of(number: int) -> date:
    return _EPOCH + timedelta(days=number)


def day_number(day: date) -> int:
    return (day - _EPOCH).days


def _span(states: dict[DayKey, DayState], key: DayKey, start: int, span: int) -> None:
    kind, subject, day = key
    here = min(span, minute_map.MINUTES - start)
    if here > 0:
        states[key].flags[start : start + here] = b"\x01" * here
    if span > here > 0:
        after = (kind, subject, day + 1)
        states.setdefault(after, DayState())
        _span(states, after, 0, span - here)
