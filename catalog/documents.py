"""Papers out: a catalog version as the annex of an official letter (PDF) and as Excel."""

from itertools import groupby
from typing import Any

from django.template.loader import render_to_string

from catalog.models import CatalogVersion, Item
from catalog.queries import items_of
from catalog.rules.requirement_words import demands
from platform_site.kit.clause_names import clause_name
from platform_site.kit.pdf import render_pdf
from platform_site.kit.xlsx import workbook

COLUMNS = [
    ("序号", "number"),
    ("一级目录", "text"),
    ("名称", "text"),
    ("应用场景", "text"),
    ("功能模块", "text"),
    ("选项功能", "text"),
    ("上限（元）", "money"),
    ("每台（元）", "money"),
    ("只用于集群试点", "text"),
    ("设备售后服务类", "text"),
    ("要求", "text"),
    ("备注", "text"),
    ("依据", "text"),
]


def catalog_pdf(catalog: CatalogVersion) -> bytes:
    """Drawn in a child process; raises PdfUnavailableError where the machine lacks pango."""
    return render_pdf(catalog_html(catalog))


def catalog_html(catalog: CatalogVersion) -> str:
    """The same document as a page of its own, for printing from the browser."""
    rows = [{"item": item, "demands": demands(item.requirements)} for item in items_of(catalog)]
    groups = [(name, list(members)) for name, members in groupby(rows, lambda row: _group(row["item"]))]
    context = {"catalog": catalog, "groups": groups, "clause": clause_name("S19/annex.note1"), "count": len(rows)}
    return render_to_string("documents/catalog.html", context)


def catalog_sheet(catalog: CatalogVersion) -> bytes:
    return workbook(catalog.title, COLUMNS, (_row(item) for item in items_of(catalog)))


def _group(item: Any) -> str:
    return str(item.group)


def _row(item: Item) -> tuple[object, ...]:
    return (
        item.number,
        item.group,
        item.name,
        item.scene,
        "、".join(item.modules),
        "、".join(item.optional_modules),
        item.cap,
        item.per_device,
        "是" if item.pilot_only else None,
        "是" if item.post_sale else None,
        "；".join(demands(item.requirements)),
        item.notes,
        clause_name(item.clause_id),
    )
