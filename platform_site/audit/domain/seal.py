"""Seal what has been written since the last seal; check the chain."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, models
from django.db.models import Max

from platform_site.audit.models import Seal, SealCheck, SealMember
from platform_site.audit.queries.seals import columns_of, digests_of, newest_seal, unsealed
from platform_site.audit.queries.verify import LATE, signature_of, verify_chain
from platform_site.audit.rules.merkle import BEGINNING, chained, merkle_root
from platform_site.kit.command import command
from platform_site.kit.ledger import sealed_models

BATCH = 10_000
KEPT_DAMAGES = 100


def seal_all(*, at: datetime) -> list[Seal]:
    """As many seals as there are full batches, and one for the rest; each in its own transaction."""
    made: list[Seal] = []
    while (one := seal_next(at=at)) is not None:
        made.append(one)
        if one.count < BATCH:
            break
    return made


@command
def seal_next(*, at: datetime) -> Seal | None:
    """One batch; None when nothing is new. Two at once: the second waits, then finds less or nothing."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Seal._meta.db_table} IN EXCLUSIVE MODE")
    rows = list(islice(_new_rows(), BATCH))
    if not rows:
        return None
    before = newest_seal()
    number, previous = (before.number + 1, before.head) if before else (1, BEGINNING)
    root = merkle_root([digest for *_, digest in rows])
    head = chained(number, previous, root, len(rows))
    seal = Seal.objects.create(
        number=number,
        count=len(rows),
        root=root,
        previous=previous,
        head=head,
        signature=signature_of(head),
        columns={model._meta.db_table: columns_of(model) for model in sealed_models()},
        sealed_at=at,
    )
    members = (
        SealMember(seal=seal, position=position, table=table, row_id=pk, digest=digest)
        for position, (table, pk, digest) in enumerate(rows)
    )
    SealMember.objects.bulk_create(members, batch_size=2_000)
    return seal


def _new_rows() -> Iterator[tuple[str, int, str]]:
    """(table, key, digest) of rows under no seal, table by table, by key; late comers of open transactions included."""
    for model in sealed_models():
        table: str = model._meta.db_table
        top = SealMember.objects.filter(table=table).aggregate(top=Max("row_id"))["top"] or 0
        fresh = unsealed(model, above=max(top - LATE, 0))
        ids = list(fresh.order_by("pk").values_list("pk", flat=True)[:BATCH])
        for pk, digest in _digested(model, ids):
            yield table, pk, digest


def _digested(model: type[models.Model], ids: list[Any]) -> Iterator[tuple[int, str]]:
    return digests_of(model, ids, columns_of(model))


@command
def check_seals(*, at: datetime) -> SealCheck:
    """The nightly check, kept for the auditor."""
    report = verify_chain()
    damages = [{"kind": one.kind, "text": str(one)} for one in report.damages[:KEPT_DAMAGES]]
    return SealCheck.objects.create(checked_at=at, seals=report.seals, rows=report.rows, damages=damages)
