"""The claim for a voucher's money: what the enterprise hands in and where it stands."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from platform_site.kit.fsm import StateField, Stateful, transition
from platform_site.kit.money import ZERO, MoneyField
from settlement.enums import (
    DEAD_STATES,
    FAULT_LABELS,
    FILE_LABELS,
    HOLDABLE_STATES,
    OPINION_LABELS,
    REDEMPTION_LABELS,
    RedemptionState,
)

S = RedemptionState


class Redemption(Stateful):
    """One claim for one voucher. A voucher has at most one claim that is not dead. Nothing is paid before notice and
    batch (S19/4.2, T18/4.2); 2018 goes the same line (T18/5.4.10, T18/5.4.11, T18/5.4.14).

    number, sequence, submitted_at: null until handed in for the first time; they never change afterwards.
    voucher_amount: the voucher's face at the time of the claim. claimed_amount: what the enterprise asks, never more.
    approved_amount: null until approved. bonus_amount: the one-off bonus, always its own line; bonus_holder: the USCC
    while a claim with bonus lives (S19/4.4.5: once per enterprise ever). matching_amount: the city's own money on top,
    its own line (T18/4.4.5). draft: the form as typed, not yet checked.
    look: {"reason", "findings"}, what the reviewer found where the verdict asks a person to look; returns: every
    return, {"at", "by", "findings"}. case: the inputs of the checks; assessment: their result; both frozen at the
    decision. evidence_hash: keyed hash over contract, invoices, payments, account and files at the hand-in, verified
    again before payment.
    """

    number = models.CharField("兑现号", max_length=20, null=True, blank=True, unique=True)
    voucher = models.ForeignKey("vouchers.Voucher", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+")
    city = models.ForeignKey("accounts.City", on_delete=models.PROTECT, related_name="+")
    state = StateField("状态", default=S.DRAFT, choices=[(s.value, REDEMPTION_LABELS[s]) for s in S])

    voucher_amount = MoneyField("券面金额")
    claimed_amount = MoneyField("申请兑现金额")
    approved_amount = MoneyField("核定金额", null=True, blank=True)
    bonus_claimed = models.BooleanField("同时申请两化融合奖补", default=False)
    bonus_amount = MoneyField("两化融合奖补", default=ZERO)
    matching_amount = MoneyField("市级配套", default=ZERO)

    bonus_holder = models.CharField("两化融合奖补享受企业", max_length=18, null=True, blank=True, unique=True)
    draft = models.JSONField("草稿", default=dict, blank=True)

    delivered_modules = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    delivered_devices = models.PositiveIntegerField("交付设备数", null=True, blank=True)
    accepted_on = models.DateField("验收日期", null=True, blank=True)
    acceptance_note = models.TextField("验收说明", blank=True)
    model_description = models.TextField("工业大数据模型", blank=True)
    proposals = models.JSONField("降本方案", default=list, blank=True)
    bank_account_name = models.CharField("户名", max_length=120, blank=True)
    bank_name = models.CharField("开户行", max_length=120, blank=True)
    bank_account = models.CharField("账号", max_length=40, blank=True)

    created_at = models.DateTimeField("建立时间")
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    submitted_by = models.BigIntegerField(null=True, blank=True)
    sequence = models.PositiveIntegerField("兑现顺序号", null=True, blank=True)
    supplier_due_at = models.DateTimeField("供应商确认期限", null=True, blank=True)
    confirmed_at = models.DateTimeField("供应商确认时间", null=True, blank=True)
    supplier_reason = models.TextField("供应商理由", blank=True)
    monitored_at = models.DateTimeField("监测完成时间", null=True, blank=True)
    verdict = models.ForeignKey(
        "monitoring.Verdict", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="监测判定"
    )

    review_due_at = models.DateTimeField("审核期限", null=True, blank=True)
    taken_up_by = models.BigIntegerField(null=True, blank=True)
    checklist = models.JSONField("核对记录", default=dict, blank=True)
    opinion = models.CharField(
        "经办意见", max_length=10, blank=True, choices=[(o.value, label) for o, label in OPINION_LABELS.items()]
    )
    opinion_note = models.TextField("经办说明", blank=True)
    opinion_findings = models.JSONField("经办列出的问题", default=list, blank=True)
    checked_by = models.BigIntegerField(null=True, blank=True)
    checked_by_name = models.CharField("经办人", max_length=60, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.BigIntegerField(null=True, blank=True)
    decided_by_name = models.CharField("复核人", max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField("复核说明", blank=True)
    findings = models.JSONField("退回或不予兑现的全部理由", default=list, blank=True)
    look = models.JSONField("人工核实", default=dict, blank=True)
    returns = models.JSONField("历次退回", default=list, blank=True)
    fault = models.CharField(max_length=12, blank=True, choices=[(f.value, label) for f, label in FAULT_LABELS.items()])

    case = models.JSONField("核定依据", default=dict, blank=True)
    assessment = models.JSONField("核定结果", default=dict, blank=True)
    evidence = models.JSONField("提交时的材料快照", default=dict, blank=True)
    evidence_hash = models.CharField(max_length=64, blank=True)

    notice_list = models.ForeignKey(
        "settlement.NoticeList", on_delete=models.PROTECT, null=True, blank=True, related_name="redemptions"
    )
    carried_over_at = models.DateTimeField("首次结转时间", null=True, blank=True)
    held_from = models.CharField(max_length=24, blank=True)
    hold_reason = models.TextField("暂停原因", blank=True)

    class Meta:
        verbose_name = "兑现"
        constraints = [
            models.UniqueConstraint(
                fields=["voucher"], condition=~Q(state__in=sorted(DEAD_STATES)), name="redemption_one_live_per_voucher"
            ),
            models.UniqueConstraint(fields=["period", "sequence"], name="redemption_sequence_once"),
            models.CheckConstraint(
                condition=Q(claimed_amount__gte=0) & Q(claimed_amount__lte=F("voucher_amount")),
                name="redemption_claim_within_voucher",
            ),
            models.CheckConstraint(
                condition=Q(approved_amount__isnull=True)
                | (Q(approved_amount__gte=0) & Q(approved_amount__lte=F("claimed_amount"))),
                name="redemption_approved_within_claim",
            ),
            models.CheckConstraint(
                condition=Q(bonus_amount__gte=0) & Q(matching_amount__gte=0), name="redemption_bonus_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(checked_by__isnull=True) | ~Q(decided_by=F("checked_by")),
                name="redemption_two_people",
            ),
        ]
        indexes = [
            models.Index(fields=["city", "state", "submitted_at", "id"], name="redemption_city_queue"),
            models.Index(fields=["period", "city", "state"], name="redemption_period_city"),
            models.Index(fields=["supplier_due_at"], condition=Q(state="submitted"), name="redemption_waits_supplier"),
        ]

    def __str__(self) -> str:
        return self.number or f"兑现草稿 {self.pk}"

    @property
    def total_amount(self) -> Decimal:
        """Approved (or claimed) money, bonus and the city's own money together."""
        amount = self.claimed_amount if self.approved_amount is None else self.approved_amount
        return amount + self.bonus_amount + self.matching_amount

    # -- handing in ----------------------------------------------------------------------------------------------------

    @transition(source=[S.DRAFT, S.REJECTED], target=S.SUBMITTED, actor="企业", clause="S19/5.4.9")
    def submit(self) -> None: ...

    @transition(source=[S.SUBMITTED, S.ESCALATED], target=S.CONFIRMED, actor="供应商", clause="S19/5.4.10")
    def confirm(self) -> None: ...

    @transition(source=[S.SUBMITTED, S.ESCALATED], target=S.REJECTED, actor="供应商", clause="S19/5.4.10")
    def reject(self) -> None: ...

    @transition(source=S.SUBMITTED, target=S.ESCALATED, actor="平台", clause="D/10")
    def escalate(self) -> None: ...

    @transition(source=S.CONFIRMED, target=S.MONITORED, actor="平台", clause="S19/5.4.12")
    def note_verdict(self) -> None: ...

    # -- the city's review ---------------------------------------------------------------------------------------------

    @transition(source=[S.MONITORED, S.ESCALATED], target=S.UNDER_REVIEW, actor="地市经办", clause="S19/5.4.11")
    def take_up(self) -> None: ...

    @transition(source=S.UNDER_REVIEW, target=S.RETURNED, actor="地市复核", clause="S19/6.2")
    def return_for_correction(self) -> None: ...

    @transition(source=S.RETURNED, target=S.UNDER_REVIEW, actor="企业", clause="S19/6.2")
    def resubmit(self) -> None: ...

    @transition(source=S.UNDER_REVIEW, target=S.APPROVED, actor="地市复核", clause="S19/5.4.13")
    def approve(self) -> None: ...

    @transition(source=[S.UNDER_REVIEW, S.RETURNED], target=S.REFUSED, actor="地市复核", clause="S19/6.1")
    def refuse(self) -> None: ...

    # -- public notice -------------------------------------------------------------------------------------------------

    @transition(source=[S.APPROVED, S.POSTPONED], target=S.LISTED, actor="地市经办", clause="S19/5.4.14")
    def enlist(self) -> None: ...

    @transition(source=S.LISTED, target=S.POSTPONED, actor="地市经办", clause="S19/6.3")
    def put_back(self) -> None: ...

    @transition(source=S.LISTED, target=S.ON_NOTICE, actor="地市复核", clause="S19/5.4.14")
    def publish(self) -> None: ...

    @transition(source=S.ON_NOTICE, target=S.DISPUTED, actor="公众", clause="S19/6.3")
    def dispute(self) -> None: ...

    @transition(source=S.DISPUTED, target=S.ON_NOTICE, actor="地市", clause="S19/6.3")
    def clear_on_notice(self) -> None: ...

    @transition(source=S.DISPUTED, target=S.PAYABLE, actor="地市", clause="S19/6.3")
    def clear(self) -> None: ...

    @transition(source=[S.DISPUTED, S.ON_NOTICE], target=S.POSTPONED, actor="地市", clause="S19/6.3")
    def postpone(self) -> None: ...

    @transition(source=S.DISPUTED, target=S.DROPPED, actor="地市", clause="S19/6.3")
    def drop(self) -> None: ...

    @transition(source=S.ON_NOTICE, target=S.PAYABLE, actor="平台", clause="S19/5.4.14")
    def pass_notice(self) -> None: ...

    # -- payment -------------------------------------------------------------------------------------------------------

    @transition(source=S.PAYABLE, target=S.PAYING, actor="地市复核", clause="S19/5.4.14")
    def start_payment(self) -> None: ...

    @transition(source=S.PAYABLE, target=S.CARRIED_OVER, actor="地市复核", clause="S19/7.2")
    def carry_over(self) -> None: ...

    @transition(source=S.CARRIED_OVER, target=S.PAYABLE, actor="地市经办", clause="S19/7.2")
    def resume(self) -> None: ...

    @transition(source=S.PAYING, target=S.PAID, actor="财政", clause="S19/5.4.14")
    def pay(self) -> None: ...

    @transition(source=S.PAYING, target=S.FAILED, actor="财政", clause="S19/5.4.14")
    def fail_payment(self) -> None: ...

    @transition(source=S.FAILED, target=S.PAYABLE, actor="地市经办", clause="S19/5.4.14")
    def retry(self) -> None: ...

    @transition(source=S.PAID, target=S.RECOVERING, actor="地市或省级复核", clause="S19/7.5.1")
    def recover(self) -> None: ...

    @transition(source=S.RECOVERING, target=S.RECOVERED, actor="财政", clause="S19/7.5.1")
    def finish_recovery(self) -> None: ...

    # -- investigation -------------------------------------------------------------------------------------------------

    @transition(source=[s.value for s in HOLDABLE_STATES], target=S.HELD, actor="地市", clause="D/11")
    def hold(self) -> None: ...

    @transition(source=S.HELD, target=S.SUBMITTED, actor="地市", clause="D/11")
    def release_submitted(self) -> None: ...

    @transition(source=S.HELD, target=S.ESCALATED, actor="地市", clause="D/11")
    def release_escalated(self) -> None: ...

    @transition(source=S.HELD, target=S.CONFIRMED, actor="地市", clause="D/11")
    def release_confirmed(self) -> None: ...

    @transition(source=S.HELD, target=S.MONITORED, actor="地市", clause="D/11")
    def release_monitored(self) -> None: ...

    @transition(source=S.HELD, target=S.UNDER_REVIEW, actor="地市", clause="D/11")
    def release_under_review(self) -> None: ...

    @transition(source=S.HELD, target=S.RETURNED, actor="地市", clause="D/11")
    def release_returned(self) -> None: ...

    @transition(source=S.HELD, target=S.APPROVED, actor="地市", clause="D/11")
    def release_approved(self) -> None: ...

    @transition(source=S.HELD, target=S.PAYABLE, actor="地市", clause="D/11")
    def release_payable(self) -> None: ...

    @transition(source=S.HELD, target=S.CARRIED_OVER, actor="地市", clause="D/11")
    def release_carried_over(self) -> None: ...


class RedemptionFile(models.Model):
    """A paper of the claim. readout: what a machine read, {} when unread or no invoice.

    read_key: key of the invoice it shows, "" when unread. cancels_key: key of the blue invoice that this red one takes
    back (红冲), "" for all others.
    """

    redemption = models.ForeignKey(Redemption, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=12, choices=[(k.value, label) for k, label in FILE_LABELS.items()])
    readout = models.JSONField("票面读出", default=dict, blank=True)
    read_key = models.CharField(max_length=40, blank=True, db_index=True)
    cancels_key = models.CharField(max_length=40, blank=True, db_index=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["redemption", "file"], name="redemption_file_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_id}"
