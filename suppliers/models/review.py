"""Who decided what: the province's proposals with their second signature, and the lasting record of every review."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from platform_site.kit.fsm import StateField, Stateful, transition
from platform_site.kit.ledger import AppendOnly
from suppliers.enums import (
    OUTCOMES,
    PRODUCT_CLASSES,
    PROPOSAL_STATES,
    QUOTA_CLASSES,
    REVIEW_LEVELS,
    ProposalState,
)

_ONE_SUBJECT = Q(supplier__isnull=False, product__isnull=True) | Q(supplier__isnull=True, product__isnull=False)


class Proposal(Stateful):
    """One person of the province proposes, another signs; the database refuses the same person twice.

    `product_class`, `quota_class`, `priority`, `platform_capability` are what
    the proposal sets when signed ("" or null: leave as it is).
    """

    supplier = models.ForeignKey(
        "suppliers.Supplier", on_delete=models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    product = models.ForeignKey(
        "suppliers.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    outcome = models.CharField("意见", max_length=10, choices=OUTCOMES)
    opinion = models.TextField("审核意见", max_length=2000, blank=True)
    findings = models.JSONField("退回理由", default=list, blank=True)
    product_class = models.CharField("类别", max_length=1, choices=PRODUCT_CLASSES, blank=True)
    quota_class = models.CharField("限额档次", max_length=10, choices=QUOTA_CLASSES, blank=True)
    priority = models.BooleanField("优秀供应商", null=True, blank=True)
    platform_capability = models.BooleanField("平台服务能力", null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField("签发时间", null=True, blank=True)
    answer = models.TextField("复核意见", max_length=1000, blank=True)
    state = StateField("状态", default=ProposalState.OPEN, choices=PROPOSAL_STATES)

    class Meta:
        verbose_name = "省级审核意见"
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("proposed_by")), name="proposal_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.SIGNED) | Q(signed_by__isnull=False, signed_at__isnull=False),
                name="proposal_signed_by_somebody",
            ),
            models.CheckConstraint(condition=_ONE_SUBJECT, name="proposal_one_subject"),
            models.UniqueConstraint(
                fields=["supplier"],
                condition=Q(state=ProposalState.OPEN, supplier__isnull=False),
                name="proposal_one_open_per_supplier",
            ),
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(state=ProposalState.OPEN, product__isnull=False),
                name="proposal_one_open_per_product",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} #{self.pk}"

    @transition(source=ProposalState.OPEN, target=ProposalState.SIGNED, actor="省复核人", clause="S19/5.2.4")
    def sign(self) -> None: ...

    @transition(source=ProposalState.OPEN, target=ProposalState.SENT_BACK, actor="省复核人", clause="S19/5.2.4")
    def send_back(self) -> None: ...


class Review(AppendOnly):
    """The record of one finished review. A return carries every finding at once (S19/6.2)."""

    supplier = models.ForeignKey(
        "suppliers.Supplier", on_delete=models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    product = models.ForeignKey(
        "suppliers.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    level = models.CharField("级别", max_length=10, choices=REVIEW_LEVELS)
    outcome = models.CharField("结果", max_length=10, choices=OUTCOMES)
    opinion = models.TextField("意见", blank=True)
    findings = models.JSONField("理由", default=list, blank=True)
    organisation_name = models.CharField("办理单位", max_length=120)
    by_label = models.CharField("办理人", max_length=120)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "审核记录"
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=_ONE_SUBJECT, name="review_one_subject")]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.get_outcome_display()}"
