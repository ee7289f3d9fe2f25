"""Announcements of the province and the cities."""

from django.conf import settings
from django.db import models

from platform_site.notices.enums import ANNOUNCEMENT_KINDS, AnnouncementKind


class Announcement(models.Model):
    """`period_code` "" for announcements outside a period; `withdrawn_at` null: still to be read by everybody."""

    title = models.CharField("标题", max_length=160)
    body = models.TextField("正文", max_length=20000)
    kind = models.CharField("类别", max_length=12, choices=ANNOUNCEMENT_KINDS, default=AnnouncementKind.NOTICE)
    period_code = models.CharField("发放周期", max_length=20, blank=True, db_index=True)
    publisher = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField("发布时间", db_index=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)
    withdrawal_reason = models.CharField("撤下原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "公告"
        ordering = ["-published_at", "-id"]

    def __str__(self) -> str:
        return self.title
