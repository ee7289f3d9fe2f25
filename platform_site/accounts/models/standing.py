"""Bars in force."""

from django.db import models
from django.db.models import F, Q

from platform_site.accounts.enums import Bar, SubjectType


class Standing(models.Model):
    """A fact: this subject is barred from something, from a day on, until a day (null: until lifted).

    Imposed from higher floors (penalties, the province's list of fiscal violations); `ground` says why in a sentence,
    `clause` names the rule. `lifted_at` set: no longer in force from `lifted_on` on.
    """

    subject_type = models.CharField("对象类别", max_length=12, choices=SubjectType)
    subject_key = models.CharField("对象", max_length=64)
    bar = models.CharField("限制", max_length=12, choices=Bar)
    from_day = models.DateField("起始日期")
    until_day = models.DateField("截止日期", null=True, blank=True)
    ground = models.TextField("事由")
    clause = models.CharField("依据", max_length=32)
    source = models.CharField("来源", max_length=80, blank=True)
    imposed_at = models.DateTimeField("登记时间")
    lifted_on = models.DateField("解除日期", null=True, blank=True)
    lift_ground = models.TextField("解除事由", blank=True)

    class Meta:
        verbose_name = "限制情形"
        verbose_name_plural = "限制情形"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_day__isnull=True) | Q(until_day__gte=F("from_day")), name="standing_days_in_order"
            ),
            models.UniqueConstraint(
                fields=["subject_type", "subject_key", "bar", "source"],
                condition=Q(lifted_on__isnull=True) & ~Q(source=""),
                name="standing_once_per_source",
            ),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_key", "bar"], name="standing_by_subject")]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_key} {self.bar}"
