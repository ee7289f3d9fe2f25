"""Policy editions and their numbers."""

from django.db import models

from catalog.enums import EditionState
from catalog.models.clause import Clause
from catalog.models.document import PolicyDocument
from platform_site.kit.fsm import StateField, Stateful, transition


class Edition(Stateful):
    """The rules of a year. Published editions are frozen: the database refuses to change a value or its clause.

    `effective_from` null: the document gives no day. `parent`: the edition it follows where it is silent itself.
    `catalog_code`: the catalog version it uses unless a period says otherwise.
    """

    code = models.CharField("代码", max_length=16, unique=True)
    title = models.CharField("名称", max_length=80)
    document = models.ForeignKey(
        PolicyDocument, on_delete=models.PROTECT, related_name="editions", verbose_name="依据文件"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="沿用"
    )
    catalog_code = models.CharField("目录版本", max_length=16)
    effective_from = models.DateField("施行日期", null=True, blank=True)
    notes = models.TextField("说明", blank=True)
    state = StateField("状态", default=EditionState.DRAFT, choices=EditionState.choices)

    class Meta:
        verbose_name = "政策版本"
        verbose_name_plural = "政策版本"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title

    @transition(source=EditionState.DRAFT, target=EditionState.PUBLISHED, actor="省级", clause="S19/9")
    def publish(self) -> None:
        """Its numbers are final."""


class EditionParameter(models.Model):
    """One number of an edition beside its clause; typed access through `catalog.rules.terms`.

    `assumed`: taken over from another edition or set by the platform; the province confirms it when it opens a period.
    `may_vary`: a period may carry a value of its own.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="parameters", verbose_name="政策版本")
    key = models.CharField("名称", max_length=48)
    value = models.JSONField("值", null=True)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="parameters", verbose_name="条款")
    note = models.CharField("说明", max_length=200, blank=True)
    assumed = models.BooleanField("推定", default=False)
    may_vary = models.BooleanField("各期可不同", default=False)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "政策参数"
        verbose_name_plural = "政策参数"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="edition_parameter_once")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.key}"
