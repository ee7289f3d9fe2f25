"""A day on which the province corrects the calendar."""

from django.db import models


class DayOverride(models.Model):
    """Why: the State Council's arrangement of a year is published late in the year before; typhoons close offices."""

    day = models.DateField("日期", primary_key=True)
    working = models.BooleanField("是工作日")
    reason = models.CharField("依据", max_length=120)

    class Meta:
        verbose_name = "日历调整"
        verbose_name_plural = "日历调整"

    def __str__(self) -> str:
        return f"{self.day} {'班' if self.working else '休'}"
