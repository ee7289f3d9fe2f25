"""Write down what happened: issue, use and redemption are all recorded on the platform (S19/5.1.2)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from psycopg2.extras import Json

from platform_site.audit.models import Entry
from platform_site.kit.actor import Actor
from platform_site.kit.append_rows import append_rows
from platform_site.kit.command import current_operation

_COLUMNS = (
    "op", "at", "actor_user_id", "actor_label", "organisation_id", "event", "subject_type", "subject_id", "data",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO {Entry._meta.db_table} ({', '.join(_COLUMNS)}) "  # noqa: S608  own names
    f"VALUES ({', '.join(['%s'] * len(_COLUMNS))}) RETURNING id"
)
_encode = DjangoJSONEncoder().encode


def record(
    *,
    by: Actor,
    at: datetime,
    event: str,
    subject: models.Model | tuple[str, str],
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """Add an entry to the running command's operation. Raises RuntimeError outside of a command."""
    subject_type, subject_id = subject_key(subject)
    entry = Entry(
        op=current_operation(),
        at=at,
        actor_user_id=by.user_id,
        actor_label=by.label[:120],
        organisation_id=by.organisation_id,
        event=str(event),
        subject_type=subject_type,
        subject_id=subject_id,
        data=dict(data or {}),
    )
    values = [getattr(entry, name) for name in _COLUMNS[:-1]]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [*values, Json(entry.data, dumps=_encode)])
        entry.pk, entry._state.adding = cursor.fetchone()[0], False
    return entry


def subject_key(subject: models.Model | tuple[str, str]) -> tuple[str, str]:
    """("vouchers.voucher", "17") for a model, or the pair itself."""
    if isinstance(subject, tuple):
        return subject[0], str(subject[1])
    return subject._meta.label_lower, str(subject.pk)


def record_many(
    *, by: Actor, at: datetime, entries: Iterable[tuple[str, models.Model | tuple[str, str], Mapping[str, Any]]]
) -> int:
    """Many entries (event, subject, data) of one operation at once, for set-based commands."""
    operation = current_operation()
    return append_rows(
        Entry,
        _COLUMNS,
        (
            (
                operation,
                at,
                by.user_id,
                by.label[:120],
                by.organisation_id,
                str(event),
                *subject_key(subject),
                dict(data),
            )
            for event, subject, data in entries
        ),
    )
