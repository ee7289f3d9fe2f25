"""The answer of a trial of policy as the page shows it: words for keys, money from the stored text, the drawing."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from catalog.queries import items_of
from catalog.rules.parameter_words import label_of, say_value
from platform_site.accounts.queries import cities
from vouchers.enums import EnterpriseSize
from vouchers.models import WhatIfRun

_MONEY = ("before", "after", "more_sum", "less_sum")
_TEN_THOUSAND = 10_000


def answer_of(run: WhatIfRun) -> dict[str, Any]:
    stored = run.result
    names = _names(run)
    spread = [_column(row) for row in stored["spread"]]
    return {
        "total": _sums(stored["total"]),
        "tables": [
            {
                "title": title,
                "head": head,
                "rows": [_sums(row) | {"name": names[kind](row["key"])} for row in stored[kind]],
            }
            for kind, title, head in _TABLES
        ],
        "spread": spread,
        "chart": _chart(spread),
        "reasons": stored["reasons"],
        "numbers": [_number(old, new) for old, new in stored["numbers"]],
        "items": [_item(row) for row in stored["items_changed"]],
        "check": stored["check"],
        "left_out": stored["left_out"],
    }


_TABLES = (
    ("city", "各市", "地市"),
    ("item", "各目录项", "目录项"),
    ("size", "企业规模", "规模"),
    ("class", "产品类别", "类别"),
)


def _names(run: WhatIfRun) -> dict[str, Callable[[Any], str]]:
    places = {city.code: city.name for city in cities()}
    items = {item.number: f"{item.number}　{item.name}" for item in items_of(run.period.catalog_version)}
    sizes = {size.value: str(size.label) for size in EnterpriseSize}
    return {
        "city": lambda code: places.get(code, code),
        "item": lambda number: items.get(number, f"第 {number} 项"),
        "size": lambda size: sizes.get(size, "没有填"),
        "class": lambda letter: f"{letter} 类" if letter else "没有定",
    }


def _sums(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: Decimal(value) if key in _MONEY else value for key, value in row.items()}
    return found | {"change": found["after"] - found["before"]}


def _column(row: Mapping[str, Any]) -> dict[str, Any]:
    """One column of the drawing: "0", "5–8 万元", "30 万元以上"."""
    above, upto = (None if row[name] is None else _wan(row[name]) for name in ("above", "upto"))
    word = f"{above} 万元以上" if upto is None else "没有金额" if above is None else f"{above}–{upto} 万元"
    return {"name": word, "before": row["before"], "after": row["after"]}


def _wan(text: str) -> str:
    return f"{(Decimal(text) / _TEN_THOUSAND).normalize():f}"


def _chart(spread: list[dict[str, Any]]) -> dict[str, Any]:
    """For `c-chart`: applications by amount, now and under the numbers tried."""
    return {
        "label": "每件申请的金额有多少，现在和试算对照；数字见下表",
        "option": {
            "legend": {"data": ["现在", "试算"]},
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "category", "data": [column["name"] for column in spread]},
            "yAxis": {"type": "value", "minInterval": 1},
            "series": [
                {"name": "现在", "type": "bar", "data": [column["before"] for column in spread]},
                {"name": "试算", "type": "bar", "data": [column["after"] for column in spread]},
            ],
        },
    }


def _number(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> dict[str, Any]:
    one = new or old or {"key": "", "clause": ""}
    return {
        "label": label_of(one["key"]),
        "clause": one["clause"],
        "old": say_value(old["key"], old["value"]) if old else "—",
        "new": say_value(new["key"], new["value"]) if new else "—",
    }


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    """after None: the item is gone."""
    return {
        "number": row["number"],
        "name": row["name"],
        "before": _facts(row["before"]),
        "after": _facts(row["after"]),
    }


def _facts(facts: Mapping[str, Any] | None) -> dict[str, Decimal | None] | None:
    if facts is None:
        return None
    return {name: None if amount is None else Decimal(amount) for name, amount in facts.items()}
