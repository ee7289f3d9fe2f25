"""Deliveries of the telecom operators."""

from django.db import models

from platform_site.kit.ledger import AppendOnly


class FeedDelivery(AppendOnly):
    """One file or call of an operator: connection records of user-side devices (REF).

    The same content twice is one delivery. Rows with errors are listed, not kept.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+", verbose_name="运营商")
    delivered_by_id = models.BigIntegerField("提交人", null=True, blank=True)
    delivered_at = models.DateTimeField("提交时间")
    name = models.CharField("文件名", max_length=120)
    body_hash = models.CharField("正文指纹", max_length=64)
    rows = models.PositiveIntegerField("行数")
    accepted = models.PositiveIntegerField("接收")
    rejected = models.PositiveIntegerField("拒收")
    errors = models.JSONField("错误", default=list, help_text="line, code, reason；最多保存 500 行")

    class Meta:
        verbose_name = "运营商反馈"
        verbose_name_plural = "运营商反馈"
        ordering = ["-delivered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "body_hash"], name="feed_delivery_once_per_content")
        ]

    def __str__(self) -> str:
        return self.name
