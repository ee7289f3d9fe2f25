"""What the supplier says about an application, where the edition asks it."""

from django.db import models
from django.db.models import Q

from platform_site.kit.ledger import AppendOnly


class SupplierAnswer(AppendOnly):
    """The supplier agrees with contract text and facts, or says what is wrong (T18/5.3.7). Once agreed nothing follows
    until the enterprise corrects its application; then the supplier is asked again."""

    voucher = models.ForeignKey("vouchers.Voucher", on_delete=models.PROTECT, related_name="supplier_answers")
    agrees = models.BooleanField("确认")
    reason = models.TextField("意见", blank=True)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    answered_at = models.DateTimeField("答复时间")

    class Meta:
        verbose_name = "供应商对申领的答复"
        verbose_name_plural = "供应商对申领的答复"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(reason=""), name="supplier_objection_has_reason")
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} {'确认' if self.agrees else '不确认'}"
