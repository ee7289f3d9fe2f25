"""Every line of a batch read and checked: kinds of lines once, what is odd record by record.

What it gives is what reading record by record gives (held by a test).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import orjson

from monitoring.enums import RejectCode
from monitoring.rules.columns import Columns, Naming, Numbered
from monitoring.rules.line_kinds import NO_MOMENT, NO_TIME, LineKinds, Lines, Numbers, kinds_of
from monitoring.rules.records import Border, check_record, foreign_fields, rest_of, span_taken, subject_of

_NO_TIME, _NO_MOMENT = NO_TIME.decode(), int(NO_MOMENT)
_SOME_TIME = "2000-01-01T00:00:00"
_SOME_MOMENT = int(datetime.fromisoformat(f"{_SOME_TIME}Z").timestamp())
# Other ways to write the name of the time; with one of them a kind might hold two.
_AT, _SPELT = b'"at"', (b"\\u0061", b"\\u0074")


@dataclass(slots=True)
class Reading:
    """places: of the accepted lines, ascending, with their rows. rejected: place, reason and the device to look for.
    dropped: place where fields that are not taken come first, their names, and in how many lines."""

    places: Numbers
    rows: Columns
    rejected: list[tuple[int, RejectCode, str]] = field(default_factory=list)
    dropped: list[tuple[int, list[str], int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What every line of a kind says; zone: seconds by which its clock is ahead of UTC."""

    numbered: Numbered
    zone: int
    foreign: list[str]


def read_lines(lines: Lines, border: Border) -> Reading:
    found, naming = kinds_of(lines), Naming()
    kinds = [
        _kind_of(text, record, border, naming)
        for text, record in zip(found.kinds, all_parsed(found.kinds), strict=True)
    ]
    reading, plain = _plain(found, kinds, border, naming)
    odd = np.sort(np.concatenate([found.odd, found.lines[~plain]])).tolist()
    _read_odd(reading, odd, all_parsed([lines.text(place) for place in odd]), border, naming)
    return reading


def all_parsed(lines: Sequence[bytes]) -> list[Any]:
    """One value a line, None for what is no JSON; all at once if that gives as many values as there are lines.

    Broken lines that happen to complete each other may then be taken for each other: their sender's own doing.
    """
    together = parsed(b"[" + b",".join(lines) + b"]")
    return together if together is not None and len(together) == len(lines) else [parsed(line) for line in lines]


def parsed(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _kind_of(text: bytes, record: Any, border: Border, naming: Naming) -> _Kind | None:
    """None: something of it is to be looked at record by record, or is none of the allowed."""
    if not isinstance(record, dict) or text.count(_AT) != 1 or any(spelt in text for spelt in _SPELT):
        return None
    zone = _zone(record.get("at"))
    subject, rest = subject_of(record, border), rest_of(record)
    if zone is None or isinstance(subject, RejectCode) or isinstance(rest, RejectCode):
        return None
    return _Kind(naming.numbered(subject, *rest), zone, foreign_fields(record))


def _zone(at: Any) -> int | None:
    """Seconds by which its clock is ahead of UTC; None: the time is no time, or is not the one that was taken out."""
    if type(at) is int:
        return 0 if at == _NO_MOMENT else None
    if not isinstance(at, str) or not at.startswith(_NO_TIME):
        return None
    try:
        moment = datetime.fromisoformat(_SOME_TIME + at.removeprefix(_NO_TIME))
    except ValueError:
        return None
    return _SOME_MOMENT - int(moment.timestamp()) if moment.tzinfo else None


def _plain(found: LineKinds, kinds: Sequence[_Kind | None], border: Border, naming: Naming) -> tuple[Reading, Any]:
    """Rows of all lines of good kinds that are in time, and which of the lines that have a kind these are."""
    known = np.array([kind is not None for kind in kinds], bool)
    zones = np.array([kind.zone if kind else 0 for kind in kinds], np.int64)
    moments = found.moments - zones[found.kind_of]
    earliest, latest = span_taken(border)
    plain = known[found.kind_of] & (earliest <= moments) & (moments <= latest)
    kind_of, places = found.kind_of[plain], found.lines[plain]
    table = np.array([kind.numbered if kind else (0, 0, 0, 0) for kind in kinds], np.int64).reshape(-1, 4)
    rows = naming.columns(moments[plain] // 60, *table[kind_of].T)
    return Reading(places, rows, dropped=list(_foreign(kinds, kind_of, places))), plain


def _foreign(kinds: Sequence[_Kind | None], kind_of: Numbers, places: Numbers) -> Iterable[tuple[int, list[str], int]]:
    times = np.bincount(kind_of, minlength=len(kinds))
    for number, kind in enumerate(kinds):
        if kind and kind.foreign and times[number]:
            yield int(places[np.argmax(kind_of == number)]), kind.foreign, int(times[number])


def _read_odd(reading: Reading, places: Sequence[int], records: Sequence[Any], border: Border, naming: Naming) -> None:
    taken: list[int] = []
    rows = []
    for place, record in zip(places, records, strict=True):
        if isinstance(record, dict) and (names := foreign_fields(record)):
            reading.dropped.append((place, names, 1))
        row = check_record(record, border)
        if isinstance(row, RejectCode):
            reading.rejected.append((place, row, _shown_subject(record)))
        else:
            taken.append(place)
            rows.append(row)
    if rows:
        reading.places, order = _merged(reading.places, taken)
        reading.rows = reading.rows.joined(naming.of_rows(rows)).at(order)
    reading.dropped.sort(key=lambda one: one[0])


def _merged(places: Numbers, more: Sequence[int]) -> tuple[Numbers, Numbers]:
    together = np.concatenate([places, np.array(more, np.int64)])
    order = np.argsort(together)
    return together[order], order


def _shown_subject(record: Any) -> str:
    """The device to look for; of accounts nothing is kept, the line says which."""
    subject = record.get("device") if isinstance(record, dict) else None
    return subject[:64] if isinstance(subject, str) else ""
