"""The quota ledger: plans, movements, balances, and those who wait."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from platform_site.kit.fsm import StateField, Stateful, transition
from platform_site.kit.ledger import AppendOnly
from platform_site.kit.money import MoneyField
from vouchers.enums import MovementKind, PlanKind, PlanState


class QuotaBalance(models.Model):
    """What a dimension ("city:440100", "supplier:12", "pilot:3") has and has used. Written by the allocator alone."""

    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+")
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

    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey("vouchers.QuotaEvent", on_delete=models.PROTECT, related_name="movements")
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

    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+")
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


class QuotaPlan(Stateful):
    """Quota that one person drafts and another signs (S19/5.1.1, S19/7.3). Signing writes the events."""

    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=8, choices=PlanKind.choices)
    title = models.CharField("名称", max_length=120)
    reason = models.TextField("理由")
    drafted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField("拟定时间")
    signed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    signed_at = models.DateTimeField("签发时间", null=True, blank=True)
    event = models.OneToOneField("vouchers.QuotaEvent", on_delete=models.PROTECT, related_name="plan", null=True)
    state = StateField("状态", default=PlanState.DRAFT, choices=PlanState.choices)

    class Meta:
        verbose_name = "额度方案"
        verbose_name_plural = "额度方案"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("drafted_by")), name="quota_plan_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state=PlanState.SIGNED) | Q(signed_by__isnull=False, event__isnull=False),
                name="quota_plan_signed_has_event",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @transition(source="draft", target="signed", actor="省级签发人", clause="S19/5.1.1")
    def sign(self) -> None: ...

    @transition(source="draft", target="discarded", actor="省级经办", clause="S19/5.1.1")
    def discard(self) -> None: ...


class QuotaPlanLine(models.Model):
    """Grant: `amount` is the new total of the dimension. Transfer: the signed change (the lines sum to zero)."""

    plan = models.ForeignKey(QuotaPlan, on_delete=models.CASCADE, related_name="lines")
    dimension = models.CharField("额度", max_length=32)
    amount = MoneyField("金额")

    class Meta:
        verbose_name = "额度方案明细"
        verbose_name_plural = "额度方案明细"
        ordering = ["plan_id", "dimension"]
        constraints = [models.UniqueConstraint(fields=["plan", "dimension"], name="quota_plan_line_once")]

    def __str__(self) -> str:
        return f"{self.dimension} {self.amount}"
