"""A plan's additions given out in tranches: which amount at which step."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from platform_site.kit.findings import Finding

ONE = Decimal(1)


def tranche_amounts(amount: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """Yuan per tranche: whole yuan, the cents and what rounding left with the last, so that they add up to `amount`."""
    given, reached, amounts = Decimal("0.00"), Decimal(0), []
    for share in shares[:-1]:
        reached += share
        upto = (amount * reached).to_integral_value(rounding=ROUND_DOWN)
        amounts.append(upto - given)
        given = upto
    return [*amounts, amount - given]


def tranche_findings(
    tranches: Sequence[tuple[datetime, Decimal]], *, closes: datetime, additions: Sequence[Decimal]
) -> list[Finding]:
    """`tranches`: (release time, share as a fraction) in order; `closes`: end of applying."""
    found = []
    shown = sum((share for _, share in tranches), Decimal(0)) * 100
    if shown != 100 or any(share <= 0 for _, share in tranches):
        found.append(_finding("shares", f"各批比例合计 {shown:f}%。", "每批都要大于 0，合计 100%。"))
    times = [release_at for release_at, _ in tranches]
    if times != sorted(set(times)):
        found.append(_finding("order", "各批的时间没有一批比一批晚。", "请按先后填写，每批时间不同。"))
    if any(release_at >= closes for release_at in times):
        found.append(_finding("late", "有一批的时间在申领截止之后。", "请改到申领截止之前。"))
    if any(amount < 0 for amount in additions):
        found.append(
            _finding(
                "takes_away",
                "分批的方案只能增加额度，有一行比现在的总额低。",
                "请把这一行调整到不低于现在，或另拟一份不分批的方案。",
            )
        )
    return found


def _finding(code: str, reason: str, remedy: str) -> Finding:
    return Finding(f"tranche.{code}", "REF/3", reason, remedy, "t1_share", title="分批不对")
