"""One message to the members of an organisation or to one person."""

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One row per person. `key` names the occasion, so that a repeated command does not tell twice; "" has no limit.

    `read_at` null: unread. `mailed_at` null: not in any mail yet. `organisation_id` is the membership it concerns.
    """

    user_id = models.BigIntegerField("收件人")
    organisation_id = models.BigIntegerField("所属单位", null=True)
    at = models.DateTimeField("时间")
    title = models.CharField("标题", max_length=120)
    body = models.TextField("内容", blank=True)
    link = models.CharField("去办理", max_length=300, blank=True)
    key = models.CharField("事由", max_length=120, blank=True)
    read_at = models.DateTimeField("已读时间", null=True)
    mailed_at = models.DateTimeField("发信时间", null=True)

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        constraints = [
            models.UniqueConstraint(fields=["user_id", "key"], condition=~Q(key=""), name="message_once_per_occasion")
        ]
        indexes = [
            models.Index(fields=["user_id", "-id"], name="message_inbox"),
            models.Index(fields=["user_id"], condition=Q(read_at=None), name="message_unread"),
        ]

    def __str__(self) -> str:
        return self.title
