"""Where the platform fetches login and usage logs, how far it has come, and what was answered last."""

from django.db import models

from monitoring.models.source import Source


class Pull(models.Model):
    """The supplier's endpoint of one source of kind "supplier_pull". Kept when the source goes back to sending.

    cursor: as the endpoint gave it with its last page; empty: from the beginning. due_at: not asked before; while
    somebody asks, it lies after the longest time that may take. failures: in a row; 0 after every good answer. From
    `rules.pull_pace.OPENS_AFTER` on the breaker is open until `due_at`. last_code empty: the last answer was good.
    """

    source = models.OneToOneField(Source, models.PROTECT, related_name="pull", verbose_name="数据来源")
    address = models.CharField("接口地址", max_length=300)
    cursor = models.CharField("游标", max_length=256, blank=True, default="")
    due_at = models.DateTimeField("下次拉取时间", db_index=True)
    failures = models.PositiveIntegerField("连续失败", default=0)
    last_at = models.DateTimeField("最近回答时间", null=True, blank=True)
    last_code = models.CharField("最近错误", max_length=40, blank=True, default="")
    last_words = models.CharField("最近错误说明", max_length=300, blank=True, default="")
    last_records = models.PositiveIntegerField("最近一页记录", default=0)

    class Meta:
        verbose_name = "日志拉取"
        verbose_name_plural = "日志拉取"
        constraints = [models.CheckConstraint(condition=~models.Q(address=""), name="pull_address_is_given")]

    def __str__(self) -> str:
        return self.address
