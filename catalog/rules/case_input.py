"""A case as it is typed or sent: plain values in, typed facts or findings out. The same for page, API and command."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from catalog.rules.case import ZERO, CostLine
from platform_site.kit.findings import Finding, Refusal

_FORM_CLAUSE = "S19/5.3.6"
# Keeps the arithmetic exact, not a policy number: nobody connects more devices than this.
_MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class CaseInput:
    """`facts`: the further fields of an `AssessmentCase`, except edition and item."""

    edition: str
    item: int
    facts: Mapping[str, Any]


def parse_case(text: str | bytes) -> Mapping[str, Any]:
    """A case written as JSON; numbers with a point stay text, so that money is never a float. Raises Refusal."""
    try:
        data = json.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise Refusal(_not_json(f"这不是 JSON，读不出来（{str(error)[:80]}）。")) from error
    if not isinstance(data, dict):
        raise Refusal(_not_json('这里要的是一个 JSON 对象，例如 {"edition": "2020", …}。'))
    return data


def read_input(data: Mapping[str, Any]) -> CaseInput:
    """Raises Refusal naming every value that cannot be used; amounts are text or whole numbers, never floats."""
    read: dict[str, Any] = {}
    found = [_unknown(name) for name in sorted(set(map(str, data)) - set(_FIELDS))]
    for name, (field, reader, default) in _FIELDS.items():
        typed = data.get(name)
        if typed is None or typed == "":
            if default is _REQUIRED:
                found.append(_missing(name))
            read[field] = default
            continue
        try:
            read[field] = reader(typed)
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
            found.append(_unusable(name, typed))
    if found:
        raise Refusal(found)
    return CaseInput(read.pop("edition"), read.pop("item"), read)


def _amount(value: Any) -> Decimal:
    if isinstance(value, bool | float):
        raise TypeError("money is never a float")
    amount = Decimal(value)
    if not amount.is_finite():
        raise InvalidOperation(value)
    return amount


def _count(value: Any) -> int:
    if isinstance(value, bool | float):
        raise TypeError("a whole number is expected")
    count = int(value)
    if not 0 <= count <= _MOST:
        raise ValueError(value)
    return count


def _flag(value: Any) -> bool:
    words = {True: True, False: False, "true": True, "false": False, "on": True, "off": False}
    return words[value]


def _one_of(*allowed: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in allowed:
            raise ValueError(value)
        return str(value)

    return read


def _code(value: Any) -> str:
    text = str(value)
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        raise ValueError(value)
    return text


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _lines(value: Any) -> tuple[CostLine, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError("a list of lines is expected")
    return tuple(CostLine(str(line["kind"]), _amount(line["amount"])) for line in value)


_REQUIRED: Any = object()
_FIELDS: dict[str, tuple[str, Callable[[Any], Any], Any]] = {
    "edition": ("edition", str, _REQUIRED),
    "city": ("city", _code, _REQUIRED),
    "item": ("item", _count, _REQUIRED),
    "contract_amount": ("contract_amount", _amount, _REQUIRED),
    "class": ("product_class", _one_of("A", "B"), None),
    "unrelated_amount": ("unrelated_amount", _amount, ZERO),
    "cost_lines": ("cost_lines", _lines, ()),
    "devices": ("devices", _count, None),
    "pilot": ("pilot", _flag, False),
    "cap": ("enterprise_cap", _amount, None),
    "cap_used": ("cap_used", _amount, ZERO),
    "bonus": ("bonus", _flag, False),
    "revenue": ("revenue", _amount, None),
    "enterprise_kind": ("enterprise_kind", _one_of("manufacturing", "maintenance"), None),
    "signed_on": ("signed_on", _day, None),
}
_NAMES = {
    "edition": "政策年度",
    "city": "企业所在地（六位地区代码）",
    "item": "目录项目",
    "contract_amount": "合同额",
    "class": "产品类别（A 或 B）",
    "unrelated_amount": "无关金额",
    "cost_lines": "费用明细",
    "devices": "设备台数",
    "pilot": "集群试点",
    "cap": "企业上限",
    "cap_used": "已核定金额",
    "bonus": "贯标奖励",
    "revenue": "主营业务收入",
    "enterprise_kind": "企业类型",
    "signed_on": "签订日期",
}


def _not_json(reason: str) -> Finding:
    return Finding("input.json", _FORM_CLAUSE, reason, "请按接口说明改正后再算，文字用 UTF-8。", title="格式不对")


def _missing(name: str) -> Finding:
    return Finding(f"input.{name}", _FORM_CLAUSE, f"没有填{_NAMES[name]}。", "请填写后再算。", name, title="还缺一项")


def _unusable(name: str, value: Any) -> Finding:
    reason = f"{_NAMES[name]}填的是“{str(value)[:40]}”，读不出来。"
    return Finding(f"input.{name}", _FORM_CLAUSE, reason, "请改正后再算。", name, title="填写有误")


def _unknown(name: str) -> Finding:
    reason = f"没有“{name[:40]}”这一项。"
    return Finding(
        "input.unknown", _FORM_CLAUSE, reason, f"可用的有：{'、'.join(_FIELDS)}。", name[:40], title="多了一项"
    )
