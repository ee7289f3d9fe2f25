"""Activity days of many vouchers at once: gathered by the database, so that a part of a night is three readings."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from monitoring.enums import SourceKind
from monitoring.models import DeviceDay, UserDay
from monitoring.rules.adoption_case import Course

EVER = (date.min, date.max)
_ORDINAL = "day - DATE '0001-01-01' + 1"  # as Python's date.toordinal
_COURSES = f"""
SELECT voucher_id, {{subject}}, source_kind, array_agg({_ORDINAL}), array_agg(minute_count)
FROM {{table}} WHERE voucher_id = ANY(%s) AND day BETWEEN %s AND %s GROUP BY voucher_id, {{subject}}, source_kind
"""  # noqa: S608  own names
_SEEN = f"""
SELECT voucher_id, {{subject}}, source_kind, addresses, array_agg({_ORDINAL}), array_agg(minute_count)
FROM {{table}} WHERE voucher_id = ANY(%s) GROUP BY voucher_id, {{subject}}, source_kind, addresses
"""  # noqa: S608  own names
_MODULES = f"""
SELECT voucher_id, module, array_agg(DISTINCT {_ORDINAL}) FROM {{table}}, unnest(modules) module
WHERE voucher_id = ANY(%s) AND source_kind <> %s GROUP BY voucher_id, module
"""  # noqa: S608  own names
_TABLES = {True: (DeviceDay, "device_id"), False: (UserDay, "user")}


Courses = dict[int, list[Course]]
AddressDays = dict[int, Counter[tuple[str, ...]]]
_Sides = dict[tuple[int, str], tuple[dict[int, int], dict[int, int]]]


def courses_of(voucher_ids: Sequence[int], *, by_device: bool, window: tuple[date, date] = EVER) -> Courses:
    """By voucher, what both sources say about every device (or account)."""
    sides: _Sides = defaultdict(lambda: ({}, {}))
    for voucher_id, subject, kind, days, minutes in _rows(_COURSES, by_device, [list(voucher_ids), *window]):
        sides[voucher_id, subject][kind == SourceKind.OPERATOR_FEED].update(zip(days, minutes, strict=True))
    return _courses(sides)


def seen_of(voucher_ids: Sequence[int], *, by_device: bool) -> tuple[Courses, AddressDays]:
    """By voucher, the courses and the addresses of a supplier's day with how many days have these: each day is read
    once for both."""
    sides: _Sides = defaultdict(lambda: ({}, {}))
    places: AddressDays = defaultdict(Counter)
    for voucher_id, subject, kind, addresses, days, minutes in _rows(_SEEN, by_device, [list(voucher_ids)]):
        by_operator = kind == SourceKind.OPERATOR_FEED
        sides[voucher_id, subject][by_operator].update(zip(days, minutes, strict=True))
        if not by_operator:
            places[voucher_id][tuple(addresses)] += len(days)
    return _courses(sides), places


def _courses(sides: _Sides) -> Courses:
    found: Courses = defaultdict(list)
    for (voucher_id, subject), (supplier, operator) in sides.items():
        found[voucher_id].append(Course(subject, supplier, operator))
    return found


def modules_of(voucher_ids: Sequence[int]) -> dict[int, dict[str, list[int]]]:
    """By voucher: every module of software that the supplier reports, and the days (ordinals) on which it was used."""
    found: dict[int, dict[str, list[int]]] = defaultdict(dict)
    for voucher_id, module, days in _rows(_MODULES, False, [list(voucher_ids), SourceKind.OPERATOR_FEED]):
        found[voucher_id][module] = days
    return found


def _rows(question: str, by_device: bool, values: list[Any]) -> list[tuple[Any, ...]]:
    model, subject = _TABLES[by_device]
    with connection.cursor() as cursor:
        cursor.execute(question.format(table=model._meta.db_table, subject=f'"{subject}"'), values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
