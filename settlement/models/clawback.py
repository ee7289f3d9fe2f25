"""Money that has to come back, because fraud or a missing condition was found after the payment."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from platform_site.kit.fsm import StateField, Stateful, transition
from platform_site.kit.money import ZERO, MoneyField
from settlement.enums import CLAWBACK_LABELS, ClawbackState

S = ClawbackState


class Clawback(Stateful):
    """One demand for money back from a paid redemption, in the lines in which it was paid.

    reason, clause: what was found and the rule it rests on. due_on: the day until which the enterprise pays.
    proposed_by and signed_by are two people (CHECK). What came in is in the payment ledger, in parts if need be.
    """

    number = models.CharField("追回编号", max_length=24, unique=True)
    redemption = models.ForeignKey("settlement.Redemption", on_delete=models.PROTECT, related_name="clawbacks")
    state = StateField("状态", default=S.PROPOSED, choices=[(s.value, CLAWBACK_LABELS[s]) for s in S])
    amount = MoneyField("服务券金额")
    bonus = MoneyField("两化融合奖补", default=ZERO)
    matching = MoneyField("市级配套", default=ZERO)
    reason = models.TextField("原因")
    clause = models.CharField("条款", max_length=40)
    due_on = models.DateField("缴回期限")
    proposed_at = models.DateTimeField("提出时间")
    proposed_by = models.BigIntegerField()
    proposed_by_name = models.CharField("提出人", max_length=60)
    signed_at = models.DateTimeField("复核时间", null=True, blank=True)
    signed_by = models.BigIntegerField(null=True, blank=True)
    signed_by_name = models.CharField("复核人", max_length=60, blank=True)
    withdrawal_reason = models.TextField("撤回原因", blank=True)

    class Meta:
        verbose_name = "追回"
        constraints = [
            models.UniqueConstraint(
                fields=["redemption"], condition=~Q(state=S.WITHDRAWN), name="clawback_one_per_redemption"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(bonus__gte=0) & Q(matching__gte=0), name="clawback_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(bonus__gt=0) | Q(matching__gt=0), name="clawback_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("proposed_by")), name="clawback_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[S.PROPOSED, S.WITHDRAWN]) | Q(signed_by__isnull=False),
                name="clawback_ordered_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> Decimal:
        """Everything demanded, in yuan."""
        return self.amount + self.bonus + self.matching

    @transition(source=S.PROPOSED, target=S.ORDERED, actor="地市或省级复核", clause="S19/7.5.1")
    def order(self) -> None: ...

    @transition(source=S.PROPOSED, target=S.WITHDRAWN, actor="地市或省级", clause="S19/7.5.1")
    def withdraw(self) -> None: ...

    @transition(source=S.ORDERED, target=S.COLLECTED, actor="财政", clause="S19/7.5.1")
    def collect(self) -> None: ...
