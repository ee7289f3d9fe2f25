"""Cluster pilots: their own budget, and the enterprises they serve."""

from django.db import models
from django.db.models import Q

from platform_site.kit.fsm import StateField, Stateful, transition
from platform_site.kit.money import MoneyField
from vouchers.enums import PilotState


class Pilot(Stateful):
    """A cluster pilot (S19/5.6.18). Its vouchers use its own budget `pilot:<id>`, not the city's (S19/5.6.24);
    steps and deadlines are those of every voucher (S19/5.6.23)."""

    name = models.CharField("试点名称", max_length=120)
    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+")
    city = models.ForeignKey("accounts.City", on_delete=models.PROTECT, related_name="+")
    lead_supplier = models.ForeignKey("suppliers.Supplier", on_delete=models.PROTECT, related_name="+")
    plan = models.TextField("实施方案摘要", blank=True)
    created_at = models.DateTimeField("登记时间")
    state = StateField("状态", default=PilotState.APPLIED, choices=PilotState.choices)

    class Meta:
        verbose_name = "集群试点"
        verbose_name_plural = "集群试点"

    def __str__(self) -> str:
        return self.name

    @transition(source="applied", target="reviewed", actor="省级经办", clause="S19/5.6.18")
    def review(self) -> None: ...

    @transition(source="reviewed", target="running", actor="省级签发人", clause="S19/5.6.18")
    def start(self) -> None: ...

    @transition(source="running", target="fulfilled", actor="省级签发人", clause="S19/5.6.25")
    def fulfil(self) -> None: ...

    @transition(source="running", target="failed", actor="省级签发人", clause="S19/7.5.3")
    def fail(self) -> None: ...


class PilotClient(models.Model):
    """An enterprise of the cluster. `cap` null: the edition's ordinary cap; else the raised one (S19/5.6.21)."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="clients")
    enterprise = models.ForeignKey("vouchers.Enterprise", on_delete=models.PROTECT, related_name="pilot_places")
    cap = MoneyField("当期上限", null=True, blank=True)
    admitted_at = models.DateTimeField("加入时间")

    class Meta:
        verbose_name = "试点企业"
        verbose_name_plural = "试点企业"
        constraints = [
            models.UniqueConstraint(fields=["pilot", "enterprise"], name="pilot_client_once"),
            models.CheckConstraint(condition=Q(cap__isnull=True) | Q(cap__gt=0), name="pilot_client_cap_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.pilot_id}/{self.enterprise_id}"
