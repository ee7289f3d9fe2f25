"""Seals over what must never change: audit entries, quota movements, published lists, payments."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from platform_site.kit.ledger import AppendOnly


class Seal(AppendOnly):
    """A batch of rows under one Merkle root, chained to the seal before it.

    root: over the members' digests in their order. previous, head: of the chain before and after; the first seal's
    previous is zeros. columns: table → columns that were digested; columns added later are not in older digests.
    signature: keyed hash of the head: who can write to the tables alone cannot make a chain of his own.
    """

    number = models.PositiveIntegerField("封存号", unique=True)
    count = models.PositiveIntegerField("条数")
    root = models.CharField("根", max_length=64)
    previous = models.CharField("上一封存", max_length=64)
    head = models.CharField("链头", max_length=64, unique=True)
    signature = models.CharField("签名", max_length=64)
    columns = models.JSONField("列", default=dict)
    sealed_at = models.DateTimeField("封存时间", db_index=True)

    class Meta:
        verbose_name = "审计封存"
        verbose_name_plural = "审计封存"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"第 {self.number} 号封存"


class SealMember(AppendOnly):
    """A sealed row, named by table and key, with the digest it had. position counts from 0."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="members")
    position = models.PositiveIntegerField()
    table = models.CharField(max_length=48)
    row_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "row_id"], name="sealed_once"),
            models.UniqueConstraint(fields=["seal", "position"], name="seal_position_once"),
        ]


class SealCheck(AppendOnly):
    """The result of checking the whole chain. damages: what was found, as text, the first hundred; [] when intact."""

    checked_at = models.DateTimeField("核对时间", db_index=True)
    seals = models.PositiveIntegerField()
    rows = models.PositiveBigIntegerField()
    damages = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "封存核对"
        verbose_name_plural = "封存核对"
