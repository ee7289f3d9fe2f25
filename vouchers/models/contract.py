"""The contract on which an application rests, and its cost lines and files."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from platform_site.kit.money import MoneyField
from vouchers.enums import ContractFileKind, CostKind


class Contract(models.Model):
    """A contract as declared (S19/5.3.6).

    `unrelated_amount`: what the applicant takes out as not belonging to the voucher. `devices` null: the item does
    not count devices. `place_city` null: the service is delivered outside the province (post-sale items only, S19/4.3).
    `other_modules`: modules the contract names beside the product's own; each is a finding. `search_text`: by which
    its voucher is found.
    """

    enterprise = models.ForeignKey("vouchers.Enterprise", on_delete=models.PROTECT, related_name="contracts")
    supplier = models.ForeignKey("suppliers.Supplier", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey("suppliers.Product", on_delete=models.PROTECT, related_name="+")
    number = models.CharField("合同编号", max_length=80)
    signed_on = models.DateField("签订日期")
    total = MoneyField("合同总额")
    unrelated_amount = MoneyField("无关内容金额", default=0)
    modules = ArrayField(models.CharField(max_length=120), verbose_name="功能模块", default=list)
    other_modules = ArrayField(models.CharField(max_length=120), verbose_name="其他模块", default=list, blank=True)
    devices = models.PositiveIntegerField("设备数", null=True, blank=True)
    place = models.CharField("实施地点", max_length=300)
    place_city = models.ForeignKey(
        "accounts.City", on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="实施地市"
    )
    search_text = models.TextField("检索", blank=True, default="")

    class Meta:
        verbose_name = "合同"
        verbose_name_plural = "合同"
        constraints = [
            models.CheckConstraint(condition=Q(total__gt=0), name="contract_total_positive"),
            models.CheckConstraint(
                condition=Q(unrelated_amount__gte=0) & Q(unrelated_amount__lte=F("total")),
                name="contract_unrelated_within_total",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def declared_amount(self) -> Decimal:
        """Yuan: the base of every later check (S19/5.3.6)."""
        return self.total - self.unrelated_amount


class CostLine(models.Model):
    """One line of the contract's cost breakdown. `counted` false: outside the base of the amount."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="cost_lines")
    position = models.PositiveSmallIntegerField("序号", default=0)
    name = models.CharField("费用名称", max_length=120)
    kind = models.CharField("类别", max_length=16, choices=CostKind.choices)
    amount = MoneyField("金额")
    counted = models.BooleanField("计入奖补", default=True)

    class Meta:
        verbose_name = "费用明细"
        verbose_name_plural = "费用明细"
        ordering = ["contract_id", "position", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="cost_line_not_negative")]

    def __str__(self) -> str:
        return self.name


class ContractFile(models.Model):
    """A file that belongs to a contract."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=12, choices=ContractFileKind.choices)

    class Meta:
        verbose_name = "合同文件"
        verbose_name_plural = "合同文件"
        ordering = ["contract_id", "kind", "id"]
        constraints = [models.UniqueConstraint(fields=["contract", "file"], name="contract_file_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_id}"
