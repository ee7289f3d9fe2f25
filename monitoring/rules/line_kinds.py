"""Lines of a batch sorted by what they say besides when: all that one machine says in a day is one kind, read once.

A large batch says a few hundred different things tens of thousands of times, each at another moment. So the digits of
`at` are taken out of every line, in columns; what is left is the line's kind. Digits of a text stand for themselves in
JSON, and ten digits that do not begin with 0 are a number like any other, so a line reads exactly like its kind, but
for the moment. Lines whose time stands or is written in another way are left to be read one by one, and so is
everything the reader of kinds finds odd.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Bytes = NDArray[np.uint8]
# Stand where the digits were: no time at all, and one so late that nobody's record has it.
NO_TIME, NO_MOMENT = b"9999-99-99T99:99:99", b"9999999999"
_TIME = np.frombuffer(NO_TIME, np.uint8)
_IS_DIGIT = ord("9") == _TIME
_DIGITS, _MARKS = np.flatnonzero(_IS_DIGIT), np.flatnonzero(~_IS_DIGIT)
# What each digit counts for, in the date as one number, the hour, the minute and the second.
_WORTH = np.zeros((len(_DIGITS), 4))
_WORTH[:8, 0] = 10.0 ** np.arange(7, -1, -1)
_WORTH[[8, 9], 1] = _WORTH[[10, 11], 2] = _WORTH[[12, 13], 3] = 10, 1
_TENS = 10 ** np.arange(len(NO_MOMENT) - 1, -1, -1)
_NAMED = re.compile(rb'[{, ]"at" *: *(?="|[1-9])"?')
_WIDEST = 512  # bytes; a longer line is read on its own
_PLACES = 16  # where `at` may stand in the lines of one batch
_WORD = 8
_DAY = 86_400
TakenOut = Callable[[Bytes, Numbers, int], Numbers]
_NEVER = -1


@dataclass(frozen=True, slots=True)
class Lines:
    """Where each line that is not blank begins and ends. numbers: of these lines, from 1, blank ones counted."""

    plain: bytes
    starts: Numbers
    ends: Numbers
    numbers: Numbers

    def __len__(self) -> int:
        return len(self.starts)

    def text(self, place: int) -> bytes:
        return self.plain[self.starts[place] : self.ends[place]]

    def behind_first(self) -> "Lines":
        return replace(self, starts=self.starts[1:], ends=self.ends[1:], numbers=self.numbers[1:])


@dataclass(frozen=True, slots=True)
class LineKinds:
    """kinds: one line of each, `NO_TIME` or `NO_MOMENT` in place of its time. lines: places of those that have a kind,
    ascending; kind_of them; moments: seconds since 1970, of a time with a zone by its own clock. odd: places of the
    others."""

    kinds: list[bytes]
    lines: Numbers
    kind_of: Numbers
    moments: Numbers
    odd: Numbers


def lines_of(plain: bytes) -> Lines:
    """As `bytes.splitlines`, without making the lines; blank ones left out."""
    if b"\r" in plain:
        plain = b"\n".join(plain.splitlines())
    ends = np.append(np.flatnonzero(np.frombuffer(plain, np.uint8) == ord("\n")), len(plain))
    starts = np.append(0, ends[:-1] + 1)
    filled = starts < ends
    first = np.frombuffer(plain + b"\n", np.uint8)[starts]
    for place in np.flatnonzero(filled & (first <= ord(" "))):
        filled[place] = bool(plain[starts[place] : ends[place]].strip())
    return Lines(plain, starts[filled], ends[filled], np.flatnonzero(filled) + 1)


def kinds_of(lines: Lines) -> LineKinds:
    moments = np.full(len(lines), _NEVER)
    if not len(lines) or b"\0" in lines.plain:  # the table is filled up with zeros
        return _kinds(np.zeros((len(lines), _WORD), np.uint8), moments)
    table = _table(lines)
    for rows, place, taken_out in _time_places(lines, table):
        moments[rows] = taken_out(table, rows, place)
    return _kinds(table, moments)


def _kinds(table: Bytes, moments: Numbers) -> LineKinds:
    read = moments != _NEVER
    found = np.flatnonzero(read)
    kinds, kind_of = _grouped(table if read.all() else table[found])
    return LineKinds(kinds, found, kind_of, moments[found], np.flatnonzero(~read))


def _table(lines: Lines) -> Bytes:
    """A row for each line, filled up with zeros."""
    lengths = lines.ends - lines.starts
    longest = min(int(lengths.max()), _WIDEST)
    width = -(-longest // _WORD) * _WORD
    padded = np.frombuffer(lines.plain + bytes(width), np.uint8)
    table = sliding_window_view(padded, width)[lines.starts]
    if int(lengths.min()) == longest:
        table[:, longest:] = 0
    else:
        table[np.arange(width) >= lengths[:, None]] = 0
    return table


def _time_places(lines: Lines, table: Bytes) -> Iterator[tuple[Numbers, int, TakenOut]]:
    """Rows in which the time begins at one place, the place, and how it is read; what is left over has none or an
    unusual one."""
    rest = np.flatnonzero(lines.ends - lines.starts <= table.shape[1])
    for _ in range(_PLACES):
        found = _NAMED.search(lines.text(rest[0])) if len(rest) else None
        if found is None:
            rest = rest[1:]
            continue
        start, end = found.span()
        same = (table[rest, start:end] == np.frombuffer(found[0], np.uint8)).all(axis=1)
        yield rest[same], end, _time_out if found[0].endswith(b'"') else _number_out
        rest = rest[~same]


def _time_out(table: Bytes, rows: Numbers, place: int) -> Numbers:
    """Moments of these rows, whose digits are blotted out; -1: no such time, the row stays as it is."""
    time = table[rows, place : place + len(NO_TIME)]
    if time.shape[1] < len(NO_TIME):
        return np.full(len(rows), _NEVER)
    digits = time[:, _DIGITS] - ord("0")
    day, hour, minute, second = (digits @ _WORTH).astype(np.int64).T
    days = _days(day)
    right = (digits <= 9).all(axis=1) & (time[:, _MARKS] == _TIME[_MARKS]).all(axis=1)
    right &= (hour < 24) & (minute < 60) & (second < 60) & (days != _NEVER)
    table[rows[right], place : place + len(NO_TIME)] = _TIME
    moments: Numbers = np.where(right, days * _DAY + hour * 3600 + minute * 60 + second, _NEVER)
    return moments


def _number_out(table: Bytes, rows: Numbers, place: int) -> Numbers:
    """As `_time_out`, of seconds since 1970."""
    digits = table[rows, place : place + len(NO_MOMENT)] - ord("0")
    if digits.shape[1] < len(NO_MOMENT):
        return np.full(len(rows), _NEVER)
    right = (digits <= 9).all(axis=1) & (digits[:, 0] > 0)
    table[rows[right], place : place + len(NO_MOMENT)] = np.frombuffer(NO_MOMENT, np.uint8)
    moments: Numbers = np.where(right, digits @ _TENS, _NEVER)
    return moments


def _days(written: Numbers) -> Numbers:
    """Days since 1970 of dates as numbers (20201012)."""
    if written.size and (written == written[0]).all():
        return np.full(len(written), _day(int(written[0])))
    different, which = np.unique(written, return_inverse=True)
    return np.array([_day(int(one)) for one in different], np.int64)[which]


@lru_cache(maxsize=4096)
def _day(written: int) -> int:
    try:
        day = date(written // 10_000, written // 100 % 100, written % 100)
    except ValueError:
        return _NEVER
    return max((day - date(1970, 1, 1)).days, _NEVER)


def _grouped(table: Bytes) -> tuple[list[bytes], Numbers]:
    """Different rows in the order in which they come, and which of them each row is. Equal neighbours are looked at
    once."""
    words = table.view(np.uint64)
    begins = np.append(
        np.zeros(min(len(table), 1), np.int64), np.flatnonzero((words[1:] != words[:-1]).any(axis=1)) + 1
    )
    kinds: dict[bytes, int] = {}
    # As text of a fixed width a row loses the zeros it was filled up with.
    texts = table[begins].view(f"S{table.shape[1]}").ravel().tolist()
    which = np.array([kinds.setdefault(text, len(kinds)) for text in texts], np.int64)
    return list(kinds), np.repeat(which, np.diff(np.append(begins, len(table))))
