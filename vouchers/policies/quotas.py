"""May quota be planned, moved and signed."""

from collections.abc import Iterable
from decimal import Decimal

from catalog.models import Period
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding
from vouchers.enums import PlanKind
from vouchers.models import QuotaPlan
from vouchers.queries.quota import available_in


def plan_lines(
    kind: str, lines: Iterable[tuple[str, Decimal]], period: Period, used: dict[str, Decimal]
) -> list[Finding]:
    """Totals never below what is used; a transfer sums to zero and moves something."""
    rows = list(lines)
    if not rows:
        return [Finding("plan.empty", "S19/5.1.1", "方案里没有额度。", "请至少填一行。", "lines", title="没有内容")]
    if kind == PlanKind.TRANSFER:
        return _transfer_findings(rows, period)
    return [
        Finding(
            "plan.below_used",
            "S19/7.3",
            f"{name} 拟定 {amount:,.2f} 元，已占用 {used[name]:,.2f} 元。",
            "总额不能低于已占用的金额。",
            "lines",
            title="低于已占用的额度",
        )
        for name, amount in rows
        if amount < used.get(name, Decimal(0))
    ]


def _transfer_findings(rows: list[tuple[str, Decimal]], period: Period) -> list[Finding]:
    found = []
    if sum(amount for _, amount in rows) != 0:
        found.append(
            Finding(
                "plan.not_balanced", "S19/7.3", "调出与调入的金额不相等。", "请核对金额。", "amount", title="调剂不平衡"
            )
        )
    if len({name for name, _ in rows}) < 2:
        found.append(
            Finding(
                "plan.same_place",
                "S19/7.3",
                "调出方和调入方是同一个。",
                "请分别选择。",
                "target",
                title="没有可调剂的对象",
            )
        )
    left = available_in(period, [name for name, _ in rows])
    for name, amount in rows:
        if left[name] + amount < 0:
            found.append(
                Finding(
                    "plan.not_enough",
                    "S19/7.3",
                    f"调出 {-amount:,.2f} 元，只剩 {left[name]:,.2f} 元可调。",
                    "请减少调出金额；已占用的不能调出。",
                    "amount",
                    title="可调的额度不够",
                )
            )
    return found


def plan_two_people(plan: QuotaPlan, by: Actor) -> list[Finding]:
    if plan.drafted_by_id != by.user_id:
        return []
    return [
        Finding(
            "plan.same_person",
            "D/four_eyes",
            "拟定和签发不能是同一个人，这份方案是您拟定的。",
            "请由另一位签发人签发。",
            title="要由另一个人签发",
        )
    ]
