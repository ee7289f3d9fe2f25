"""Quota plans: what one person drafts and another signs, their tranches, and the alerts that little is left."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from platform_site.kit.fsm import StateField, Stateful, transition
from platform_site.kit.ledger import AppendOnly
from platform_site.kit.money import MoneyField
from vouchers.enums import PlanKind, PlanState, TrancheState


class QuotaPlan(Stateful):
    """Quota that one person drafts and another signs (S19/5.1.1, S19/7.3).

    Signing writes the event; a plan in tranches has no event of its own, each of its tranches has one. `basis`: what it
    was computed from: way (formula, suppliers), weights, inputs, factors; {} where it was typed.
    """

    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=8, choices=PlanKind.choices)
    title = models.CharField("名称", max_length=120)
    reason = models.TextField("理由")
    drafted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField("拟定时间")
    signed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    signed_at = models.DateTimeField("签发时间", null=True, blank=True)
    event = models.OneToOneField("vouchers.QuotaEvent", on_delete=models.PROTECT, related_name="plan", null=True)
    basis = models.JSONField("依据", default=dict, blank=True, encoder=DjangoJSONEncoder)
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
                condition=~Q(state=PlanState.SIGNED)
                | Q(signed_by__isnull=False) & (Q(event__isnull=False) | Q(kind=PlanKind.TRANCHED)),
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
    """`amount`: grant, the new total of the dimension; tranched, what all tranches together add; transfer, the signed
    change (the lines sum to zero). `basis`: how it was computed and adjusted, for people to read; {} where typed."""

    plan = models.ForeignKey(QuotaPlan, on_delete=models.CASCADE, related_name="lines")
    dimension = models.CharField("额度", max_length=32)
    amount = MoneyField("金额")
    basis = models.JSONField("计算过程", default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "额度方案明细"
        verbose_name_plural = "额度方案明细"
        ordering = ["plan_id", "dimension"]
        constraints = [models.UniqueConstraint(fields=["plan", "dimension"], name="quota_plan_line_once")]

    def __str__(self) -> str:
        return f"{self.dimension} {self.amount}"


class QuotaTranche(Stateful):
    """A share of a signed plan that is given out by itself at its time; the event says that it was.

    `stop_asked_by` null: nobody wants to stop it. A stop asked for holds nothing back until a second person signs it.
    """

    plan = models.ForeignKey(QuotaPlan, on_delete=models.CASCADE, related_name="tranches")
    number = models.PositiveSmallIntegerField("批次")
    share = models.DecimalField("比例", max_digits=5, decimal_places=4)
    release_at = models.DateTimeField("放出时间")
    event = models.OneToOneField("vouchers.QuotaEvent", on_delete=models.PROTECT, related_name="tranche", null=True)
    stop_reason = models.TextField("停止理由", blank=True)
    stop_asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    stop_asked_at = models.DateTimeField("提出停止时间", null=True)
    stopped_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    stopped_at = models.DateTimeField("停止时间", null=True)
    state = StateField("状态", default=TrancheState.PLANNED, choices=TrancheState.choices)

    class Meta:
        verbose_name = "额度批次"
        verbose_name_plural = "额度批次"
        ordering = ["plan_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="quota_tranche_once"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="quota_tranche_share"),
            models.CheckConstraint(
                condition=Q(state=TrancheState.RELEASED, event__isnull=False)
                | ~Q(state=TrancheState.RELEASED) & Q(event__isnull=True),
                name="quota_tranche_released_has_event",
            ),
            models.CheckConstraint(
                condition=~Q(state=TrancheState.STOPPED)
                | Q(stop_asked_by__isnull=False, stopped_by__isnull=False) & ~Q(stopped_by=F("stop_asked_by")),
                name="quota_tranche_stopped_by_two",
            ),
        ]
        indexes = [models.Index(fields=["state", "release_at"], name="quota_tranche_due")]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.number}"

    @transition(source="planned", target="released", actor="平台（到时）", clause="REF/3")
    def release(self) -> None: ...

    @transition(source="planned", target="stopped", actor="省（两人）", clause="REF/3")
    def stop(self) -> None: ...


class QuotaAlert(AppendOnly):
    """Somebody was told that little is left of a quota, or that there is more again; once for each total."""

    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+")
    dimension = models.CharField("额度", max_length=32)
    threshold = models.DecimalField("剩余比例", max_digits=4, decimal_places=3)
    down = models.BooleanField("不足")
    total = MoneyField("当时总额")
    available = MoneyField("当时可用")
    told_at = models.DateTimeField("提醒时间")

    class Meta:
        verbose_name = "额度提醒"
        verbose_name_plural = "额度提醒"
        constraints = [
            models.UniqueConstraint(
                fields=["period", "dimension", "total", "threshold", "down"], name="quota_alert_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.threshold}"
