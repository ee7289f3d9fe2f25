"""Many copies of one redemption that the real commands made, for benchmarks: the one loader of large settlements.

Rows are copied by the database with its triggers off (session_replication_role), so this is for tables that are thrown
away. What the copies share with their model is shared on purpose: enterprise, contract's amounts, papers.
"""

from collections.abc import Mapping

from django.db import connection, models

from settlement.models import Redemption
from vouchers.models import Contract

FIRST = 10_000_000  # ids of copies begin here: n-th copy has FIRST + n


def copy_row(row: models.Model, number: int, changes: Mapping[str, str]) -> None:
    """`number` copies of a row; changes: field name → SQL over `n` (1 …) and the row's own columns."""
    fields = row._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(changes.get(field.name, f'one."{field.column}"') for field in fields)
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}" one'
            f" CROSS JOIN generate_series(1, {number}) n WHERE one.id = {row.pk}"
        )


def copy_redemptions(model: Redemption, number: int, priority_supplier_id: int) -> None:
    """Every 50th carried over, every 20th of a pilot, every 10th of the excellent supplier; times are shuffled."""
    new, voucher = f"{FIRST} + n", model.voucher
    shuffled = f"(n::bigint * 7919 % {number})"
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    copy_row(Contract.objects.get(pk=voucher.contract_id), number, {"id": new, "number": "one.number || n"})
    copy_row(
        voucher,
        number,
        {
            "id": new, "contract": new, "contract_key": "one.contract_key || n", "sequence": new,
            "number": "'SQ-X-' || n", "receipt_no": "'HZ-X-' || n",
            "pilot": "CASE WHEN n % 20 = 0 THEN 1 END",
            "supplier": f"CASE WHEN n % 10 = 0 THEN {priority_supplier_id} ELSE one.supplier_id END",
        },
    )  # fmt: skip
    copy_row(
        model,
        number,
        {
            "id": new, "voucher": new, "sequence": new, "number": "'DX-X-' || n",
            "submitted_at": f"one.submitted_at + {shuffled} * interval '1 second'",
            "carried_over_at": "CASE WHEN n % 50 = 0 THEN one.submitted_at END",
            "bonus_holder": "NULL",
        },
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")  # as autovacuum would
