"""A form that is being filled in."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q


class ApplicationDraft(models.Model):
    """What somebody has typed so far, exactly as typed: nothing is lost, nothing is judged.

    `voucher` null: a new application; otherwise the correction of a returned one. `files`: ids of uploaded files with
    their kind. `prepared` null: not checked, or changed since; otherwise the application made from exactly what is
    typed, which waits in state "draft" for the opening. `reminded_at`: when its people last heard of the opening. The
    draft goes when it is submitted or thrown away.
    """

    enterprise = models.ForeignKey("vouchers.Enterprise", on_delete=models.CASCADE, related_name="drafts")
    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+")
    voucher = models.OneToOneField(
        "vouchers.Voucher", on_delete=models.CASCADE, related_name="correction", null=True, blank=True
    )
    prepared = models.OneToOneField(
        "vouchers.Voucher", on_delete=models.PROTECT, related_name="prepared_from", null=True, blank=True
    )
    prepared_at = models.DateTimeField("备好时间", null=True, blank=True)
    reminded_at = models.DateTimeField("提醒时间", null=True, blank=True)
    data = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)
    files = models.JSONField("文件", default=list)
    saved_at = models.DateTimeField("保存时间")
    saved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = "申请草稿"
        verbose_name_plural = "申请草稿"
        ordering = ["-saved_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(prepared__isnull=True, prepared_at__isnull=True)
                | Q(prepared__isnull=False, prepared_at__isnull=False, voucher__isnull=True),
                name="draft_prepared_with_time",
            )
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"
