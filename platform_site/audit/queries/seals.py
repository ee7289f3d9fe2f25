"""Seals, and the proof that a row is under one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import models

from platform_site.audit.models import Seal, SealCheck, SealMember
from platform_site.audit.rules.merkle import Step, inclusion_proof, root_of_proof, row_digest
from platform_site.kit.ledger import sealed_models

PIECE = 2_000


@dataclass(frozen=True, slots=True)
class Proof:
    """A row's way up to the root of its seal. holds: the row as it is now leads to the root as it was sealed."""

    seal: Seal
    position: int
    digest: str
    steps: tuple[Step, ...]
    holds: bool


def newest_seal() -> Seal | None:
    return Seal.objects.order_by("-number").first()


def latest_seals(limit: int = 50) -> list[Seal]:
    """Newest first, for everybody: roots and counts say nothing about anybody."""
    return list(Seal.objects.order_by("-number")[:limit])


def seals_before(number: int | None, limit: int) -> list[Seal]:
    """A page of the chain, newest first."""
    found = Seal.objects.order_by("-number")
    return list((found if number is None else found.filter(number__lt=number))[:limit])


def latest_checks(limit: int) -> list[SealCheck]:
    return list(SealCheck.objects.order_by("-checked_at", "-pk")[:limit])


def seals_of_chain(limit: int) -> list[Seal]:
    """The last ones in their order, for keeping elsewhere."""
    return list(reversed(latest_seals(limit)))


def seal_of(row: models.Model) -> Seal | None:
    """The seal that covers this row; None: not sealed yet."""
    member = SealMember.objects.filter(table=row._meta.db_table, row_id=row.pk).select_related("seal").first()
    return member.seal if member else None


def proof_of(row: models.Model) -> Proof | None:
    """From the row as it stands in the table now; None: not sealed yet."""
    table = row._meta.db_table
    member = SealMember.objects.filter(table=table, row_id=row.pk).select_related("seal").first()
    if member is None:
        return None
    seal = member.seal
    digests = list(seal.members.order_by("position").values_list("digest", flat=True))
    now = dict(digests_of(type(row), [row.pk], seal.columns[table])).get(row.pk, "")
    steps = tuple(inclusion_proof(digests, member.position))
    return Proof(seal, member.position, now, steps, bool(now) and root_of_proof(now, steps) == seal.root)


def columns_of(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def digests_of(model: type[models.Model], ids: list[int], columns: list[str]) -> Iterator[tuple[int, str]]:
    """(key, digest) of the rows that are there, by key. Columns are those of the seal."""
    table: str = model._meta.db_table
    rows = model._default_manager.filter(pk__in=ids).order_by("pk").values_list("pk", *columns)
    for pk, *values in rows.iterator(PIECE):
        yield pk, row_digest(table, dict(zip(columns, values, strict=True)))


def unsealed(model: type[models.Model], *, above: int | None = None) -> "models.QuerySet[Any]":
    """Rows under no seal; `above`: only those with later keys."""
    members = SealMember.objects.filter(table=model._meta.db_table, row_id=models.OuterRef("pk"))
    rows = model._default_manager.filter(~models.Exists(members))
    return rows if above is None else rows.filter(pk__gt=above)


def models_by_table() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in sealed_models()}


def in_pieces(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while piece := list(islice(rows, size)):
        yield piece
