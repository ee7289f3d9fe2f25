"""Records that all look alike are checked by columns: each distinct value once, not each record.

What it gives is what checking record by record gives (held by a test). At the first thing that is not plain it gives
up, and the records are checked one by one, each with its own reason.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from monitoring.enums import RejectCode
from monitoring.rules.columns import Columns, Part
from monitoring.rules.records import MAX_COUNT, SECONDS, Border, minute_of, rest_of, span_taken, subject_of

Values = dict[str, list[Any]]


def part_of(records: Sequence[Any], columns: Columns, border: Border) -> Part | None:
    """Every record accepted, numbered for these columns; None: they differ in their fields, or one may be rejected."""
    layout = list(records[0]) if isinstance(records[0], dict) else []
    if "at" not in layout or ("device" in layout) == ("user" in layout):
        return None
    try:
        if set(map(len, records)) != {len(layout)}:
            return None
        # As many fields as the first and each of its own: the same ones.
        return _part({name: list(map(itemgetter(name), records)) for name in layout}, columns, border)
    except (KeyError, TypeError):  # another field, no record at all, or a value that is a list or a number
        return None


def _part(values: Values, columns: Columns, border: Border) -> Part | None:
    minutes = _minutes(values["at"], border)
    subjects = _subjects(values, columns, border)
    addresses = _texts(values, "address", columns.address_names, itemgetter(0))
    modules = _texts(values, "module", columns.module_names, itemgetter(1))
    counts = _counts(values)
    if minutes is None or subjects is None or addresses is None or modules is None or counts is None:
        return None
    return Part(subjects, minutes, addresses, modules, counts)


def _subjects(values: Values, columns: Columns, border: Border) -> list[int] | None:
    name = "device" if "device" in values else "user"
    numbers: dict[str, int] = {}
    for value in set(values[name]):
        subject = subject_of({name: value}, border)
        if isinstance(subject, RejectCode):
            return None
        numbers[value] = columns.subject_number(subject)
    return [numbers[value] for value in values[name]]


def _minutes(times: Sequence[Any], border: Border) -> list[int] | None:
    """Minutes since 1970. Each spelling is looked at once, and of times written alike but for their seconds one is
    read."""
    begins, minutes = border.memo.minutes, {}
    earliest, latest = span_taken(border)
    for at in set(times):
        if at[17:19] not in SECONDS:
            return None
        spelling = at[:17] + at[19:]
        second = begins.get(spelling, -1)
        if second < 0:
            second = begins[spelling] = minute_of(at) or -1
        if second % 60 or not earliest <= second <= latest - 59:
            return None
        minutes[at] = second // 60
    return [minutes[at] for at in times]


def _texts(
    values: Values, name: str, names: dict[str, int], place: Callable[[tuple[str, str, int]], Any]
) -> list[int] | None:
    """Numbers of an optional text; missing is empty."""
    if name not in values:
        return [names.setdefault("", len(names))] * len(values["at"])
    numbers: dict[str, int] = {}
    for value in set(values[name]):
        kept = rest_of({name: value})
        if isinstance(kept, RejectCode):
            return None
        numbers[value] = names.setdefault(place(kept), len(names))
    return [numbers[value] for value in values[name]]


def _counts(values: Values) -> list[int] | None:
    if "count" not in values:
        return [1] * len(values["at"])
    counts = values["count"]
    right = set(map(type, counts)) == {int} and min(counts) > 0 and max(counts) <= MAX_COUNT
    return counts if right else None
