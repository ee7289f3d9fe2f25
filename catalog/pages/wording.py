"""Rows of words for the catalog's pages, public and province alike."""

from collections.abc import Iterable
from typing import Any

from catalog import queries
from catalog.models import CatalogVersion, Item
from catalog.rules.parameter_words import NOTHING, label_of, say_value
from catalog.rules.terms import Parameter

# What somebody who glances at an edition wants to know.
SHORT = (
    "method",
    "rates",
    "excluded_cities",
    "enterprise_cap",
    "bonus_amount",
    "payment_share",
    "earliest_contract_day",
    "notice_days",
    "review_working_days",
)


def value_rows(parameters: Iterable[Parameter], *, short: bool = False) -> list[dict[str, Any]]:
    """Label, words, clause, note and marks of each number; `short`: the best known only, without empty ones."""
    rows = [value_row(parameter) for parameter in parameters if not short or parameter.key in SHORT]
    return [row for row in rows if row["value"] != NOTHING] if short else rows


def value_row(parameter: Parameter) -> dict[str, Any]:
    return {
        "key": parameter.key,
        "label": label_of(parameter.key),
        "value": say_value(parameter.key, parameter.value),
        "clause": parameter.clause,
        "note": parameter.note,
        "assumed": parameter.assumed,
        "may_vary": parameter.may_vary,
    }


def group_tabs(version: CatalogVersion, group: str) -> list[dict[str, Any]]:
    groups = queries.groups_of(version)
    every = {"label": "全部", "url": "?", "count": sum(count for _, _, count in groups), "current": not group}
    return [every] + [
        {"label": name, "url": f"?group={key}", "count": count, "current": key == group} for key, name, count in groups
    ]


def requirement_lines(item: Item) -> list[str]:
    """The catalog's demands in sentences; counts come from the item's data."""
    wanted = item.requirements
    sentences = {
        "min_modules": "产品至少具备所列功能模块中的 {} 项",
        "savings_proposals": "验收时至少有 {} 份降本方案，节省多少要有数字",
        "work_order_situations": "至少 {} 种情形可以触发工单",
        "providers": "至少集成 {} 家服务商的应用",
    }
    lines = [sentence.format(wanted[key]) for key, sentence in sentences.items() if key in wanted]
    if wanted.get("needs_model"):
        lines.append("写明至少一个解决具体业务问题的工业大数据模型")
    if wanted.get("notify_by"):
        lines.append(f"告警能用{'、'.join(wanted['notify_by'])}通知")
    return lines + [f"要有{group['name']}" for group in wanted.get("must_have", ())]
