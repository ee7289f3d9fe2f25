"""A verdict in question: contested with evidence, or two sources that contradict each other too often."""

from django.db import models
from django.db.models import Q

from monitoring.enums import REVIEW_GROUNDS, REVIEW_STATES, ReviewGround, ReviewState
from platform_site.kit.fsm import StateField, Stateful, transition


class Review(Stateful):
    """Asked by the enterprise or its supplier, or opened by the platform; answered by the city, before it decides.

    opened_by_id null and kind "": the platform, because the sources disagree. seen: outcome, headline and numbers of
    the verdict in question, as they stood then. explanation: of the supplier, where the platform opened it. An upheld
    one lets a person decide where the numbers do not suffice; it never turns a verdict into a pass by itself.
    """

    voucher = models.ForeignKey("vouchers.Voucher", models.PROTECT, related_name="+", verbose_name="服务券")
    ground = models.CharField("缘由", max_length=16, choices=REVIEW_GROUNDS)
    kind = models.CharField("提出方", max_length=12, blank=True, default="")
    opened_by_id = models.BigIntegerField("提出人", null=True, blank=True)
    opened_by_label = models.CharField("提出人姓名", max_length=120, blank=True, default="")
    opened_at = models.DateTimeField("提出时间")
    statement = models.TextField("理由", max_length=4000)
    evidence = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    seen = models.JSONField("当时的结论", default=dict)
    explanation = models.TextField("供应商说明", max_length=4000, blank=True, default="")
    explained_by_label = models.CharField("说明人", max_length=120, blank=True, default="")
    explained_at = models.DateTimeField("说明时间", null=True, blank=True)
    explanation_file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField("答复", max_length=4000, blank=True, default="")
    answered_by_id = models.BigIntegerField("答复人", null=True, blank=True)
    answered_by_label = models.CharField("答复人姓名", max_length=120, blank=True, default="")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    state = StateField("状态", default=ReviewState.OPEN, choices=REVIEW_STATES)

    class Meta:
        verbose_name = "监测复核"
        verbose_name_plural = "监测复核"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["voucher", "ground", "kind"],
                condition=Q(state=ReviewState.OPEN),
                name="review_one_open_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ReviewState.OPEN, ReviewState.WITHDRAWN])
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="review_answered_with_words",
            ),
            models.CheckConstraint(
                condition=~Q(ground=ReviewGround.CONTEST) | Q(evidence__isnull=False),
                name="review_contest_with_evidence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.get_ground_display()}"

    @transition(source=ReviewState.OPEN, target=ReviewState.UPHELD, actor="地市", clause="S19/5.4.13")
    def uphold(self) -> None: ...

    @transition(source=ReviewState.OPEN, target=ReviewState.REJECTED, actor="地市", clause="S19/5.4.13")
    def reject(self) -> None: ...

    @transition(source=ReviewState.OPEN, target=ReviewState.WITHDRAWN, actor="提出方", clause="S19/5.4.12")
    def withdraw(self) -> None: ...
