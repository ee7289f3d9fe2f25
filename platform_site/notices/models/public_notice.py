"""The public notice: a subject of another app shown to everybody for some days."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from platform_site.kit.fsm import StateField, Stateful, transition
from platform_site.notices.enums import NOTICE_STATES, NoticeState


class PublicNotice(Stateful):
    """The subject is named by type and key only: it lives on a higher floor.

    The publication day is not counted, `closes_on` is the last day on which an objection is taken (platform default 6).
    `lines`: key of a line → what the public may read of it; empty: the notice has no lines of its own.
    `on_close`, `on_objection`: names of tasks that the subject's owner wants to be told by, "" for none.
    """

    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    title = models.CharField("标题", max_length=160)
    publisher = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField("发布时间")
    days = models.PositiveSmallIntegerField("公示天数")
    opens_on = models.DateField("公示第一天")
    closes_on = models.DateField("公示最后一天", db_index=True)
    lines = models.JSONField(default=dict, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    on_close = models.CharField(max_length=80, blank=True)
    on_objection = models.CharField(max_length=80, blank=True)
    state = StateField("状态", default=NoticeState.OPEN, choices=NOTICE_STATES)

    class Meta:
        verbose_name = "公示"
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1), name="notice_has_days"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="notice_ends_after_it_opens"),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"],
                condition=Q(state=NoticeState.OPEN),
                name="notice_one_open_per_subject",
            ),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="notice_subject")]

    def __str__(self) -> str:
        return self.title

    @transition(source=NoticeState.OPEN, target=NoticeState.CLOSED, actor="平台", clause="D/6")
    def close(self) -> None: ...

    @transition(source=NoticeState.OPEN, target=NoticeState.SUPERSEDED, actor="发布单位", clause="D/6")
    def supersede(self) -> None: ...
