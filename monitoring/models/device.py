"""Devices that a supplier lists for a voucher."""

from django.db import models

from monitoring.enums import SIDES, Side


class Device(models.Model):
    """A machine or gateway that serves one voucher only (S19/4.1.4: what was paid once is not paid again).

    device_id is the serial number of the machine or gateway in upper case, so that the same machine is recognised
    under two vouchers. removed_at null: listed. A device of a void or abandoned voucher is let go when another
    voucher asks for it; one of a settled voucher never is.
    """

    voucher = models.ForeignKey("vouchers.Voucher", models.PROTECT, related_name="+", verbose_name="服务券")
    device_id = models.CharField("设备编号", max_length=64)
    label = models.CharField("名称", max_length=80, blank=True, default="")
    side = models.CharField("位置", max_length=8, choices=SIDES, default=Side.USER)
    address = models.GenericIPAddressField("IP 地址", null=True, blank=True)
    added_at = models.DateTimeField("登记时间")
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    class Meta:
        verbose_name = "设备"
        verbose_name_plural = "设备"
        ordering = ["device_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["device_id"], condition=models.Q(removed_at__isnull=True), name="device_serves_one_live_voucher"
            ),
            models.CheckConstraint(condition=~models.Q(device_id=""), name="device_id_is_given"),
        ]
        indexes = [models.Index(fields=["voucher", "device_id"], name="device_of_voucher")]

    def __str__(self) -> str:
        return self.device_id
