"""Lists as Excel files."""

from collections.abc import Iterable, Mapping
from typing import Any

from platform_site.kit.xlsx import workbook
from vouchers.models import QuotaMovement, QuotaPlan, Voucher, WhatIfRow

_APPLICATIONS = [
    ("顺序号", "number"),
    ("申请号", "text"),
    ("送达时间", "moment"),
    ("企业", "text"),
    ("统一社会信用代码", "text"),
    ("供应商", "text"),
    ("产品", "text"),
    ("目录项", "number"),
    ("合同编号", "text"),
    ("合同总额（元）", "money"),
    ("券额（元）", "money"),
    ("状态", "text"),
    ("期限", "moment"),
    ("经办人", "text"),
]


def applications_workbook(rows: Iterable[Voucher]) -> bytes:
    return workbook("申领审核", _APPLICATIONS, (_row(voucher) for voucher in rows))


def asked_workbook(rows: Iterable[Voucher]) -> bytes:
    """The same for the supplier, which need not know who at the bureau has it."""
    return workbook("申领确认", _APPLICATIONS[:-1], (_row(voucher)[:-1] for voucher in rows))


def _row(voucher: Voucher) -> tuple[object, ...]:
    return (
        voucher.sequence,
        voucher.number,
        voucher.arrived_at,
        voucher.enterprise.name,
        voucher.enterprise.uscc,
        voucher.supplier.name,
        voucher.product.name,
        voucher.product.item_number,
        voucher.contract.number,
        voucher.contract.total,
        voucher.current_amount,
        voucher.get_state_display(),
        voucher.deadline_at,
        voucher.reviewer.name if voucher.reviewer else "",
    )


# -- quota -----------------------------------------------------------------------------------------------------------

_STATEMENT = [
    ("流水号", "number"),
    ("时间", "moment"),
    ("对象", "text"),
    ("种类", "text"),
    ("金额（元）", "money"),
    ("申请号", "text"),
]
_PLAN = [
    ("对象", "text"),
    ("现在总额（元）", "money"),
    ("金额（元）", "money"),
    ("公式或限额得出（元）", "money"),
    ("人工调整（元）", "money"),
    ("计算过程", "text"),
]


def statement_workbook(rows: Iterable[QuotaMovement], names: Mapping[str, str]) -> bytes:
    """Movements in their order; `names`: dimension → Chinese name."""
    cells = (
        (
            row.sequence,
            row.decided_at,
            names.get(row.dimension, row.dimension),
            row.get_kind_display(),
            row.amount,
            row.voucher.number if row.voucher else "",
        )
        for row in rows
    )
    return workbook("额度流水", _STATEMENT, cells)


def preview_workbook(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Lines of a plan that is not drafted yet."""
    cells = (_plan_cells(row["name"], row["now"], row["amount"], row["basis"]) for row in rows)
    return workbook("额度方案试算", _PLAN, cells)


def plan_workbook(plan: QuotaPlan, lines: Iterable[Mapping[str, Any]]) -> bytes:
    cells = (
        _plan_cells(line["name"], line["now"].total if line["now"] else None, line["amount"], line["basis"])
        for line in lines
    )
    return workbook(plan.title, _PLAN, cells)


def _plan_cells(name: str, now: Any, amount: Any, basis: Mapping[str, Any]) -> tuple[Any, ...]:
    return (name, now, amount, basis.get("computed"), basis.get("adjusted"), "；".join(_steps(basis)))


def _steps(basis: Mapping[str, Any]) -> list[str]:
    """How a line came about, in words."""
    if basis.get("way") == "formula":
        parts = [
            f"{part['title']} {part['value']}{'（按平均）' if part['assumed'] else ''}："
            f"占比 {part['share']} × 权重 {part['weight']} = {part['product']}"
            for part in basis["parts"]
        ]
        last = f"保底 {basis['minimum']} 元 + 按权重，共 {basis['exact']} 元，取整 {basis['rounding']} 元"
        return [*parts, f"合计权重 {basis['weight']}", last]
    if basis.get("way") == "suppliers":
        return [f"档次 {basis['base']} 元 × {basis['rating']} {basis['factor']} + 预留 {basis['reserve']} 元"]
    return []


_SHIFTS = [
    ("申请号", "text"),
    ("顺序号", "number"),
    ("企业", "text"),
    ("地市", "text"),
    ("供应商", "text"),
    ("变化", "text"),
    ("实际占用（元）", "money"),
    ("推演占用（元）", "money"),
    ("增减（元）", "money"),
]


_TRIED = [
    ("申请号", "text"),
    ("顺序号", "number"),
    ("企业", "text"),
    ("地市", "text"),
    ("供应商", "text"),
    ("目录项", "number"),
    ("变化", "text"),
    ("现在（元）", "money"),
    ("试算（元）", "money"),
    ("增减（元）", "money"),
    ("理由", "text"),
    ("条款", "text"),
]


def policy_trial_workbook(rows: Iterable[WhatIfRow]) -> bytes:
    """Vouchers that would be worth more or less, pass or fail."""
    return workbook("政策试算", _TRIED, (_tried_cells(row) for row in rows))


def _tried_cells(row: WhatIfRow) -> tuple[Any, ...]:
    cells, why = _shift_cells(row), row.findings
    reasons = ("；".join(one["reason"] for one in why), "；".join(one["clause"] for one in why))
    return (*cells[:5], row.voucher.product.item_number, *cells[5:], *reasons)


def what_if_workbook(rows: Iterable[WhatIfRow]) -> bytes:
    """Vouchers that would stand otherwise."""
    return workbook("额度推演", _SHIFTS, (_shift_cells(row) for row in rows))


def _shift_cells(row: WhatIfRow) -> tuple[Any, ...]:
    voucher = row.voucher
    names = (voucher.number, voucher.sequence, voucher.enterprise.name, voucher.city.name, voucher.supplier.name)
    return (*names, row.get_shift_display(), row.before, row.after, row.after - row.before)
