"""Lists as Excel files."""

from collections.abc import Iterable

from platform_site.kit.xlsx import workbook
from suppliers.models import Product, Supplier

SUPPLIER_COLUMNS = [
    ("供应商名称", "text"),
    ("统一社会信用代码", "text"),
    ("注册地", "text"),
    ("类型", "text"),
    ("限额档次", "text"),
    ("优秀供应商", "text"),
    ("状态", "text"),
    ("提交时间", "moment"),
    ("入库时间", "moment"),
]
PRODUCT_COLUMNS = [
    ("产品名称", "text"),
    ("供应商", "text"),
    ("目录版本", "text"),
    ("目录项", "number"),
    ("类别", "text"),
    ("功能模块", "text"),
    ("状态", "text"),
    ("提交时间", "moment"),
    ("上架时间", "moment"),
]


def suppliers_sheet(rows: Iterable[Supplier]) -> bytes:
    return workbook("供应商", SUPPLIER_COLUMNS, (_supplier_row(one) for one in rows))


def _supplier_row(one: Supplier) -> tuple[object, ...]:
    return (
        one.name,
        one.uscc,
        one.city.name if one.city else "省外",
        one.get_kind_display(),
        one.get_quota_class_display(),
        "是" if one.priority else "",
        one.get_state_display(),
        one.submitted_at,
        one.listed_at,
    )


def products_sheet(rows: Iterable[Product]) -> bytes:
    return workbook("产品", PRODUCT_COLUMNS, (_product_row(one) for one in rows))


def _product_row(one: Product) -> tuple[object, ...]:
    return (
        one.name,
        one.supplier.name,
        one.catalog_version.title,
        one.item_number,
        one.get_product_class_display(),
        "、".join(one.modules),
        one.get_state_display(),
        one.submitted_at,
        one.listed_at,
    )
