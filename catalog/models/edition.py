"""Policy editions and their numbers."""

from django.db import models

from catalog.enums import EditionState
from catalog.models.clause import Clause
from catalog.models.document import PolicyDocument
from catalog.models.two_people import TwoPeopleDraft, two_people_constraints
from platform_site.kit.fsm import StateField, transition


class Edition(TwoPeopleDraft):
    """The rules of a year. From handing in on it is frozen: the database refuses to change a value or its clause.

    `effective_from` null: a draft, or the document gives no day. `parent`: the edition it was drafted from, which it
    follows where it is silent itself.
    `catalog_code`: the catalog version it uses unless a period says otherwise.
    """

    desk, called = "editions", "政策版本"
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
        constraints = two_people_constraints("edition")

    def __str__(self) -> str:
        return self.title

    @transition(source=EditionState.DRAFT, target=EditionState.HANDED_IN, actor="省级经办", clause="D/four_eyes")
    def hand_in(self) -> None:
        """Complete; waits for the second person."""

    @transition(source=EditionState.HANDED_IN, target=EditionState.SIGNED, actor="省级复核", clause="D/four_eyes")
    def sign(self) -> None:
        """A second person has compared it."""

    @transition(
        source=[EditionState.HANDED_IN, EditionState.SIGNED], target=EditionState.DRAFT, actor="省级", clause="S19/9"
    )
    def send_back(self) -> None:
        """To be changed, with a reason; the signature falls away."""

    @transition(source=EditionState.SIGNED, target=EditionState.PUBLISHED, actor="省级复核", clause="S19/9")
    def publish(self) -> None:
        """Its numbers are final, from a day on."""

    @transition(source=EditionState.DRAFT, target=EditionState.PUBLISHED, actor="平台载入", clause="S19/9")
    def load(self) -> None:
        """The documents' own numbers, from the fixtures."""

    @transition(source=EditionState.DRAFT, target=EditionState.WITHDRAWN, actor="省级经办", clause="S19/9")
    def withdraw(self) -> None:
        """Given up, with a reason; kept for the record."""


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
