"""The adoption verdict of a voucher."""

from django.db import models

from monitoring.enums import OUTCOMES
from platform_site.kit.money import MoneyField


class Verdict(models.Model):
    """The result that the platform shows (S19/5.4.12), recomputed nightly until it is frozen at the city's decision.

    claimed_amount null: judged by the voucher's amount; else by the lower claim that the enterprise makes.
    frozen_at null: provisional. A frozen row is refused any change by the database.
    numbers: figures and thresholds; explanation: findings, rows per device or user, what is missing; scheme: as frozen
    on the source. All three are written by `monitoring.rules.adoption`.
    """

    voucher = models.OneToOneField("vouchers.Voucher", models.PROTECT, related_name="+", verbose_name="服务券")
    claimed_amount = MoneyField("申请金额", null=True, blank=True)
    outcome = models.CharField("结论", max_length=12, choices=OUTCOMES)
    numbers = models.JSONField("数字", default=dict)
    explanation = models.JSONField("说明", default=dict)
    scheme = models.JSONField("监测方案", default=dict)
    computed_at = models.DateTimeField("计算时间")
    frozen_at = models.DateTimeField("固定时间", null=True, blank=True)

    class Meta:
        verbose_name = "监测结论"
        verbose_name_plural = "监测结论"

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.get_outcome_display()}"
