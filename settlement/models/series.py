"""Numbers that are given out one after another."""

from django.db import models


class Series(models.Model):
    """The last number given in a series ("DX2020", "GS4406-2020"). One row per series, taken by an upsert."""

    key = models.CharField("号段", max_length=40, unique=True)
    last = models.PositiveIntegerField("最后一个号", default=0)

    def __str__(self) -> str:
        return f"{self.key} {self.last}"
