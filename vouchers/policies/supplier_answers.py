"""May the supplier answer, and may the city go on: the supplier's word comes before the city's (T18/5.3.7)."""

from platform_site.kit.findings import Finding
from vouchers.models import Voucher
from vouchers.queries.supplier_answers import SupplierWord

CLAUSE = "T18/5.3.7"


def supplier_is_asked(voucher: Voucher, word: SupplierWord | None) -> list[Finding]:
    """An answer is taken while the application is under review and none that agrees has been given."""
    if word is None:
        reason = f"{voucher.number} 现在是“{voucher.get_state_display()}”，不用供应商答复。"
        return [_no(reason, "请刷新列表，看这一件现在的办理情况。", "不用答复")]
    if word.agrees:
        reason = f"{voucher.number} 已经确认过了。"
        return [_no(reason, "内容有误的，请联系地市主管部门退回企业补正。", "已经确认")]
    return []


def objection_says_why(reason: str) -> list[Finding]:
    if reason.strip():
        return []
    return [
        Finding(
            "supplier.no_reason",
            CLAUSE,
            "不确认要写明理由。",
            "请写清合同文本或填报信息的哪一处不对。",
            "reason",
            title="没有写理由",
        )
    ]


def supplier_word_first(voucher: Voucher, word: SupplierWord | None) -> list[Finding]:
    """What keeps the city from approving; a supplier that let its time pass keeps nobody."""
    if word is None or word.agrees:
        return []
    name = voucher.supplier.name
    if word.says_no and word.answer is not None:
        return [
            Finding(
                "supplier.not_agreed",
                CLAUSE,
                f"供应商{name}没有确认这份申请：{word.answer.reason}",
                "请退回企业补正；补正后供应商重新确认。",
                title="供应商没有确认",
            )
        ]
    if word.silent:
        return [
            Finding(
                "supplier.silent",
                "D/10",
                f"供应商{name}到 {word.due:%m-%d} 没有答复。",
                "可以继续审核，请多核对合同文本和填报信息。",
                severity="warn",
                title="供应商逾期没有答复",
            )
        ]
    return [
        Finding(
            "supplier.awaited",
            CLAUSE,
            f"供应商{name}还没有确认这份申请，期限到 {word.due:%m-%d}。",
            "等供应商确认后再送签发；要退回的可以先退回。",
            title="等供应商确认",
        )
    ]


def _no(reason: str, remedy: str, title: str) -> Finding:
    return Finding("supplier.not_asked", CLAUSE, reason, remedy, title=title)
