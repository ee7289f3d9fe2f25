"""Reasons that officers write again and again, kept for the next time."""

from django.db import models
from django.db.models import Q


class ReasonText(models.Model):
    """owner null: the office's, for everybody in it; else one officer's own."""

    organisation_id = models.BigIntegerField("单位")
    owner = models.BigIntegerField("本人", null=True, blank=True)
    title = models.CharField("短名", max_length=40)
    clause = models.CharField("条款", max_length=40)
    reason = models.TextField("理由", max_length=1000)
    remedy = models.CharField("怎么办", max_length=500, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = "常用理由"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "owner", "title"], name="reason_text_title_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(title=""), name="reason_text_not_empty"),
        ]
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title
