"""How accepted rows are kept and counted: a compressed column block per batch, merged into states of days."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import orjson

from monitoring.rules import minute_map
from monitoring.rules.records import SHANGHAI_SECONDS, Row

COLUMNS = ("kind", "subject", "minute", "span", "address", "module", "count")
_EPOCH = date(1970, 1, 1)
_SHANGHAI_MINUTES = SHANGHAI_SECONDS // 60


def pack(rows: Iterable[Row]) -> bytes:
    """Compressed columns; columns compress better than rows and unpack faster."""
    columns = list(zip(*rows, strict=True)) or [() for _ in COLUMNS]
    return zlib.compress(orjson.dumps(dict(zip(COLUMNS, columns, strict=True))), 6)


def unpack(payload: bytes) -> list[Row]:
    columns = orjson.loads(zlib.decompress(payload))
    return list(zip(*(columns[name] for name in COLUMNS), strict=True))


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
