"""Invoices and payments of a claim."""

from django.db import models
from django.db.models import Q

from platform_site.kit.money import MoneyField


class Invoice(models.Model):
    """One invoice of a claim. Unique by its normalised key among live claims of all cities and periods.

    code: empty for fully digital invoices (twenty-digit numbers). key: never null, made by `rules.invoice_key`.
    live: handed in and not refused; a draft doesn't block anybody. amount: with tax, yuan.
    file: the scanned paper, null when not attached singly. readout: what the QR code or the XML said, {} when unread.
    """

    redemption = models.ForeignKey("settlement.Redemption", on_delete=models.CASCADE, related_name="invoices")
    code = models.CharField("发票代码", max_length=12, blank=True)
    number = models.CharField("发票号码", max_length=20)
    key = models.CharField(max_length=40)
    issued_on = models.DateField("开票日期")
    amount = MoneyField("价税合计")
    amount_without_tax = MoneyField("不含税金额", null=True, blank=True)
    check_code = models.CharField("校验码后六位", max_length=6, blank=True)
    seller = models.CharField("销售方", max_length=120)
    buyer = models.CharField("购买方", max_length=120)
    file = models.ForeignKey(
        "settlement.RedemptionFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="invoices"
    )
    readout = models.JSONField(default=dict, blank=True)
    live = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(live=True), name="invoice_used_once"),
            models.UniqueConstraint(fields=["redemption", "key"], name="invoice_once_per_claim"),
            models.CheckConstraint(condition=~Q(key=""), name="invoice_has_key"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="invoice_amount_positive"),
        ]
        ordering = ["issued_on", "id"]

    def __str__(self) -> str:
        return f"{self.code} {self.number}".strip()


class Payment(models.Model):
    """One payment of the enterprise to the supplier, as on the bank slip.

    explanation: why payer or payee is not the party of the contract; empty when they are.
    """

    redemption = models.ForeignKey("settlement.Redemption", on_delete=models.CASCADE, related_name="payments")
    paid_on = models.DateField("付款日期")
    amount = MoneyField("付款金额")
    payer = models.CharField("付款人", max_length=120)
    payee = models.CharField("收款人", max_length=120)
    reference = models.CharField("银行流水号", max_length=60)
    explanation = models.TextField("说明", blank=True)
    file = models.ForeignKey(
        "settlement.RedemptionFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="payments"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["redemption", "reference"], name="payment_reference_once_per_claim"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
        ]
        ordering = ["paid_on", "id"]

    def __str__(self) -> str:
        return self.reference
