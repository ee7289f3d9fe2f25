"""The batch log: receipts kept for good, payloads deleted by date."""

from django.db import models

from platform_site.kit.ledger import AppendOnly


class BatchReceipt(AppendOnly):
    """One answered delivery. A batch sent again is a row of its own: it names the first (`repeat_of`), counts nothing.

    It is also the audit trail of ingest: which key signed, when, with what result. body_hash is SHA-256 of the
    unpacked body, what was dropped included: the sender can always show what was sent.
    """

    source = models.ForeignKey("monitoring.Source", models.PROTECT, related_name="receipts")
    batch_id = models.CharField("批次号", max_length=64)
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeats")
    key_id = models.CharField("密钥编号", max_length=32)
    nonce = models.CharField("随机数", max_length=64)
    body_hash = models.CharField("正文指纹", max_length=64)
    sent_at = models.DateTimeField("发送时间")
    received_at = models.DateTimeField("收到时间", db_index=True)
    records = models.PositiveIntegerField("记录")
    accepted = models.PositiveIntegerField("接收")
    rejected = models.PositiveIntegerField("拒收")
    known = models.PositiveIntegerField("重复")
    late = models.PositiveIntegerField("迟到", default=0, help_text="发生两天以后才送到的记录")
    dropped_fields = models.JSONField("丢弃的字段", default=dict, help_text="字段名与出现次数，内容不保存")
    rejections = models.JSONField("拒收明细", default=list, help_text="按原因和编号归并：code, subject, line, count")
    first_at = models.DateTimeField("最早记录", null=True, blank=True)
    last_at = models.DateTimeField("最晚记录", null=True, blank=True)

    class Meta:
        verbose_name = "批次回执"
        verbose_name_plural = "批次回执"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "batch_id"],
                condition=models.Q(repeat_of__isnull=True),
                name="batch_receipt_once_per_batch_id",
            ),
            models.UniqueConstraint(fields=["key_id", "nonce"], name="batch_receipt_nonce_used_once"),
            models.CheckConstraint(
                condition=models.Q(records=models.F("accepted") + models.F("rejected") + models.F("known")),
                name="batch_receipt_counts_add_up",
            ),
        ]
        indexes = [models.Index(fields=["source", "-received_at"], name="batch_receipt_recent")]

    def __str__(self) -> str:
        return self.batch_id


class Batch(models.Model):
    """Accepted records of one delivery, compressed: allow-listed fields only (T18/5.4.12).

    folded_at null: not yet counted in the activity days. The table is in parts by `received_on`, one a month, which
    expire as a whole (`domain.expire`); the database's keys therefore hold the day too (migration 0005).
    """

    receipt = models.OneToOneField(BatchReceipt, models.PROTECT, related_name="batch")
    source = models.ForeignKey("monitoring.Source", models.PROTECT, related_name="batches", db_index=False)
    payload = models.BinaryField("内容（压缩）")
    received_on = models.DateField("收到日期")
    folded_at = models.DateTimeField("计入时间", null=True, blank=True)

    class Meta:
        verbose_name = "批次内容"
        verbose_name_plural = "批次内容"
        indexes = [
            models.Index(fields=["source"], condition=models.Q(folded_at__isnull=True), name="batch_waits_for_fold")
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}"
