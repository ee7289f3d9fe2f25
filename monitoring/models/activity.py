"""Activity days: what a batch becomes after folding."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from monitoring.enums import SOURCE_KINDS


class ActivityDay(models.Model):
    """One subject on one day (Shanghai) as one kind of source saw it.

    minutes: 180 bytes, one bit a minute, most significant bit first; merged with OR, so late, repeated and reordered
    data give the same map. minute_count: minutes of the slots in which anything was seen, kept equal by test.
    readings: counted once per batch, for information only; no verdict rests on it.
    addresses, modules: sorted, the first few only (`rules.minute_map`).
    """

    # The unique key begins with the voucher: an index of its own would only make the table wider.
    voucher = models.ForeignKey("vouchers.Voucher", models.PROTECT, related_name="+", db_index=False)
    source_kind = models.CharField("来源", max_length=16, choices=SOURCE_KINDS)
    day = models.DateField("日期")
    minutes = models.BinaryField("分钟图", max_length=180)
    minute_count = models.PositiveSmallIntegerField("有效分钟数")
    readings = models.BigIntegerField("记录数")
    addresses = ArrayField(models.CharField(max_length=45), default=list)
    modules = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        abstract = True


class DeviceDay(ActivityDay):
    """A device's day. A row of the operators' with zero minutes says: watched, no connection seen."""

    device_id = models.CharField("设备编号", max_length=64)

    class Meta:
        verbose_name = "设备日"
        verbose_name_plural = "设备日"
        constraints = [
            models.UniqueConstraint(
                fields=["voucher", "source_kind", "device_id", "day"], name="device_day_once_per_source_kind"
            ),
            models.CheckConstraint(condition=models.Q(minute_count__lte=1440), name="device_day_fits_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.day}"


class UserDay(ActivityDay):
    """A user account's day. The account is a pseudonym (`rules.records.pseudonym`); its id is kept nowhere."""

    user = models.CharField("用户账号", max_length=64)

    class Meta:
        verbose_name = "用户日"
        verbose_name_plural = "用户日"
        constraints = [
            models.UniqueConstraint(
                fields=["voucher", "source_kind", "user", "day"], name="user_day_once_per_source_kind"
            ),
            models.CheckConstraint(condition=models.Q(minute_count__lte=1440), name="user_day_fits_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.day}"
