"""Writing into the ordered event table, and how far it may be read.

Every writer takes the period's arrival lock (shared, so writers do not wait for each other) and only then reads the
clock, inside the INSERT. Whoever reads takes its own clock first and then looks who holds that lock: nothing can
still arrive before the older of both (see docs/decisions/0003-arrivals-and-allocator.md).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from psycopg2.extras import Json

from catalog.enums import PeriodState
from catalog.models import Period
from platform_site.kit import clock
from vouchers.enums import EventKind
from vouchers.models import QuotaEvent

ARRIVAL_LOCK = 0x5601  # first key of the advisory locks; the second is the period's id
LEADER_LOCK = 0x5602
BUSY_LOCK = 0x5603  # held by the allocator's process as long as it lives

_EVENT = QuotaEvent._meta.db_table
_PERIOD = Period._meta.db_table
_SHARE = "SELECT pg_advisory_xact_lock_shared(%s, %s)"
_encode = DjangoJSONEncoder().encode


def write_event(
    *, period_id: int, kind: EventKind, voucher_id: int | None = None, payload: Mapping[str, Any] | None = None
) -> QuotaEvent:
    """One event that needs no open window: grants, releases, withdrawals. Must run in a transaction."""
    values, now = _row(kind, voucher_id, payload or {}), _now()
    select = f"SELECT p.id, %s, {now[0]}, %s, %s FROM {_PERIOD} p WHERE p.id = %s"  # noqa: S608  table names only
    with connection.cursor() as cursor:
        cursor.execute(_insert(select), [ARRIVAL_LOCK, period_id, values[0], *now[1], *values[1:], period_id])
        pk, arrived_at = cursor.fetchone()
    return QuotaEvent(pk=pk, period_id=period_id, kind=kind, arrived_at=arrived_at, voucher_id=voucher_id)


def write_arrival(*, period_id: int, voucher_id: int) -> QuotaEvent | None:
    """An application arrives, if the window is open at that very microsecond by the database's clock; None: it is
    not."""
    values, now = _row(EventKind.ARRIVE, voucher_id, {}), _now()
    select = (
        f"SELECT p.id, %s, t.now, %s, %s FROM (SELECT {now[0]} AS now OFFSET 0) t, {_PERIOD} p "  # noqa: S608  table names only
        "WHERE p.id = %s AND %s = p.state AND t.now >= p.apply_from AND t.now < p.apply_to"
    )
    parameters = [ARRIVAL_LOCK, period_id, *values, *now[1], period_id, str(PeriodState.PUBLISHED)]
    with connection.cursor() as cursor:
        cursor.execute(_insert(select), parameters)
        row = cursor.fetchone()
    if row is None:
        return None
    return QuotaEvent(pk=row[0], period_id=period_id, kind=EventKind.ARRIVE, arrived_at=row[1], voucher_id=voucher_id)


def horizon(period_id: int) -> datetime:
    """Every event before this moment is visible from the next statement on; nothing can still arrive before it."""
    now, parameters = _now()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {now}, pg_stat_clear_snapshot()", parameters)
        own = cursor.fetchone()[0]
        cursor.execute(_OLDEST_HOLDER, [*parameters, ARRIVAL_LOCK, period_id])
        oldest = cursor.fetchone()[0]
    return own if oldest is None else min(own, oldest)


def lead(period_id: int) -> bool:
    """Become the only allocator of the period until the transaction ends; False when somebody else is."""
    return _asked("SELECT pg_try_advisory_xact_lock(%s, %s)", LEADER_LOCK, period_id)


def claim_busy() -> bool:
    """The allocator's process takes all work upon itself, until its connection is gone. False: another one has."""
    return _asked("SELECT pg_try_advisory_lock(%s, 0)", BUSY_LOCK)


def somebody_is_busy() -> bool:
    """One look, without a transaction of its own where none is open."""
    return not _asked("SELECT pg_try_advisory_xact_lock_shared(%s, 0)", BUSY_LOCK)


def _asked(question: str, *parameters: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return bool(cursor.fetchone()[0])


_OLDEST_HOLDER = """
SELECT min(a.xact_start) + %s
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.classid = %s AND l.objid = %s AND l.objsubid = 2 AND l.granted AND l.pid <> pg_backend_pid()
"""


def _insert(select: str) -> str:
    """Two statements in one trip: the server begins the second, and takes its snapshot, when the first is done. Two
    parameters more in front: the lock's keys."""
    columns = "(period_id, kind, arrived_at, voucher_id, payload)"
    return f"{_SHARE}; INSERT INTO {_EVENT} {columns} {select} RETURNING id, arrived_at"


def _row(kind: EventKind, voucher_id: int | None, payload: Mapping[str, Any]) -> list[Any]:
    return [str(kind), voucher_id, Json(dict(payload), dumps=_encode)]


def _now() -> tuple[str, list[Any]]:
    """The platform's clock as the database reads it."""
    expression, parameters = clock.sql_now()
    return expression, list(parameters)
