"""Row locks in one fixed order: province → city → supplier → pilot → enterprise → voucher → ledger, then by key."""

from enum import IntEnum
from typing import Any, TypeVar

from django.db import connection, models

from platform_site.kit.compiled import Compiled

M = TypeVar("M", bound=models.Model)


class Rank(IntEnum):
    """Place in the lock order. Taking a lower rank after a higher one is a programming error."""

    PROVINCE = 1
    CITY = 2
    SUPPLIER = 3
    PILOT = 4
    ENTERPRISE = 5
    VOUCHER = 6
    REDEMPTION = 7
    LIST = 8
    LEDGER = 9


class LockOrderError(RuntimeError):
    """Locks were asked for against the fixed order."""


def lock(rank: Rank, queryset: "models.QuerySet[M]") -> "list[M]":
    """Lock the rows by key and return them. Raises LockOrderError outside the order, even without contention."""
    _note(rank)
    return list(queryset.order_by("pk").select_for_update(no_key=True, of=("self",)))


def lock_values(rank: Rank, queryset: "models.QuerySet[Any]", *fields: Any) -> list[tuple[Any, ...]]:
    """As `lock`, for set-based commands that need some columns of many rows of one table."""
    _note(rank)
    return list(queryset.order_by("pk").select_for_update(no_key=True).values_list(*fields))


def lock_one(rank: Rank, queryset: "models.QuerySet[M]", **lookup: Any) -> M:
    """Lock one row; raises the model's DoesNotExist."""
    _note(rank)
    return queryset.select_for_update(no_key=True, of=("self",)).get(**lookup)


def lock_compiled(rank: Rank, query: "Compiled[M]", **values: Any) -> M:
    """As `lock_one`, for a compiled query that takes the row lock itself. Raises LockOrderError when it takes none."""
    if not query.locks:
        raise LockOrderError("the compiled query takes no lock")
    _note(rank)
    return query.one(**values)


def _note(rank: Rank) -> None:
    """Awkward: `@transaction.atomic` as a decorator is one object for all its calls, so write `@command` instead."""
    blocks = [block for block in connection.atomic_blocks if not getattr(block, "_from_testcase", False)]
    if not blocks:
        raise LockOrderError("a lock needs a transaction")
    held: tuple[object, int] | None = getattr(connection, "_platform_lock_rank", None)
    highest = held[1] if held and held[0] is blocks[0] else 0
    if highest > rank:
        raise LockOrderError(f"{Rank(highest).name} is held, {rank.name} asked for: against the lock order")
    connection._platform_lock_rank = (blocks[0], int(rank))  # type: ignore[attr-defined]
