"""The quota ledger: movements, balances, and those who wait."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from platform_site.kit.ledger import AppendOnly
from platform_site.kit.money import MoneyField
from vouchers.enums import MovementKind


class QuotaBalance(models.Model):
    """What a dimension ("city:440100", "supplier:12", "pilot:3") has and has used. Written by the allocator alone."""

    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+", db_index=False)
    dimension = models.CharField("额度", max_length=32)
    total = MoneyField("总额", default=0)
    reserved = MoneyField("已占用", default=0)
    consumed = MoneyField("已兑付", default=0)

    class Meta:
        verbose_name = "额度余额"
        verbose_name_plural = "额度余额"
        constraints = [
            models.UniqueConstraint(fields=["period", "dimension"], name="quota_balance_once"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & Q(consumed__gte=0), name="quota_balance_used_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(total__gte=F("reserved") + F("consumed")), name="quota_balance_never_over_allocated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_id}/{self.dimension}"

    @property
    def used(self) -> Decimal:
        return self.reserved + self.consumed

    @property
    def available(self) -> Decimal:
        return self.total - self.used


class QuotaMovement(AppendOnly):
    """One line of the ledger. `amount` is signed only for grants and transfers; reserve, release and consume are
    positive.

    reserve: total untouched, reserved + amount. release: reserved − amount. consume: reserved − amount, consumed +
    amount. `sequence`: dense number in the period. `voucher` null: grants and transfers.
    """

    sealed = True
    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+", db_index=False)
    event = models.ForeignKey("vouchers.QuotaEvent", on_delete=models.PROTECT, related_name="movements", db_index=False)
    dimension = models.CharField("额度", max_length=32)
    kind = models.CharField("种类", max_length=8, choices=MovementKind.choices)
    amount = MoneyField("金额")
    voucher = models.ForeignKey("vouchers.Voucher", on_delete=models.PROTECT, related_name="movements", null=True)
    sequence = models.PositiveIntegerField("流水号")
    decided_at = models.DateTimeField("裁定时间")

    class Meta:
        verbose_name = "额度流水"
        verbose_name_plural = "额度流水"
        constraints = [
            models.UniqueConstraint(fields=["period", "sequence"], name="quota_movement_dense"),
            models.UniqueConstraint(
                fields=["event", "voucher", "dimension", "kind"], name="quota_movement_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["grant", "transfer"]) | Q(amount__gt=0), name="quota_movement_positive"
            ),
        ]
        indexes = [models.Index(fields=["period", "dimension", "-sequence"], name="quota_movement_statement")]

    def __str__(self) -> str:
        return f"{self.kind} {self.dimension} {self.amount}"


class WaitingClaim(models.Model):
    """Somebody in the queue: a whole application or the difference by which one may rise. The row goes when it is
    served.

    Order: pilots' clients first, then arrival (platform default 4).
    """

    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+", db_index=False)
    event = models.OneToOneField("vouchers.QuotaEvent", on_delete=models.PROTECT, related_name="claim")
    voucher = models.ForeignKey("vouchers.Voucher", on_delete=models.PROTECT, related_name="claims")
    rises = models.BooleanField("仅补差额", default=False)
    priority = models.PositiveSmallIntegerField("次序", default=1)
    arrived_at = models.DateTimeField("排队时间")
    amount = MoneyField("所需金额")
    budget_dimension = models.CharField(max_length=32)
    supplier_dimension = models.CharField(max_length=32)

    class Meta:
        verbose_name = "候补"
        verbose_name_plural = "候补"
        ordering = ["priority", "arrived_at", "event_id"]
        indexes = [models.Index(fields=["period", "priority", "arrived_at", "event"], name="waiting_claim_order")]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="waiting_claim_positive")]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.amount}"
