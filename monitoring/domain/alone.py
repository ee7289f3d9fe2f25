"""Work shared among workers on several machines: whoever works on a key keeps the others off it until it has committed.

Advisory locks of the database: they go with the connection, so a killed worker keeps nobody waiting.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connection, transaction

_THOSE = "SELECT key FROM unnest(%s::int[]) key WHERE pg_try_advisory_xact_lock(%s, key) ORDER BY key"


class Work(IntEnum):
    """First key of the lock; the second is the id of what is worked on."""

    FOLD = 0x6D01
    JUDGE = 0x6D02
    PARTITIONS = 0x6D03


@contextmanager
def alone_with(work: Work, key: int, *, wait: bool = False) -> Iterator[bool]:
    """A transaction in which nobody else does this work on this key. False: somebody is at it; do nothing.

    wait: stand in line instead. Raises OperationalError when that takes longer than the database's lock time-out.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [int(work), key])
            yield True
        else:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [int(work), key])
            yield bool(cursor.fetchone()[0])


def alone_with_those(work: Work, keys: Iterable[int]) -> list[int]:
    """Of these, the ones that nobody else is at, in order; kept to the end of the transaction that runs."""
    with connection.cursor() as cursor:
        cursor.execute(_THOSE, [sorted(set(keys)), int(work)])
        return [key for (key,) in cursor.fetchall()]
