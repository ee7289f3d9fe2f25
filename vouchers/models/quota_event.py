"""The one ordered event table of a period, and what the allocator has made of it."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from platform_site.kit.ledger import AppendOnly
from vouchers.enums import EventKind, Outcome


class QuotaEvent(AppendOnly):
    """Something that touches quota. Its order is (arrived_at, id).

    `arrived_at` is the database's clock_timestamp(), read under the shared arrival lock inside the INSERT itself.
    `voucher` null: grants and transfers.
    """

    sealed = True
    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("种类", max_length=10, choices=EventKind.choices)
    arrived_at = models.DateTimeField("到达时间")
    voucher = models.ForeignKey("vouchers.Voucher", on_delete=models.PROTECT, related_name="events", null=True)
    payload = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "额度事件"
        verbose_name_plural = "额度事件"
        indexes = [models.Index(fields=["period", "arrived_at", "id"], name="quota_event_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["voucher"], condition=models.Q(kind=EventKind.ARRIVE), name="quota_event_arrives_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class QuotaDecision(AppendOnly):
    """The allocator's answer to one event, in the order it was given."""

    event = models.OneToOneField(QuotaEvent, on_delete=models.PROTECT, related_name="decision")
    decided_at = models.DateTimeField("裁定时间")
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices)
    detail = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "额度裁定"
        verbose_name_plural = "额度裁定"

    def __str__(self) -> str:
        return f"{self.event_id} {self.outcome}"


class QuotaCursor(models.Model):
    """How far the allocator has come in a period: the last event decided and the last numbers given."""

    period = models.OneToOneField("catalog.Period", on_delete=models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField("最后事件时间", null=True)
    event_id = models.BigIntegerField("最后事件", default=0)
    sequence = models.PositiveIntegerField("最后受理顺序号", default=0)
    movement = models.PositiveIntegerField("最后流水号", default=0)

    class Meta:
        verbose_name = "额度裁定进度"
        verbose_name_plural = "额度裁定进度"

    def __str__(self) -> str:
        return f"{self.period_id}@{self.event_id}"
