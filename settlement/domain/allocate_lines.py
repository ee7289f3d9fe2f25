"""The lines of a batch, written in one statement whatever their number."""

from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from platform_site.kit.money import ZERO
from settlement.models import Batch, BatchLine, Redemption
from settlement.queries.allocation import allocation

_FIELDS = (
    "batch", "redemption", "order_no", "priority", "amount", "bonus", "matching", "total", "fits",
    "account_name", "bank_name", "account",
)  # fmt: skip
SORT_MEMORY = "256MB"  # of this command's own transaction, taken as far as its lines need it


def allocate_lines(batch: Batch, waiting: QuerySet[Redemption], order: Sequence[str]) -> int:
    """Order, reach of the batch's budget and accounts of everything waiting. Returns the number of lines.

    Written by the database from its own window query; the caller holds the redemptions' locks.
    """
    try:
        chosen, values = allocation(waiting, order, batch.budget).query.sql_with_params()
    except EmptyResultSet:
        return 0
    stored = {field.name: str(field.column) for field in BatchLine._meta.concrete_fields}
    columns = ", ".join(stored[name] for name in _FIELDS)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{SORT_MEMORY}'")
        cursor.execute(
            f"INSERT INTO {BatchLine._meta.db_table} ({columns}) SELECT %s, line.* FROM ({chosen}) line",  # noqa: S608
            [batch.pk, *values],
        )
        return int(cursor.rowcount)


def sum_up(batch: Batch) -> tuple[Decimal, int]:
    """Yuan and number of the lines that fit."""
    found = batch.lines.aggregate(total=Sum("total", filter=Q(fits=True)), lines=Count("pk", filter=Q(fits=True)))
    return found["total"] or ZERO, found["lines"]
