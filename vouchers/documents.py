"""Lists as Excel files."""

from collections.abc import Iterable

from platform_site.kit.xlsx import workbook
from vouchers.models import Voucher

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
