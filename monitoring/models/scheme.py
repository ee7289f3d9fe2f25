"""Monitoring scheme: what counts as real use, per edition and catalog item."""

from django.db import models

from monitoring.enums import SCHEME_KINDS


class Scheme(models.Model):
    """Thresholds of one item in one edition. The documents give only S19/annex.note2, all else is platform default 8.

    Edition data: changed by loading fixtures, never in code. What a voucher is judged by is frozen on its source at
    redemption, so a later change never touches it.
    """

    edition_code = models.CharField("政策版本", max_length=24)
    item_number = models.PositiveSmallIntegerField("目录序号")
    kind = models.CharField("监测方式", max_length=12, choices=SCHEME_KINDS)
    clause = models.CharField("依据", max_length=40)
    window_days = models.PositiveSmallIntegerField("观察天数")
    min_days = models.PositiveSmallIntegerField("最少有效天数")
    min_minutes = models.PositiveSmallIntegerField("每天最少有效分钟数", help_text="软件类为 0：有操作即为有效")
    slot_minutes = models.PositiveSmallIntegerField("一条记录代表的分钟数")
    min_devices = models.PositiveSmallIntegerField("最少设备数", help_text="软件类为 0；按台奖补的另按券额计算")
    min_users = models.PositiveSmallIntegerField("最少使用人数", help_text="设备类为 0")
    min_modules = models.PositiveSmallIntegerField("最少使用模块数", help_text="不超过合同中的模块数；设备类为 0")
    late_days = models.PositiveSmallIntegerField("可补传天数")
    operator_late_days = models.PositiveSmallIntegerField("运营商可补报天数")
    operator_share = models.DecimalField(
        "运营商反馈最低占比", max_digits=4, decimal_places=3, help_text="有效设备日中须有运营商反馈的比例；0 为不要求"
    )
    conflict_share = models.DecimalField("不一致占比上限", max_digits=4, decimal_places=3, help_text="超过时须人工核实")
    outside_share = models.DecimalField(
        "省外地址占比上限", max_digits=4, decimal_places=3, help_text="1 为不限（售后类）"
    )

    class Meta:
        verbose_name = "监测方案"
        verbose_name_plural = "监测方案"
        ordering = ["edition_code", "item_number"]
        constraints = [
            models.UniqueConstraint(fields=["edition_code", "item_number"], name="scheme_one_per_item"),
            models.CheckConstraint(
                condition=models.Q(min_days__lte=models.F("window_days")), name="scheme_days_within_window"
            ),
            models.CheckConstraint(
                condition=models.Q(slot_minutes__in=[1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60]),
                name="scheme_slot_divides_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_code} 第{self.item_number}项"
