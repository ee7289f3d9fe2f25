"""Signs as an Excel file."""

from collections.abc import Iterable

from monitoring.models import Sign
from platform_site.kit.xlsx import workbook

_SIGNS = [
    ("券号", "text"),
    ("企业", "text"),
    ("地市", "text"),
    ("供应商", "text"),
    ("产品", "text"),
    ("券额（元）", "money"),
    ("疑点", "text"),
    ("分值", "number"),
    ("最高分值", "number"),
    ("依据", "text"),
    ("最早发现", "moment"),
    ("最近发现", "moment"),
    ("状态", "text"),
    ("核实情况", "text"),
    ("核实人", "text"),
]


def signs_workbook(signs: Iterable[Sign]) -> bytes:
    return workbook("疑点", _SIGNS, map(_row, signs))


def _row(sign: Sign) -> tuple[object, ...]:
    voucher = sign.voucher
    return (
        voucher.number,
        voucher.enterprise.name,
        voucher.city.name,
        voucher.supplier.name,
        voucher.product.name,
        voucher.current_amount,
        sign.get_kind_display(),
        sign.score,
        sign.peak_score,
        sign.evidence["says"],
        sign.first_seen_at,
        sign.last_seen_at,
        sign.get_state_display(),
        sign.reason,
        sign.decided_by_name,
    )
