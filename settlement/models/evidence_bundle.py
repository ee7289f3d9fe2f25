"""Evidence bundles that were asked for."""

from django.db import models
from django.db.models import Q


class EvidenceBundle(models.Model):
    """Everything about one voucher in one archive, made by a worker for an auditor.

    file null: not made yet, or broken off (problem says why). finished_at null: still in work. parts: files in the
    archive, 0 until it is made. manifest: SHA-256 of its manifest, "" until it is made.
    """

    voucher = models.ForeignKey("vouchers.Voucher", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.BigIntegerField()
    asked_by_name = models.CharField("提出人", max_length=60)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+", null=True)
    parts = models.PositiveIntegerField("件数", default=0)
    manifest = models.CharField("清单指纹", max_length=64, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    problem = models.CharField("没有完成的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "证据包"
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=True) | (Q(finished_at__isnull=False) & Q(problem="")),
                name="evidence_bundle_made_or_broken",
            ),
            models.UniqueConstraint(
                fields=["voucher", "asked_by"],
                condition=Q(finished_at__isnull=True),
                name="evidence_bundle_one_in_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.asked_at:%Y-%m-%d %H:%M}"
