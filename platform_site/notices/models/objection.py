"""Objections to a public notice."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from platform_site.kit.fsm import StateField, Stateful, transition
from platform_site.notices.enums import OBJECTION_STATES, ObjectionState


class Objection(Stateful):
    """Real name, contact and evidence are for the publishing bureau alone and are never shown in public (P18/annex1.9).

    `line_key` "" objects to the whole notice. `key` opens the objector's own receipt page: it cannot be guessed.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    receipt_no = models.CharField("回执号", max_length=20, unique=True)
    notice = models.ForeignKey("notices.PublicNotice", on_delete=models.PROTECT, related_name="objections")
    line_key = models.CharField(max_length=60, blank=True)
    name = models.CharField("姓名或单位名称", max_length=120)
    contact = models.CharField("联系方式", max_length=120)
    statement = models.TextField("异议内容", max_length=4000)
    evidence = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    filed_at = models.DateTimeField("提出时间")
    answer = models.TextField("答复", max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    state = StateField("状态", default=ObjectionState.FILED, choices=OBJECTION_STATES)

    class Meta:
        verbose_name = "异议"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ObjectionState.FILED) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="objection_answered_with_words",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(contact=""), name="objection_with_real_name"),
        ]
        indexes = [models.Index(fields=["notice", "state", "line_key"], name="objection_notice_line")]

    def __str__(self) -> str:
        return self.receipt_no

    @transition(source=ObjectionState.FILED, target=ObjectionState.UPHELD, actor="发布单位", clause="S19/6.3")
    def uphold(self) -> None: ...

    @transition(source=ObjectionState.FILED, target=ObjectionState.REJECTED, actor="发布单位", clause="S19/6.3")
    def reject(self) -> None: ...
