"""Many rows at once into a table, by COPY: for ledgers whose rows are made by the thousand.

No model objects, no returned keys, no signals. Constraints and triggers hold as for any INSERT.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

_encode = DjangoJSONEncoder(ensure_ascii=False).encode


def append_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """`columns`: names of fields (`voucher_id` for a foreign key); rows in the same order. Gives how many rows.

    Values: text, int, bool, Decimal, datetime, UUID, None, and dict or list for JSON; anything else raises KeyError.
    """
    lines = ["\t".join([_WRITERS[type(value)](value) for value in row]) for row in rows]
    if not lines:
        return 0
    names = ", ".join(f'"{model._meta.get_field(name).column}"' for name in columns)  # type: ignore[union-attr]
    order = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.cursor.copy_expert(order, io.StringIO("\n".join(lines) + "\n"))
    return len(lines)


def _text(value: str) -> str:
    if value.isalnum():
        return value
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _json(value: Any) -> str:
    return _text(_encode(value))


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _text,
    int: str,
    bool: str,
    Decimal: str,
    UUID: str,
    dict: _json,
    list: _json,
    datetime: datetime.isoformat,
    type(None): lambda _: "\\N",
}
