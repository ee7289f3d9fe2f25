"""May quota be planned, moved, signed, stopped."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from catalog.models import Period
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding
from vouchers.enums import PlanKind
from vouchers.models import QuotaPlan, QuotaTranche
from vouchers.queries.quota import available_in, dimension_names
from vouchers.rules.dimensions import parse_dimension
from vouchers.rules.tranches import tranche_findings

ZERO = Decimal("0.00")


def plan_lines(
    kind: str, lines: Iterable[tuple[str, Decimal]], period: Period, used: dict[str, Decimal]
) -> list[Finding]:
    """Totals never below what is used; a transfer sums to zero and moves something. Tranches only ever add."""
    rows = list(lines)
    if not rows:
        return [Finding("plan.empty", "S19/5.1.1", "方案里没有额度。", "请至少填一行。", "lines", title="没有内容")]
    if kind == PlanKind.TRANSFER:
        return _transfer_findings(rows, period)
    if kind == PlanKind.TRANCHED:
        return []
    low = [(name, amount) for name, amount in rows if amount < used.get(name, ZERO)]
    names = dimension_names([name for name, _ in low])
    return [
        Finding(
            "plan.below_used",
            "S19/7.3",
            f"{names[name]}拟定 {amount:,.2f} 元，已占用 {used[name]:,.2f} 元。",
            "总额不能低于已占用的金额。",
            f"d:{name}",
            title="低于已占用的额度",
        )
        for name, amount in low
    ]


def _transfer_findings(rows: list[tuple[str, Decimal]], period: Period) -> list[Finding]:
    found = []
    moved = sum((amount for _, amount in rows), ZERO)
    if moved:
        reason = f"调入比调出多 {moved:,.2f} 元。" if moved > 0 else f"调出比调入多 {-moved:,.2f} 元。"
        found.append(Finding("plan.not_balanced", "S19/7.3", reason, "请核对金额。", "lines", title="调剂不平衡"))
    if len({name for name, _ in rows}) < 2:
        found.append(
            Finding(
                "plan.same_place", "S19/7.3", "只有一方有变动。", "请填写调出方和调入方。", "lines", title="没有对方"
            )
        )
    if len({parse_dimension(name).kind for name, _ in rows}) > 1:
        remedy = "请选同一类的各方。"
        reason = "地市、供应商和试点的额度不能互调。"
        found.append(Finding("plan.other_kind", "S19/7.3", reason, remedy, "lines", title="种类不同"))
    left, names = available_in(period, [name for name, _ in rows]), dimension_names([name for name, _ in rows])
    found += [
        Finding(
            "plan.not_enough",
            "S19/7.3",
            f"{names[name]}调出 {-amount:,.2f} 元，只剩 {left[name]:,.2f} 元可调。",
            "请减少调出金额；已占用的不能调出。",
            f"c:{name}",
            title="可调的额度不够",
        )
        for name, amount in rows
        if left[name] + amount < ZERO
    ]
    return found


def plan_tranches(
    period: Period, tranches: Sequence[tuple[datetime, Decimal]], additions: Sequence[Decimal]
) -> list[Finding]:
    """Shares make the whole, times follow each other before applying closes, and nothing is taken away."""
    return tranche_findings(tranches, closes=period.apply_to, additions=additions)


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


def stop_can_be_asked(planned: Sequence[QuotaTranche], reason: str) -> list[Finding]:
    if not planned:
        return [_stop("none_left", "各批都已放出或停止。", "不用再办。")]
    if any(tranche.stop_asked_by_id for tranche in planned):
        return [_stop("asked", "已经有人提出停止。", "请等另一位签发人决定。")]
    if not reason.strip():
        return [_stop("no_reason", "没有写停止的理由。", "请写明依据，会留在记录里。", "reason")]
    return []


def stop_was_asked(planned: Sequence[QuotaTranche]) -> list[Finding]:
    if planned and all(tranche.stop_asked_by_id for tranche in planned):
        return []
    return [_stop("not_asked", "没有人提出停止，或各批已经放出。", "请刷新页面看最新情况。")]


def stop_two_people(planned: Sequence[QuotaTranche], by: Actor) -> list[Finding]:
    if all(tranche.stop_asked_by_id != by.user_id for tranche in planned):
        return []
    return [
        Finding(
            "stop.same_person",
            "D/four_eyes",
            "提出和决定停止不能是同一个人，这次停止是您提出的。",
            "请由另一位签发人决定。",
            title="要由另一个人决定",
        )
    ]


def _stop(code: str, reason: str, remedy: str, field: str = "") -> Finding:
    return Finding(f"stop.{code}", "REF/3", reason, remedy, field, title="不能停止")
