"""How accepted rows are kept and counted: a compressed column block per batch, merged into states of days."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import orjson

from monitoring.rules import minute_map
from monitoring.rules.columns import Columns, Numbers
from monitoring.rules.records import SHANGHAI_SECONDS, Row

_EPOCH = date(1970, 1, 1)
_SHANGHAI_MINUTES = SHANGHAI_SECONDS // 60
_COLUMNS = ("minutes", "subjects", "spans", "addresses", "modules", "counts")
_STEP = "<i4"
_MOST_MAPS = 5_000  # days of subjects that are counted side by side; a batch strewn more widely is counted row by row


def pack(rows: Columns) -> bytes:
    """Compressed: a line of JSON with the names, then the columns as differences from row to row. A column of one value
    stands in the JSON."""
    told: dict[str, Any] = {
        "rows": len(rows),
        "names": [list(names) for names in (rows.subject_names, rows.address_names, rows.module_names)],
    }
    steps = []
    for name in _COLUMNS:
        column: Numbers = getattr(rows, name)
        first = int(column[0]) if len(column) else 0
        if (column == first).all():
            told[name] = first
        else:
            steps.append(np.diff(column, prepend=0).astype(_STEP).tobytes())
    return zlib.compress(b"".join([orjson.dumps(told), b"\n", *steps]), 1)


def unpack(payload: bytes) -> list[Row]:
    return list(columns_of(payload))


def columns_of(payload: bytes) -> Columns:
    head, steps_follow, steps = zlib.decompress(payload).partition(b"\n")
    told = orjson.loads(head)
    subjects, addresses, modules = told["names"]
    if steps_follow:
        columns = list(_columns(told, steps))
    else:  # as it was kept at first: whole columns in the JSON, minutes from the first one
        minutes = np.array(told["minutes"], np.int64) + told["first"]
        columns = [minutes, *(_each(told[name], len(minutes)) for name in _COLUMNS[1:])]
    named = dict(zip(_COLUMNS, columns, strict=True))
    return Columns(tuple(map(tuple, subjects)), tuple(addresses), tuple(modules), **named)


def _columns(told: Mapping[str, Any], steps: bytes) -> Iterator[Numbers]:
    many = np.frombuffer(steps, _STEP).reshape(-1, told["rows"]) if steps else ()
    following = iter(many)
    for name in _COLUMNS:
        yield _each(told[name], told["rows"]) if name in told else np.cumsum(next(following), dtype=np.int64)


def _each(column: Sequence[int] | int, number: int) -> Numbers:
    return np.full(number, column, np.int64) if isinstance(column, int) else np.array(column, np.int64)


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
    """As `count` of what is unpacked, all rows of a day at once where none runs on. Gives how many rows."""
    rows = columns_of(payload)
    if not len(rows):
        return 0
    days, starts = np.divmod(rows.minutes + _SHANGHAI_MINUTES, minute_map.MINUTES)
    first = int(days.min())
    span = int(days.max()) - first + 1
    if (rows.spans != 1).any() or span * len(rows.subject_names) > _MOST_MAPS:
        count(rows, states)
        return len(rows)
    cells = rows.subjects * span + days - first
    flags = np.zeros((span * len(rows.subject_names), minute_map.MINUTES), np.uint8)
    flags[cells, starts] = 1
    # Sums of float64 are exact here: a batch has far less than 2 ** 53 readings.
    readings = np.bincount(cells, weights=rows.counts, minlength=len(flags)).astype(np.int64).tolist()
    for cell in np.unique(cells).tolist():
        subject, day = divmod(cell, span)
        state = states.setdefault((*rows.subject_names[subject], first + day), DayState())
        state.flags = minute_map.either(state.flags, flags[cell].tobytes())
        state.readings += readings[cell]
    _add_names(states, rows, cells, (span, first))
    return len(rows)


def _add_names(states: Mapping[DayKey, DayState], rows: Columns, cells: Numbers, days: tuple[int, int]) -> None:
    """Addresses and modules, each once for each subject's day. days: how many, and the first."""
    span, first = days
    for numbers, names, field_name in (
        (rows.addresses, rows.address_names, "addresses"),
        (rows.modules, rows.module_names, "modules"),
    ):
        for pair in np.unique(cells * len(names) + numbers).tolist():
            cell, number = divmod(pair, len(names))
            subject, day = divmod(cell, span)
            if names[number]:
                getattr(states[*rows.subject_names[subject], first + day], field_name).add(names[number])


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
