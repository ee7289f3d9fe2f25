"""Money that comes back in parts: how much of which line it settles."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from platform_site.kit.findings import Finding

FRAUD = "S19/7.5.1"
# What money may be asked back for, with the clause it rests on.
GROUNDS = {
    "S19/7.5.1": "合同、发票、软件或数据不实",
    "S19/5.5.15": "核查发现没有真实应用",
    "S19/4.4.5": "不符合两化融合奖补条件",
    "T18/8.5": "交付与承诺严重不符",
}

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Parts:
    """The lines in which money was paid and comes back, yuan."""

    amount: Decimal = ZERO
    bonus: Decimal = ZERO
    matching: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.amount + self.bonus + self.matching

    def less(self, other: "Parts") -> "Parts":
        return Parts(self.amount - other.amount, self.bonus - other.bonus, self.matching - other.matching)

    def within(self, other: "Parts") -> bool:
        """No line is larger than the other's."""
        return self.amount <= other.amount and self.bonus <= other.bonus and self.matching <= other.matching


def spread(received: Decimal, owed: Parts) -> Parts:
    """Voucher money first, then the bonus, then the city's own. Raises ValueError for more than is owed."""
    if not ZERO < received <= owed.total:
        raise ValueError(f"{received} received of {owed.total} owed")
    amount = min(received, owed.amount)
    bonus = min(received - amount, owed.bonus)
    return Parts(amount, bonus, received - amount - bonus)


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked back, of what was paid; clause: one of GROUNDS."""

    parts: Parts
    paid: Parts
    reason: str
    clause: str
    due_on: date


def demand_findings(demand: Demand, today: date) -> list[Finding]:
    """Everything that is wrong with a demand, at once."""
    checks = [
        (demand.parts.total > ZERO, _NOTHING),
        (demand.parts.within(demand.paid), _too_much(demand.paid)),
        (bool(demand.reason.strip()), _NO_REASON),
        (demand.clause in GROUNDS, _NO_CLAUSE),
        (demand.due_on > today, _DUE),
    ]
    return [finding for fine, finding in checks if not fine]


def receipt_findings(received: Decimal, left: Decimal, reference: str, received_on: date, today: date) -> list[Finding]:
    """Everything that is wrong with money that came in, at once."""
    over = f"还应缴回 {left:,.2f} 元，这一笔是 {received:,.2f} 元。"
    checks = [
        (
            ZERO < received <= left,
            _finding("receipt.amount", "金额不对", over, "请按银行回单填写，多出的原路退回。", "received"),
        ),
        (bool(reference), _NO_REFERENCE),
        (received_on <= today, _DAY),
    ]
    return [finding for fine, finding in checks if not fine]


def withdrawal_findings(reason: str) -> list[Finding]:
    return [] if reason.strip() else [_NO_REASON]


def reference_used(reference: str) -> Finding:
    why = f"流水号 {reference} 已经登记过。"
    return _finding(
        "receipt.reference_used", "流水号已用过", why, "一个流水号只能登记一次，请核对回单。", "bank_reference"
    )


def _too_much(paid: Parts) -> Finding:
    why = (
        f"已付服务券 {paid.amount:,.2f} 元、奖补 {paid.bonus:,.2f} 元、市级配套 {paid.matching:,.2f} 元，追回不能超过。"
    )
    return _finding("clawback.too_much", "超过已付金额", why, "请改成不超过已付的金额。", "amount")


def _finding(code: str, title: str, why: str, remedy: str, field: str = "") -> Finding:
    return Finding(code, FRAUD, why, remedy, field, title=title)


_NOTHING = _finding("clawback.nothing", "没有金额", "三项金额都是零。", "请填写要追回的金额。", "amount")
_NO_REASON = _finding("clawback.no_reason", "请写原因", "没有写原因。", "请写明查到什么，企业会看到。", "reason")
_NO_CLAUSE = _finding("clawback.no_clause", "请选条款", "追回要有依据。", "请选择依据的条款。", "clause")
_DUE = _finding("clawback.due", "期限已过", "缴回期限要在今天之后。", "请另选日期。", "due_on")
_NO_REFERENCE = _finding(
    "receipt.no_reference", "缺银行流水号", "没有填流水号。", "请填回单上的流水号。", "bank_reference"
)
_DAY = _finding("receipt.day", "日期不对", "到账日期在今天之后。", "请核对回单日期。", "received_on")
NOT_APPROVER = _finding(
    "signature.not_approver", "没有复核权限", "追回要由本市或省级有复核权限的人员签名。", "请转给复核人员。"
)
