"""Settlement batches and the payment ledger."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from platform_site.kit.fsm import StateField, Stateful, transition
from platform_site.kit.ledger import AppendOnly
from platform_site.kit.money import ZERO, MoneyField
from settlement.enums import BANK_OUTCOME_LABELS, BATCH_LABELS, BatchState, LedgerKind

S = BatchState


class Batch(Stateful):
    """What a city pays in one go; the finance bureau confirms it (T18/7.2).

    budget: the money at hand; what doesn't fit is carried over to the next batch.
    """

    number = models.CharField("批次号", max_length=20, unique=True)
    city = models.ForeignKey("accounts.City", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+")
    state = StateField("状态", default=S.DRAFT, choices=[(s.value, BATCH_LABELS[s]) for s in S])
    budget = MoneyField("本批资金")
    total = MoneyField("本批合计")
    built_at = models.DateTimeField("编制时间")
    built_by = models.BigIntegerField()
    built_by_name = models.CharField("经办人", max_length=60)
    signed_at = models.DateTimeField("复核时间", null=True, blank=True)
    signed_by = models.BigIntegerField(null=True, blank=True)
    signed_by_name = models.CharField("复核人", max_length=60, blank=True)

    class Meta:
        verbose_name = "结算批次"
        constraints = [
            models.UniqueConstraint(
                fields=["city", "period"], condition=Q(state="draft"), name="batch_one_draft_per_city_and_period"
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0) & Q(total__lte=F("budget")), name="batch_total_within_budget"
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("built_by")), name="batch_two_people"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @transition(source=S.DRAFT, target=S.SIGNED, actor="地市复核", clause="S19/5.4.14")
    def sign(self) -> None: ...

    @transition(source=S.SIGNED, target=S.PAYING, actor="财政", clause="S19/5.4.14")
    def start(self) -> None: ...

    @transition(source=S.PAYING, target=S.SETTLED, actor="财政", clause="S19/5.4.14")
    def settle(self) -> None: ...

    @transition(source=S.DRAFT, target=S.CANCELLED, actor="地市经办", clause="S19/5.4.14")
    def cancel(self) -> None: ...


class BatchLine(AppendOnly):
    """One redemption's place in a batch. fits false: the budget was used up before it (carried over, S19/7.2).

    Both references are guarded for a whole statement at once (migration 0002), because a check per row is half the
    time of a large batch. Each is the first column of a unique index below and needs none of its own.
    """

    sealed = True
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    redemption = models.ForeignKey(
        "settlement.Redemption",
        on_delete=models.PROTECT,
        related_name="batch_lines",
        db_index=False,
        db_constraint=False,
    )
    order_no = models.PositiveIntegerField("顺序")
    priority = models.CharField("顺序依据", max_length=20)
    amount = MoneyField("服务券金额")
    bonus = MoneyField("两化融合奖补")
    matching = MoneyField("市级配套", default=ZERO)
    total = MoneyField("合计")
    fits = models.BooleanField("本批支付")
    account_name = models.CharField("户名", max_length=120)
    bank_name = models.CharField("开户行", max_length=120)
    account = models.CharField("账号", max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["redemption", "batch"], name="batch_line_redemption_once"),
            models.UniqueConstraint(fields=["batch", "order_no"], name="batch_line_order_once"),
            models.CheckConstraint(condition=Q(total=F("amount") + F("bonus") + F("matching")), name="batch_line_sum"),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(bonus__gte=0) & Q(matching__gte=0), name="batch_line_not_negative"
            ),
        ]
        ordering = ["order_no"]


class BankResult(AppendOnly):
    """What the bank answered for a line: once per line."""

    sealed = True
    line = models.OneToOneField(BatchLine, on_delete=models.PROTECT, related_name="result")
    outcome = models.CharField(max_length=8, choices=[(o.value, label) for o, label in BANK_OUTCOME_LABELS.items()])
    reference = models.CharField("银行流水号", max_length=60)
    reason = models.TextField("退回原因", blank=True)
    paid_on = models.DateField("付款日期")
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)
    recorded_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reference"], name="bank_reference_once")]


class PaymentLedger(AppendOnly):
    """Money that left (or came back). A redemption is paid once, a bank reference is used once.

    line: what was paid by, null for money that came back; clawback: what it came back for, null for payments.
    """

    sealed = True
    redemption = models.ForeignKey("settlement.Redemption", on_delete=models.PROTECT, related_name="ledger")
    line = models.ForeignKey(BatchLine, on_delete=models.PROTECT, related_name="+", null=True)
    clawback = models.ForeignKey("settlement.Clawback", on_delete=models.PROTECT, related_name="receipts", null=True)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in LedgerKind])
    amount = MoneyField("服务券金额")
    bonus = MoneyField("两化融合奖补")
    matching = MoneyField("市级配套", default=ZERO)
    bank_reference = models.CharField("银行流水号", max_length=60, unique=True)
    paid_on = models.DateField("日期")
    recorded_at = models.DateTimeField()

    @property
    def total(self) -> Decimal:
        """Yuan of all lines together."""
        return self.amount + self.bonus + self.matching

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["redemption"], condition=Q(kind=LedgerKind.PAYMENT), name="redemption_paid_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(bonus__gte=0) & Q(matching__gte=0), name="ledger_not_negative"
            ),
        ]
