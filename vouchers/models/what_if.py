"""Replays of a period under other quotas, and its applications under another policy, as the province asked for them.
They change nothing but these two tables."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from platform_site.kit.fsm import StateField, Stateful, transition
from platform_site.kit.money import MoneyField
from vouchers.enums import Shift, WhatIfKind, WhatIfState


class WhatIfRun(Stateful):
    """One question ("what if these totals, or these numbers of the policy, had been others?") and its answer.

    `changes`, of quotas: dimension → signed yuan against the totals then. Of policy: {"edition": code, "parameters":
    {key: JSON value}, "items": {number: {"cap", "per_device"}}}, what was changed by hand; all numbers tried stand in
    `result`. `events` null: not counted yet; of policy, the applications. `result`: figures, sums and the check against
    what really happened (shapes: `vouchers.domain.what_if`, `vouchers.domain.policy_what_if`); empty until done.
    `finished_at` null: not answered yet. `problem`: why it failed.
    """

    kind = models.CharField("种类", max_length=8, choices=WhatIfKind.choices, default=WhatIfKind.QUOTA)
    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+")
    changes = models.JSONField("改动", encoder=DjangoJSONEncoder)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提出时间")
    events = models.PositiveIntegerField("事件数", null=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    result = models.JSONField("结果", default=dict, encoder=DjangoJSONEncoder)
    problem = models.CharField("没有完成的原因", max_length=200, blank=True)
    state = StateField("状态", default=WhatIfState.QUEUED, choices=WhatIfState.choices)

    class Meta:
        verbose_name = "额度推演"
        verbose_name_plural = "额度推演"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.period_id} {self.asked_at:%Y-%m-%d %H:%M}"

    @transition(source="queued", target="done", actor="平台（推演）", clause="S19/7.3")
    def finish(self) -> None: ...

    @transition(source="queued", target="failed", actor="平台（推演）", clause="S19/7.3")
    def fail(self) -> None: ...


class WhatIfRow(models.Model):
    """A voucher that would stand otherwise. before, after: yuan it holds really and under the other quotas, or is worth
    under the present and the other numbers. findings: what would refuse it, for a trial of policy."""

    run = models.ForeignKey(WhatIfRun, on_delete=models.CASCADE, related_name="rows")
    voucher = models.ForeignKey("vouchers.Voucher", on_delete=models.PROTECT, related_name="+")
    shift = models.CharField("变化", max_length=8, choices=Shift.choices)
    before = MoneyField("现在占用")
    after = MoneyField("推演占用")
    findings = models.JSONField("理由", default=list, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "推演变化"
        verbose_name_plural = "推演变化"
        constraints = [models.UniqueConstraint(fields=["run", "voucher"], name="what_if_row_once")]
        indexes = [models.Index(fields=["run", "shift", "id"], name="what_if_row_list")]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.shift}"
