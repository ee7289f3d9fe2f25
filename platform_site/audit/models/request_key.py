"""Idempotency keys of forms and API calls."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class RequestKey(models.Model):
    """A key that the client made, with the hash of what it sent and the outcome it got.

    `outcome` null: the command has not finished, in this transaction or at all.
    """

    key = models.CharField("键", max_length=64)
    actor_user_id = models.BigIntegerField("操作人", null=True)
    body_hash = models.CharField("内容指纹", max_length=64)
    outcome = models.JSONField("结果", null=True, encoder=DjangoJSONEncoder)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "提交凭据"
        verbose_name_plural = "提交凭据"
        constraints = [
            models.UniqueConstraint(fields=["key", "actor_user_id"], name="request_key_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.key
