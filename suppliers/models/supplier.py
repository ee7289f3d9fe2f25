"""The supplier: an organisation's own record under the scheme, and the evidence it handed in."""

from django.db import models
from django.db.models import Q

from platform_site.kit.fsm import StateField, Stateful, transition
from suppliers.enums import (
    FILE_KINDS,
    LEGAL_FORMS,
    QUOTA_CLASSES,
    SUPPLIER_KINDS,
    SUPPLIER_STATES,
    QuotaClass,
    SupplierKind,
    SupplierState,
)

S = SupplierState


class Supplier(Stateful):
    """One per organisation. `city` null: registered outside the province, the province reviews alone (S19/5.2.5).

    `parent_uscc`: the head company of its group, "" where it has none; of one group only one company is listed
    (S19/5.2.3(2)). `quota_class` and `priority` are set by the province alone.
    """

    organisation = models.OneToOneField("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("供应商名称", max_length=120)
    uscc = models.CharField("统一社会信用代码", max_length=18)
    city = models.ForeignKey(
        "accounts.City", verbose_name="注册地", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField("供应商类型", max_length=16, choices=SUPPLIER_KINDS, default=SupplierKind.SERVICE)
    legal_form = models.CharField("单位性质", max_length=16, choices=LEGAL_FORMS)
    founded_on = models.DateField("成立日期", null=True, blank=True)
    introduction = models.TextField("单位简介", max_length=2000, blank=True)
    website = models.URLField("网址", blank=True)
    address = models.CharField("办公地址", max_length=200, blank=True)
    contact_name = models.CharField("联系人", max_length=60)
    contact_phone = models.CharField("联系电话", max_length=30)
    contact_email = models.EmailField("联系邮箱", blank=True)
    platform_capability = models.BooleanField("已通过“平台服务能力”审核", default=False)
    parent_name = models.CharField("总公司名称", max_length=120, blank=True)
    parent_uscc = models.CharField("总公司统一社会信用代码", max_length=18, blank=True)
    quota_class = models.CharField("限额档次", max_length=10, choices=QUOTA_CLASSES, default=QuotaClass.OTHER)
    priority = models.BooleanField("优秀供应商", default=False)
    search_text = models.TextField(blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    listed_at = models.DateTimeField("入库时间", null=True, blank=True)
    created_at = models.DateTimeField("登记时间")
    state = StateField("状态", default=S.DRAFT, choices=SUPPLIER_STATES)

    class Meta:
        verbose_name = "供应商"
        constraints = [
            # A code may come back after a refusal or a delisting, never twice among the living.
            models.UniqueConstraint(
                fields=["uscc"],
                condition=Q(
                    state__in=[S.CITY_REVIEW, S.PROVINCE_REVIEW, S.RETURNED, S.LISTED, S.SUSPENDED],
                ),
                name="supplier_uscc_once_among_living",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.CITY_REVIEW) | Q(city__isnull=False), name="supplier_city_review_has_city"
            ),
            models.CheckConstraint(
                condition=~Q(state=S.LISTED) | Q(listed_at__isnull=False), name="supplier_listed_at"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="supplier_state_newest"),
            models.Index(fields=["city", "state", "-id"], name="supplier_city_state"),
            models.Index(fields=["parent_uscc"], name="supplier_parent_uscc"),
        ]

    def __str__(self) -> str:
        return self.name

    @transition(source=[S.DRAFT, S.RETURNED], target=S.CITY_REVIEW, actor="供应商", clause="S19/5.2.4")
    def submit_to_city(self) -> None: ...

    @transition(source=[S.DRAFT, S.RETURNED], target=S.PROVINCE_REVIEW, actor="省外供应商", clause="S19/5.2.5")
    def submit_to_province(self) -> None: ...

    @transition(source=S.CITY_REVIEW, target=S.PROVINCE_REVIEW, actor="地市", clause="S19/5.2.4")
    def pass_on(self) -> None: ...

    @transition(source=[S.CITY_REVIEW, S.PROVINCE_REVIEW], target=S.RETURNED, actor="地市、省", clause="S19/6.2")
    def send_back(self) -> None: ...

    @transition(source=S.PROVINCE_REVIEW, target=S.LISTED, actor="省（两人）", clause="S19/5.2.3")
    def enter_pool(self) -> None: ...

    @transition(source=[S.CITY_REVIEW, S.PROVINCE_REVIEW], target=S.REFUSED, actor="地市、省", clause="S19/5.2.3")
    def refuse(self) -> None: ...

    @transition(source=S.REFUSED, target=S.DRAFT, actor="供应商", clause="S19/5.2.3")
    def start_again(self) -> None: ...

    @transition(source=S.LISTED, target=S.SUSPENDED, actor="省（两人）", clause="S19/5.5.15")
    def suspend(self) -> None: ...

    @transition(source=S.SUSPENDED, target=S.LISTED, actor="省（两人）", clause="S19/5.5.16")
    def relist(self) -> None: ...

    @transition(source=[S.LISTED, S.SUSPENDED], target=S.DROPPED, actor="省（两人）", clause="P18/2.2")
    def drop(self) -> None: ...

    @transition(source=[S.LISTED, S.SUSPENDED], target=S.DELISTED, actor="省（两人）", clause="N20/5.2")
    def delist(self) -> None: ...


class SupplierFile(models.Model):
    """A piece of evidence of the registration."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("材料种类", max_length=24, choices=FILE_KINDS)
    added_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "供应商材料"
        constraints = [models.UniqueConstraint(fields=["supplier", "file"], name="supplier_file_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_id}"
