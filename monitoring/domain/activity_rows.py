"""Activity days into their table, many at once: merged here, written by one statement for thousands of rows."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection

from monitoring.enums import SourceKind, stream_of
from monitoring.models import DeviceDay, Source, UserDay
from monitoring.rules import minute_map
from monitoring.rules.payload import DayState
from platform_site.kit.compiled import one_of

AT_ONCE = 2_000
Key = tuple[str, date]  # subject and day
# What is known of a day: minutes, readings, addresses, modules.
Known = tuple[bytes, int, list[str], list[str]]
_NOTHING: Known = (minute_map.EMPTY, 0, [], [])
_TABLES: dict[str, tuple[type[DeviceDay] | type[UserDay], str]] = {
    "d": (DeviceDay, "device_id"),
    "u": (UserDay, "user"),
}
_WRITE = """
INSERT INTO {table} (voucher_id, source_kind, {name}, day, minutes, minute_count, readings, addresses, modules)
SELECT %s, %s, subject, day, minutes, minute_count, readings, addresses::varchar[], modules::varchar[]
FROM unnest(%s::varchar[], %s::date[], %s::bytea[], %s::int[], %s::bigint[], %s::text[], %s::text[])
    AS told (subject, day, minutes, minute_count, readings, addresses, modules)
ON CONFLICT (voucher_id, source_kind, {name}, day) DO UPDATE SET minutes = EXCLUDED.minutes,
    minute_count = EXCLUDED.minute_count, readings = EXCLUDED.readings, addresses = EXCLUDED.addresses,
    modules = EXCLUDED.modules
"""


def write_days(source: Source, kind: str, days: Mapping[Key, DayState]) -> None:
    """Merge what was counted of one kind of subject ("d", "u") into what is known. Nobody else may fold the source."""
    model, name = _TABLES[kind]
    # Operators give exact spans; a supplier's record stands for its whole slot.
    slot = 1 if source.kind == SourceKind.OPERATOR_FEED else source.scheme["slot_minutes"]
    stream = str(stream_of(source.kind))
    known = _known(source.voucher_id, stream, kind, days)
    rows = (_merged(key, known.get(key, _NOTHING), state, slot) for key, state in days.items())
    order = _WRITE.format(table=model._meta.db_table, name=f'"{name}"')
    with connection.cursor() as cursor:
        for part in _parts(rows):
            cursor.execute(order, [source.voucher_id, stream, *map(list, zip(*part, strict=True))])


def _known(voucher_id: int, stream: str, kind: str, days: Iterable[Key]) -> dict[Key, Known]:
    model, name = _TABLES[kind]
    dates = {day for _, day in days}
    found = model.objects.filter(  # type: ignore[attr-defined]
        one_of(name, {subject for subject, _ in days}),
        voucher_id=voucher_id,
        source_kind=stream,
        day__range=(min(dates), max(dates)),
    )
    columns = (name, "day", "minutes", "readings", "addresses", "modules")
    return {(subject, day): (bytes(rest[0]), *rest[1:]) for subject, day, *rest in found.values_list(*columns)}


def _merged(key: Key, known: Known, state: DayState, slot: int) -> tuple[Any, ...]:
    """A row: subject, day, minutes, their count, readings, addresses, modules."""
    minutes = minute_map.merge(known[0], state.minutes())
    return (
        *key,
        minutes,
        minute_map.active_minutes(minutes, slot),
        known[1] + state.readings,
        _literal(minute_map.first_sorted(known[2], state.addresses)),
        _literal(minute_map.first_sorted(known[3], state.modules)),
    )


def _literal(texts: Iterable[str]) -> str:
    """An array as PostgreSQL writes it: rows of unequal arrays cannot be handed over otherwise."""
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"


def _parts(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    rows = iter(rows)
    while part := list(islice(rows, AT_ONCE)):
        yield part
