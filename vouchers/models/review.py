"""One round of the city's review: two people."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from vouchers.enums import Proposal, ReviewOutcome


class ApplicationReview(models.Model):
    """A reviewer's proposal and an approver's decision on it. `outcome` "": still open.

    A round ends with a return, with a decision or with the approver's disagreement; then a new one begins.
    `findings`: every reason that goes to the enterprise; `note`: the approver's word to the reviewer.
    """

    voucher = models.ForeignKey("vouchers.Voucher", on_delete=models.CASCADE, related_name="reviews")
    round = models.PositiveSmallIntegerField("轮次")
    reviewer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    taken_up_at = models.DateTimeField("开始审核时间")
    proposal = models.CharField("审核意见", max_length=8, choices=Proposal.choices, blank=True)
    opinion = models.TextField("意见", blank=True)
    findings = models.JSONField("理由", default=list, encoder=DjangoJSONEncoder, blank=True)
    proposed_at = models.DateTimeField("提出时间", null=True, blank=True)
    approver = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    note = models.TextField("签发人意见", blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    outcome = models.CharField("结果", max_length=12, choices=ReviewOutcome.choices, blank=True)

    class Meta:
        verbose_name = "申请审核"
        verbose_name_plural = "申请审核"
        ordering = ["voucher_id", "round"]
        constraints = [
            models.UniqueConstraint(fields=["voucher", "round"], name="review_round_once"),
            models.UniqueConstraint(fields=["voucher"], condition=Q(outcome=""), name="review_one_open"),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=F("reviewer")), name="review_maker_is_not_checker"
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["issued", "refused"]) | Q(approver__isnull=False, proposed_at__isnull=False),
                name="review_decided_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id}#{self.round}"
