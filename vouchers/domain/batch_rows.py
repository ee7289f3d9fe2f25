"""What a batch of the allocator reads and writes, as plain values: a batch has a thousand of each, and model objects
would cost more than the decisions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from psycopg2.extras import Json, execute_values

from platform_site.kit.append_rows import append_rows
from platform_site.kit.compiled import one_of
from platform_site.kit.fsm import bulk_perform_each
from platform_site.kit.locks import Rank, lock_values
from vouchers.enums import MovementKind
from vouchers.models import QuotaBalance, QuotaDecision, QuotaMovement, Voucher, WaitingClaim
from vouchers.queries.ledger import undecided_events
from vouchers.rules.queue import Claim

ZERO = Decimal("0.00")


class Event(NamedTuple):
    """A row of the event table."""

    pk: int
    kind: str
    arrived_at: datetime
    voucher_id: int | None
    payload: Mapping[str, Any]


@dataclass(slots=True)
class HeldVoucher:
    """A locked voucher. `frozen_cap_used`: what the stored assessment counted as used of the enterprise's cap.
    `case` None: not read, because the stored assessment stands. `findings` None: they stay as they are."""

    pk: int
    enterprise_id: int
    city_id: str
    pilot_id: int | None
    quota_supplier_id: int
    state: str
    prepared_amount: Decimal
    amount: Decimal | None
    sequence: int | None
    decided_at: datetime | None
    deadline_at: datetime | None
    frozen_cap_used: Decimal
    case: dict[str, Any] | None = None
    assessment: dict[str, Any] | None = None
    findings: list[dict[str, str]] | None = None

    @property
    def subject(self) -> tuple[str, str]:
        """As the audit names it."""
        return _SUBJECT, str(self.pk)


_SUBJECT = Voucher._meta.label_lower
_VOUCHER = (
    "pk", "enterprise_id", "city_id", "pilot_id", "quota_supplier_id", "state", "prepared_amount", "amount", "sequence",
    "decided_at", "deadline_at", KT("case__cap_used"),
)  # fmt: skip


# -- reading -----------------------------------------------------------------------------------------------------------


def events_before(period_id: int, upto: datetime, limit: int) -> list[Event]:
    """The next undecided events in their order."""
    rows = undecided_events(period_id).filter(arrived_at__lt=upto)
    found = rows.values_list("pk", "kind", "arrived_at", "voucher_id", Cast("payload", TextField()))[:limit]
    return [
        Event(pk, kind, arrived_at, voucher_id, json.loads(payload) if payload != "{}" else _NOTHING)
        for pk, kind, arrived_at, voucher_id, payload in found
    ]


_NOTHING: Mapping[str, Any] = MappingProxyType({})


def lock_vouchers(ids: Iterable[int]) -> list[HeldVoucher]:
    rows = lock_values(Rank.VOUCHER, Voucher.objects.filter(one_of("pk", ids)), *_VOUCHER)
    return [HeldVoucher(*(*row[:-1], Decimal(row[-1] or ZERO))) for row in rows]


def read_cases(vouchers: Iterable[HeldVoucher]) -> None:
    """The frozen case of those that must be assessed again."""
    wanted = {voucher.pk: voucher for voucher in vouchers if voucher.case is None}
    if wanted:
        for pk, case in Voucher.objects.filter(pk__in=list(wanted)).values_list("pk", "case"):
            wanted[pk].case = case


def reservations(voucher_ids: Iterable[int]) -> dict[int, dict[str, Decimal]]:
    """Yuan still reserved per voucher and dimension, from the ledger."""
    found: dict[int, dict[str, Decimal]] = {}
    ids = list(voucher_ids)
    if not ids:
        return found
    rows = QuotaMovement.objects.filter(voucher_id__in=ids)
    for pk, dimension, kind, amount in rows.values_list("voucher_id", "dimension", "kind", "amount"):
        holds = found.setdefault(pk, {})
        holds[dimension] = holds.get(dimension, ZERO) + (amount if kind == MovementKind.RESERVE else -amount)
    return found


# -- writing -----------------------------------------------------------------------------------------------------------


def write_balances(rows: Sequence[QuotaBalance]) -> None:
    QuotaBalance.objects.bulk_create([row for row in rows if row.pk is None])
    kept = [(row.pk, row.total, row.reserved, row.consumed) for row in rows if row.pk is not None]
    if kept:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, _BALANCES, kept, template="(%s, %s::numeric, %s::numeric, %s::numeric)")


_BALANCES = f"""
UPDATE {QuotaBalance._meta.db_table} b SET total = d.total, reserved = d.reserved, consumed = d.consumed
FROM (VALUES %s) AS d (id, total, reserved, consumed) WHERE b.id = d.id
"""  # noqa: S608  table names only


def write_movements(period_id: int, rows: Iterable[Sequence[Any]], at: datetime) -> None:
    """(event, dimension, kind, amount, voucher or None, sequence)."""
    columns = ("event_id", "dimension", "kind", "amount", "voucher_id", "sequence", "period_id", "decided_at")
    append_rows(QuotaMovement, columns, ((*row, period_id, at) for row in rows))


def write_decisions(rows: Iterable[Sequence[Any]], at: datetime) -> None:
    """(event, outcome, detail)."""
    append_rows(QuotaDecision, ("event_id", "outcome", "detail", "decided_at"), ((*row, at) for row in rows))


def write_claims(period_id: int, gone: Iterable[int], fresh: Iterable[Claim]) -> None:
    """Who left the queue and who joined it."""
    left = list(gone)
    if left:
        WaitingClaim.objects.filter(event_id__in=left).delete()
    columns = ("event_id", "voucher_id", "rises", "priority", "arrived_at", "amount", "budget_dimension")
    append_rows(
        WaitingClaim,
        (*columns, "supplier_dimension", "period_id"),
        (
            (one.event, one.voucher, one.rises, one.priority, one.arrived, one.amount, *one.dimensions, period_id)
            for one in fresh
        ),
    )


def write_amounts(rows: Iterable[HeldVoucher]) -> None:
    """Plain fields of vouchers whose state stays."""
    kept = [(row.pk, row.amount, _json(row.case), _json(row.assessment)) for row in rows]
    if kept:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, _AMOUNTS, kept, template="(%s, %s::numeric, %s::json, %s::jsonb)")


_AMOUNTS = f"""
UPDATE {Voucher._meta.db_table} v
SET amount = d.amount, "case" = coalesce(d.facts, v.case), assessment = coalesce(d.ladder, v.assessment)
FROM (VALUES %s) AS d (id, amount, facts, ladder) WHERE v.id = d.id
"""  # noqa: S608  table names only


def _json(value: Any) -> Any:
    return None if value is None else Json(value)


def move_vouchers(rows: Sequence[HeldVoucher], verb: str, at: datetime) -> None:
    """Through the one door, with what was decided. Assessments and findings are written only where they changed."""
    groups: dict[tuple[str, ...], list[HeldVoucher]] = {}
    for row in rows:
        groups.setdefault(_columns_of(row), []).append(row)
    for names, members in groups.items():
        columns = {name: [getattr(row, name) for row in members] for name in names}
        bulk_perform_each(Voucher, [row.pk for row in members], verb, at=at, columns=columns)


def _columns_of(row: HeldVoucher) -> tuple[str, ...]:
    names: tuple[str, ...] = ("amount", "sequence", "decided_at", "deadline_at")
    names += ("case", "assessment") if row.assessment is not None else ()
    return names + (("findings",) if row.findings is not None else ())
