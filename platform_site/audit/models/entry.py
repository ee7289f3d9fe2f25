"""One thing that happened."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from platform_site.audit.enums import event_name
from platform_site.kit.ledger import AppendOnly


class Entry(AppendOnly):
    """A typed event about one subject.

    Actors and subjects are plain ids without foreign keys: the record outlives what it speaks of. `actor_user_id` null
    means the platform itself acted; `organisation_id` null that nobody's membership was in use.
    """

    sealed = True
    op = models.UUIDField("操作号", db_index=True)
    at = models.DateTimeField("时间")
    actor_user_id = models.BigIntegerField("操作人", null=True)
    actor_label = models.CharField("操作人姓名", max_length=120)
    organisation_id = models.BigIntegerField("所属单位", null=True, db_index=True)
    event = models.CharField("事件", max_length=64)
    subject_type = models.CharField("对象类型", max_length=48)
    subject_id = models.CharField("对象编号", max_length=64)
    data = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "操作记录"
        verbose_name_plural = "操作记录"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_by_subject"),
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["event"], name="audit_by_event"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject_type}:{self.subject_id}"

    @property
    def who(self) -> str:
        return self.actor_label

    @property
    def text(self) -> str:
        """What happened, in Chinese; a note that the person left is added."""
        note = str(self.data.get("note") or self.data.get("reason") or "")
        return f"{event_name(self.event)}：{note}" if note else event_name(self.event)

    @property
    def operation(self) -> str:
        return str(self.op)
