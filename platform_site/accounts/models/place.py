"""Cities and counties of Guangdong."""

from django.db import models


class City(models.Model):
    """One of the 21 prefecture cities. `region_hint` is for display only: the edition's parameter decides the rate.

    `has_counties` false: Dongguan and Zhongshan, whose city bureau also does the counties' work.
    """

    code = models.CharField("代码", primary_key=True, max_length=6)
    name = models.CharField("名称", max_length=20, unique=True)
    short = models.CharField("简称", max_length=10)
    region_hint = models.CharField("区域", max_length=12)
    tile_col = models.PositiveSmallIntegerField("方格列")
    tile_row = models.PositiveSmallIntegerField("方格行")
    prefecture = models.BooleanField("地级以上市", default=True)
    has_counties = models.BooleanField("设县区", default=True)

    class Meta:
        verbose_name = "地级以上市"
        verbose_name_plural = "地级以上市"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["tile_col", "tile_row"], name="city_tile_once")]

    def __str__(self) -> str:
        return self.name


class County(models.Model):
    """A county, district or county-level city."""

    code = models.CharField("代码", primary_key=True, max_length=6)
    name = models.CharField("名称", max_length=30)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="counties", verbose_name="所属市")

    class Meta:
        verbose_name = "县区"
        verbose_name_plural = "县区"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
