"""Numbers of redemptions, lists and batches: without gaps in the order they are taken."""

from django.db import connection


def next_in(series: str) -> int:
    """The next number of a series. The row stays locked until the command ends, so take it last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO settlement_series (key, last) VALUES (%s, 1)"
            " ON CONFLICT (key) DO UPDATE SET last = settlement_series.last + 1 RETURNING last",
            [series],
        )
        return int(cursor.fetchone()[0])
