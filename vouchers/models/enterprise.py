"""The enterprise as the scheme sees it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from platform_site.kit.fsm import StateField, Stateful, transition
from platform_site.kit.money import MoneyField
from vouchers.enums import EnterpriseKind, EnterpriseSize, EnterpriseState


class Enterprise(Stateful):
    """What an enterprise declares about itself, reviewed by its city or county (S19/5.3.8).

    One per organisation. `county` null: the city itself reviews (Dongguan, Zhongshan, or no county chosen).
    `revenue` null: not asked by the edition (only T18/4.1.2). Bank fields may stay empty until redemption (REF).
    `findings`: the reasons of the last return, all of them. `authorisation_file` only for maintenance enterprises.
    """

    organisation = models.OneToOneField("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("企业名称", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True)
    city = models.ForeignKey("accounts.City", on_delete=models.PROTECT, related_name="+", verbose_name="地级市")
    county = models.ForeignKey(
        "accounts.County",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="县（市、区）",
    )
    address = models.CharField("注册地址", max_length=300)
    kind = models.CharField("企业类型", max_length=16, choices=EnterpriseKind.choices)
    industry_code = models.CharField("行业代码", max_length=4, blank=True)
    business_scope = models.TextField("经营范围", blank=True)
    founded_on = models.DateField("成立日期")
    size = models.CharField("企业规模", max_length=8, choices=EnterpriseSize.choices, blank=True)
    employees = models.PositiveIntegerField("职工人数", null=True, blank=True)
    revenue = MoneyField("上年主营业务收入", null=True, blank=True)
    contact_name = models.CharField("联系人", max_length=60)
    contact_phone = models.CharField("联系电话", max_length=30)
    bank_name = models.CharField("开户银行", max_length=120, blank=True)
    bank_account_name = models.CharField("开户名称", max_length=200, blank=True)
    bank_account = models.CharField("银行账号", max_length=40, blank=True)
    licence_file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="营业执照"
    )
    authorisation_file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="品牌授权"
    )
    declared_no_violation = models.BooleanField("五年内无财政资金严重违规", default=False)
    declared_no_other_funds = models.BooleanField("申报内容未获其他财政资金", default=False)
    commitment = models.BooleanField("承诺信息真实", default=False)
    search_text = models.TextField("检索", blank=True, default="")
    findings = models.JSONField("退回理由", default=list, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    deadline_at = models.DateTimeField("审核期限", null=True, blank=True)
    reviewed_at = models.DateTimeField("审核时间", null=True, blank=True)
    reviewed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    created_at = models.DateTimeField("登记时间")
    state = StateField("状态", default=EnterpriseState.DRAFT, choices=EnterpriseState.choices)

    class Meta:
        verbose_name = "企业"
        verbose_name_plural = "企业"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=EnterpriseKind.MAINTENANCE)
                | ~Q(state=EnterpriseState.APPROVED)
                | Q(authorisation_file__isnull=False),
                name="enterprise_maintenance_authorised",
            ),
            models.CheckConstraint(condition=Q(uscc=Upper("uscc")), name="enterprise_uscc_upper"),
        ]
        indexes = [
            models.Index(fields=["city", "state", "id"], name="enterprise_city_list"),
        ]

    def __str__(self) -> str:
        return self.name

    @transition(source=["draft", "returned"], target="submitted", actor="企业", clause="S19/5.3.8")
    def submit(self) -> None: ...

    @transition(source="submitted", target="approved", actor="市（县）审核人", clause="S19/5.3.8")
    def approve(self) -> None: ...

    @transition(source="submitted", target="returned", actor="市（县）审核人", clause="S19/5.3.8")
    def return_back(self) -> None: ...

    @transition(source="approved", target="draft", actor="企业", clause="S19/5.3.8")
    def reopen(self) -> None: ...
