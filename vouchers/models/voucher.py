"""The voucher and its whole life."""

from decimal import Decimal

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from platform_site.kit.frozen_json import FrozenJSONField
from platform_site.kit.fsm import StateField, Stateful, transition
from platform_site.kit.money import MoneyField
from vouchers.enums import LIVE_STATES, VoidGround, VoucherState

UNDECIDED = ["arrived", "waiting", "under_review", "returned"]


class Voucher(Stateful):
    """One application and, once approved, the voucher it became. Bound to enterprise, contract and product for good
    (T18/3).

    It is made and arrives in one transaction; a form still being typed is an `ApplicationDraft`. `prepared_amount`:
    assessed while applying, before the cap; `amount` null: the allocator has not decided yet. `contract_key`: the
    contract number reduced to letters and digits, for uniqueness. `sequence` null: not decided; else the dense order
    of decisions in the period. `quota_supplier`: whose limit is used (agents and partners: the owner's). `pilot`: set
    when it is charged to a pilot's budget instead of the city's. `paid_amount` null: not paid out.
    `supplier_confirmed_at`: only editions in which the supplier confirms the application (T18/5.3.7); null again once
    the enterprise has corrected it.

    Every change of state touches every index, and the opening rush is nothing but changes of state: a foreign key has
    no index of its own where a longer one begins with it, or where nobody asks by it; what does not change with the
    state and has a heavy index, the text for the search, stands at the contract.
    """

    number = models.CharField("申请号", max_length=24, null=True)
    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+", db_index=False)
    enterprise = models.ForeignKey(
        "vouchers.Enterprise", on_delete=models.PROTECT, related_name="vouchers", db_index=False
    )
    product = models.ForeignKey("suppliers.Product", on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey("suppliers.Supplier", on_delete=models.PROTECT, related_name="+", db_index=False)
    quota_supplier = models.ForeignKey("suppliers.Supplier", on_delete=models.PROTECT, related_name="+", db_index=False)
    contract = models.OneToOneField("vouchers.Contract", on_delete=models.PROTECT, related_name="voucher")
    contract_key = models.CharField(max_length=80)
    pilot = models.ForeignKey(
        "vouchers.Pilot", on_delete=models.PROTECT, related_name="vouchers", null=True, blank=True, db_index=False
    )
    edition = models.ForeignKey("catalog.Edition", on_delete=models.PROTECT, related_name="+", db_index=False)
    catalog_version = models.ForeignKey(
        "catalog.CatalogVersion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    city = models.ForeignKey("accounts.City", on_delete=models.PROTECT, related_name="+", db_index=False)
    prepared_amount = MoneyField("试算金额")
    amount = MoneyField("券额", null=True, blank=True)
    paid_amount = MoneyField("兑付金额", null=True, blank=True)
    case = FrozenJSONField("试算条件", default=dict, encoder=DjangoJSONEncoder)
    assessment = models.JSONField("试算过程", default=dict, encoder=DjangoJSONEncoder)
    bonus_claimed = models.BooleanField("申报两化融合奖补", default=False)
    sequence = models.PositiveIntegerField("受理顺序号", null=True, blank=True)
    receipt_no = models.CharField("回执号", max_length=24, null=True)
    arrived_at = models.DateTimeField("送达时间", null=True, blank=True)
    decided_at = models.DateTimeField("额度裁定时间", null=True, blank=True)
    supplier_confirmed_at = models.DateTimeField("供应商确认时间", null=True, blank=True)
    reviewer = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    taken_up_at = models.DateTimeField("开始审核时间", null=True, blank=True)
    issued_at = models.DateTimeField("发券时间", null=True, blank=True)
    deadline_at = models.DateTimeField("当前期限", null=True, blank=True)
    findings = models.JSONField("理由", default=list, encoder=DjangoJSONEncoder, blank=True)
    void_ground = models.CharField("失效原因", max_length=20, choices=VoidGround.choices, blank=True)
    submitted_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    state = StateField("状态", default=VoucherState.DRAFT, choices=VoucherState.choices, db_index=False)

    class Meta:
        verbose_name = "服务券"
        verbose_name_plural = "服务券"
        constraints = [
            models.UniqueConstraint(fields=["number"], name="voucher_number_once"),
            models.UniqueConstraint(fields=["receipt_no"], name="voucher_receipt_once"),
            models.UniqueConstraint(fields=["period", "sequence"], name="voucher_sequence_dense"),
            models.UniqueConstraint(
                fields=["period", "enterprise", "contract_key"],
                condition=Q(state__in=LIVE_STATES, pilot__isnull=True),
                name="voucher_contract_once_per_period",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "contract_key"],
                condition=Q(state=VoucherState.SETTLED, pilot__isnull=True),
                name="voucher_contract_paid_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | (Q(amount__gte=0) & Q(amount__lte=F("prepared_amount"))),
                name="voucher_amount_within_prepared",
            ),
            models.CheckConstraint(
                condition=Q(paid_amount__isnull=True) | (Q(paid_amount__gte=0) & Q(paid_amount__lte=F("amount"))),
                name="voucher_paid_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(state=VoucherState.DRAFT)
                | Q(number__isnull=False, receipt_no__isnull=False, arrived_at__isnull=False),
                name="voucher_numbered_on_arrival",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=["waiting", "under_review", "returned", "issued", "redeeming", "settled", "held"]
                )
                | Q(amount__isnull=False, sequence__isnull=False),
                name="voucher_decided_before_review",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "redeeming", "settled", "held", "given_up", "void"])
                | Q(issued_at__isnull=False),
                name="voucher_issued_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=VoucherState.VOID) | ~Q(void_ground=""), name="voucher_void_has_ground"
            ),
        ]
        indexes = [
            models.Index(fields=["city", "period", "state", "sequence"], name="voucher_city_desk"),
            models.Index(fields=["state"], name="voucher_in_state"),
            models.Index(fields=["enterprise", "period"], name="voucher_of_enterprise"),
            models.Index(fields=["supplier", "state"], name="voucher_of_supplier"),
            models.Index(fields=["pilot"], condition=Q(pilot__isnull=False), name="voucher_of_pilot"),
            models.Index(fields=["reviewer"], condition=Q(reviewer__isnull=False), name="voucher_of_reviewer"),
            models.Index(fields=["deadline_at"], condition=Q(state__in=UNDECIDED), name="voucher_deadlines"),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"

    @property
    def current_amount(self) -> Decimal:
        """Yuan: what was decided, or prepared as long as nothing is decided."""
        return self.prepared_amount if self.amount is None else self.amount

    # -- before the decision -------------------------------------------------------------------------------------------

    @transition(source="draft", target="arrived", actor="企业", clause="S19/5.3.7")
    def arrive(self) -> None: ...

    @transition(source=["arrived", "waiting"], target="under_review", actor="平台（额度裁定）", clause="S19/7.2")
    def serve(self) -> None: ...

    @transition(source="arrived", target="waiting", actor="平台（额度裁定）", clause="S19/7.2")
    def wait(self) -> None: ...

    @transition(source="under_review", target="waiting", actor="平台（超期未审核企业）", clause="D/4")
    def requeue(self) -> None: ...

    @transition(source=["arrived", "waiting"], target="refused", actor="平台（企业额度用完）", clause="S19/annex.note3")
    def refuse_by_cap(self) -> None: ...

    @transition(source="under_review", target="returned", actor="市审核人", clause="S19/6.2")
    def return_back(self) -> None: ...

    @transition(source="returned", target="under_review", actor="企业", clause="S19/6.2")
    def resubmit(self) -> None: ...

    @transition(source="under_review", target="issued", actor="市签发人", clause="S19/5.3.8")
    def issue(self) -> None: ...

    @transition(source="under_review", target="refused", actor="市签发人", clause="S19/6.2")
    def refuse(self) -> None: ...

    @transition(source=UNDECIDED, target="withdrawn", actor="企业", clause="S19/5.3.7")
    def withdraw(self) -> None: ...

    @transition(source=["arrived", "waiting", "returned"], target="lapsed", actor="平台（到期）", clause="D/4")
    def lapse(self) -> None: ...

    # -- after issue ---------------------------------------------------------------------------------------------------

    @transition(source="issued", target="redeeming", actor="企业", clause="S19/5.4.9")
    def start_redeeming(self) -> None: ...

    @transition(source="redeeming", target="issued", actor="企业、供应商", clause="S19/5.4.10")
    def leave_redeeming(self) -> None: ...

    @transition(source="redeeming", target="settled", actor="市签发人、财政", clause="S19/5.4.14")
    def settle(self) -> None: ...

    @transition(source="issued", target="given_up", actor="企业", clause="S19/7.5.2")
    def give_up(self) -> None: ...

    @transition(source=["issued", "redeeming", "held"], target="void", actor="市签发人、平台（到期）", clause="S19/6.1")
    def make_void(self) -> None: ...

    @transition(source=["issued", "redeeming"], target="held", actor="省、市（核查）", clause="S19/7.5.1")
    def hold(self) -> None: ...

    @transition(source="held", target="issued", actor="省、市（核查）", clause="S19/7.5.1")
    def resume(self) -> None: ...

    @transition(source="held", target="redeeming", actor="省、市（核查）", clause="S19/7.5.1")
    def resume_redeeming(self) -> None: ...
