"""One piece of work."""

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """A task name with its arguments.

    `unique` names the occasion ("settlement.void:2020-10-08"): a second job for it is not made; empty: no such limit.
    `done_at` null: not finished; `offered_at` null: the doorbell could not be rung yet. `failures` counts attempts that
    raised; a job is offered again with growing pauses, the last error stays readable.
    """

    task = models.CharField("任务", max_length=80)
    kwargs = models.JSONField("参数", default=dict)
    unique = models.CharField("唯一键", max_length=120, blank=True)
    created_at = models.DateTimeField("写入时间")
    offered_at = models.DateTimeField("投递时间", null=True)
    done_at = models.DateTimeField("完成时间", null=True)
    failures = models.PositiveSmallIntegerField("失败次数", default=0)
    last_error = models.CharField("最近错误", max_length=500, blank=True)

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = "任务"
        constraints = [
            models.UniqueConstraint(fields=["task", "unique"], condition=~Q(unique=""), name="outbox_one_per_occasion")
        ]
        indexes = [models.Index(fields=["id"], condition=Q(done_at=None), name="outbox_open")]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk}"
