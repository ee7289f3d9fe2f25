"""The batch log in parts: made ahead, and dropped as a whole once past their date. Receipts and activity days stay."""

import logging
import re
from datetime import date, datetime
from typing import Any

from django.db import connection

from monitoring.domain.alone import Work, alone_with
from monitoring.models import Batch
from monitoring.rules.log_parts import Month, is_over, wanted
from platform_site.accounts.queries import day_of

log = logging.getLogger(__name__)
_TABLE = Batch._meta.db_table
_REST = f"{_TABLE}_rest"
_COLUMNS = ", ".join(str(field.column) for field in Batch._meta.concrete_fields)
_PARTS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = %s::regclass ORDER BY c.relname
"""


def expire_payloads(*, at: datetime) -> int:
    """Make the parts that are wanted and drop those whose every day is too old. Returns how many were dropped.

    A part with a batch that was not counted is never dropped. At most one process does this at a time.
    """
    today = day_of(at)
    with alone_with(Work.PARTITIONS, 0) as mine, connection.cursor() as cursor:
        if not mine:
            return 0
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while checks of its rows are pending
        _make_parts(cursor, today)
        dropped = sum(_drop(cursor, month) for month in _parts(cursor) if is_over(month, today))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return dropped


def _make_parts(cursor: Any, today: date) -> None:
    existing = set(_parts(cursor))
    cursor.execute(f"SELECT DISTINCT received_on FROM {_REST}")  # noqa: S608  table names only
    strays = {row[0] for row in cursor.fetchall()}
    for month in wanted(today, strays):
        if month not in existing:
            _make(cursor, month)


def _make(cursor: Any, month: Month) -> None:
    """Beside the log first, with what strayed into the rest, then joined: the log is held up for a moment only."""
    part, span = f"{_TABLE}_{month.suffix}", (month.first, month.next.first)
    cursor.execute(f"CREATE TABLE {part} (LIKE {_TABLE} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)")
    cursor.execute(
        f"WITH strayed AS (DELETE FROM {_REST} WHERE received_on >= %s AND received_on < %s RETURNING {_COLUMNS}) "  # noqa: S608
        f"INSERT INTO {part} ({_COLUMNS}) SELECT {_COLUMNS} FROM strayed",
        span,
    )
    cursor.execute(f"ALTER TABLE {_TABLE} ATTACH PARTITION {part} FOR VALUES FROM (%s) TO (%s)", span)


def _drop(cursor: Any, month: Month) -> bool:
    part = f"{_TABLE}_{month.suffix}"
    cursor.execute(f"SELECT EXISTS (SELECT FROM {part} WHERE folded_at IS NULL)")  # noqa: S608  table names only
    if cursor.fetchone()[0]:
        log.warning("%s holds batches that were not counted; it is kept", part)
        return False
    cursor.execute(f"DROP TABLE {part}")
    return True


def _parts(cursor: Any) -> list[Month]:
    cursor.execute(_PARTS, [_TABLE])
    found = [re.fullmatch(rf"{_TABLE}_(\d{{4}})_(\d{{2}})", name) for (name,) in cursor.fetchall()]
    return [Month(int(match[1]), int(match[2])) for match in found if match]
