"""The product: what a supplier offers under one item of one catalog version, and its evidence."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from platform_site.kit.fsm import StateField, Stateful, transition
from suppliers.enums import FILE_KINDS, OFFER_KINDS, PRODUCT_CLASSES, PRODUCT_STATES, OfferKind, ProductState

S = ProductState


class Product(Stateful):
    """`product_class` "" until the province sets A or B in its review (platform default 1).

    `name_key` is the name without spaces, marks and case: what "one product, one supplier" compares (S19/5.2.3(4)).
    `origin`: the independent partner's listed product which a platform provider lists beside it.
    `carried_from`: the product of the older catalog version it took over without review (N20/5.1); null: reviewed.
    `pilot_key`: the cluster pilot it belongs to, "" for ordinary products; item 25 needs one (S19/annex.25).
    """

    supplier = models.ForeignKey("suppliers.Supplier", on_delete=models.PROTECT, related_name="products")
    catalog_version = models.ForeignKey("catalog.CatalogVersion", on_delete=models.PROTECT, related_name="+")
    item_number = models.PositiveSmallIntegerField("目录项")
    name = models.CharField("产品名称", max_length=120)
    name_key = models.CharField(max_length=120, db_index=True)
    product_class = models.CharField("类别", max_length=1, choices=PRODUCT_CLASSES, blank=True)
    modules = ArrayField(models.CharField(max_length=80), verbose_name="功能模块", default=list, blank=True)
    situations = ArrayField(models.CharField(max_length=80), verbose_name="触发工单的情形", default=list, blank=True)
    channels = ArrayField(models.CharField(max_length=20), verbose_name="提醒方式", default=list, blank=True)
    model_name = models.CharField("工业大数据模型", max_length=200, blank=True)
    introduction = models.TextField("产品说明", max_length=2000, blank=True)
    price_note = models.CharField("价格说明", max_length=400, blank=True)
    offer = models.CharField("产品来源", max_length=16, choices=OFFER_KINDS, default=OfferKind.OWN)
    partner_name = models.CharField("合作伙伴名称", max_length=120, blank=True)
    partner_uscc = models.CharField("合作伙伴统一社会信用代码", max_length=18, blank=True)
    origin = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="offered_by")
    own_work = models.BooleanField("不转包软件和实施服务", default=False)
    pilot_key = models.CharField("集群试点", max_length=40, blank=True)
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_to")
    search_text = models.TextField(blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    listed_at = models.DateTimeField("上架时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间")
    state = StateField("状态", default=S.DRAFT, choices=PRODUCT_STATES)

    class Meta:
        verbose_name = "产品"
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "catalog_version", "name_key"],
                condition=~Q(state__in=[S.REFUSED, S.DELISTED]),
                name="product_name_once_per_supplier",
            ),
            models.UniqueConstraint(
                fields=["catalog_version", "name_key"],
                condition=Q(state__in=[S.PROVINCE_REVIEW, S.LISTED, S.SUSPENDED], offer__in=["own", "partner"]),
                name="product_name_one_supplier",
            ),
            models.UniqueConstraint(
                fields=["carried_from", "catalog_version"],
                condition=Q(carried_from__isnull=False),
                name="product_carried_over_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.LISTED, S.SUSPENDED]) | Q(product_class__in=["A", "B"]),
                name="product_listed_has_class",
            ),
            models.CheckConstraint(condition=~Q(state=S.LISTED) | Q(listed_at__isnull=False), name="product_listed_at"),
            models.CheckConstraint(
                condition=Q(offer=OfferKind.PARTNER_LISTED) | Q(origin__isnull=True), name="product_origin_of_partner"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="product_state_newest"),
            models.Index(fields=["catalog_version", "state", "item_number"], name="product_catalog_item"),
            models.Index(fields=["supplier", "state"], name="product_supplier_state"),
        ]

    def __str__(self) -> str:
        return self.name

    @transition(source=[S.DRAFT, S.RETURNED], target=S.PROVINCE_REVIEW, actor="供应商", clause="S19/5.2.3")
    def submit(self) -> None: ...

    @transition(source=S.PROVINCE_REVIEW, target=S.RETURNED, actor="省（两人）", clause="S19/5.2.4")
    def send_back(self) -> None: ...

    @transition(source=S.PROVINCE_REVIEW, target=S.LISTED, actor="省（两人）", clause="S19/5.2.4")
    def enter_catalog(self) -> None: ...

    @transition(source=S.PROVINCE_REVIEW, target=S.REFUSED, actor="省（两人）", clause="S19/5.2.4")
    def refuse(self) -> None: ...

    @transition(source=S.DRAFT, target=S.LISTED, actor="平台", clause="N20/5.1")
    def carry_over(self) -> None: ...

    @transition(source=S.LISTED, target=S.SUSPENDED, actor="省（两人）", clause="S19/5.5.15")
    def suspend(self) -> None: ...

    @transition(source=S.SUSPENDED, target=S.LISTED, actor="省（两人）", clause="S19/5.5.16")
    def relist(self) -> None: ...

    @transition(source=[S.LISTED, S.SUSPENDED], target=S.DELISTED, actor="省（两人）", clause="N20/5.2")
    def delist(self) -> None: ...


class ProductFile(models.Model):
    """A piece of evidence of a product."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("材料种类", max_length=24, choices=FILE_KINDS)
    added_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "产品材料"
        constraints = [models.UniqueConstraint(fields=["product", "file"], name="product_file_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_id}"
