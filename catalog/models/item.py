"""The catalog of products that are subsidised."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from catalog.enums import CatalogState
from catalog.models.clause import Clause
from catalog.models.two_people import TwoPeopleDraft, two_people_constraints
from platform_site.kit.fsm import StateField, transition
from platform_site.kit.money import MoneyField


class CatalogVersion(TwoPeopleDraft):
    """One issue of the catalog. A new one applies to vouchers applied for after its publication (S19/4.4.4).

    `published_on` null: a draft, or published together with the scheme, whose own day is not in the documents.
    `origin` null: loaded from the annex; else the version it was drafted from.
    `reasons`: why an item was added or taken out, by its number.
    """

    desk, called = "catalog", "产品目录"
    code = models.CharField("代码", max_length=16, unique=True)
    title = models.CharField("名称", max_length=80)
    published_on = models.DateField("公布日期", null=True, blank=True)
    origin = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors", verbose_name="依照"
    )
    reasons = models.JSONField("增删项目的理由", default=dict, blank=True)
    state = StateField("状态", default=CatalogState.DRAFT, choices=CatalogState.choices)

    class Meta:
        verbose_name = "目录版本"
        verbose_name_plural = "目录版本"
        ordering = ["code"]
        constraints = two_people_constraints("catalog")

    def __str__(self) -> str:
        return self.title

    @transition(source=CatalogState.DRAFT, target=CatalogState.HANDED_IN, actor="省级经办", clause="D/four_eyes")
    def hand_in(self) -> None:
        """Complete; waits for the second person."""

    @transition(source=CatalogState.HANDED_IN, target=CatalogState.SIGNED, actor="省级复核", clause="D/four_eyes")
    def sign(self) -> None:
        """A second person has compared it."""

    @transition(
        source=[CatalogState.HANDED_IN, CatalogState.SIGNED],
        target=CatalogState.DRAFT,
        actor="省级",
        clause="S19/annex.note1",
    )
    def send_back(self) -> None:
        """To be changed, with a reason; the signature falls away."""

    @transition(source=CatalogState.SIGNED, target=CatalogState.PUBLISHED, actor="省级复核", clause="S19/4.4.1")
    def publish(self) -> None:
        """Text, caps and modules are final."""

    @transition(source=CatalogState.DRAFT, target=CatalogState.PUBLISHED, actor="平台载入", clause="S19/4.4.1")
    def load(self) -> None:
        """The annex as it is, from the fixture."""

    @transition(source=CatalogState.DRAFT, target=CatalogState.WITHDRAWN, actor="省级经办", clause="S19/annex.note1")
    def withdraw(self) -> None:
        """Given up, with a reason; kept for the record."""


class Item(models.Model):
    """A kind of product with its cap. Frozen by the database, text included, once its version is handed in.

    `cap` and `per_device` in yuan; `per_device` null: not paid by the device. `optional_modules` are never required.
    `requirements`: min_modules, needs_model, savings_proposals, work_order_situations, providers, must_have.
    """

    version = models.ForeignKey(CatalogVersion, on_delete=models.CASCADE, related_name="items", verbose_name="目录版本")
    number = models.PositiveSmallIntegerField("序号")
    group_key = models.CharField("一级目录代码", max_length=16)
    group = models.CharField("一级目录", max_length=40)
    name = models.CharField("名称", max_length=80)
    scene = models.TextField("应用场景")
    modules = ArrayField(models.CharField(max_length=40), verbose_name="功能模块")
    optional_modules = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="选项功能")
    cap = MoneyField("奖补上限")
    per_device = MoneyField("每台金额", null=True, blank=True)
    pilot_only = models.BooleanField("只用于集群试点", default=False)
    post_sale = models.BooleanField("设备售后服务类", default=False)
    requirements = models.JSONField("要求", default=dict, blank=True)
    notes = models.TextField("备注", blank=True)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="items", verbose_name="条款")
    search_text = models.TextField("检索", blank=True)

    class Meta:
        verbose_name = "目录项目"
        verbose_name_plural = "目录项目"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="catalog_item_once"),
            models.CheckConstraint(condition=Q(cap__gt=0), name="catalog_item_cap_positive"),
            models.CheckConstraint(
                condition=Q(per_device__isnull=True) | Q(per_device__gt=0), name="catalog_item_per_device_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
