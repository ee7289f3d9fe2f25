"""What a monitoring scheme may say: its numbers, what they are called, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from monitoring.enums import SchemeKind
from platform_site.kit.findings import Finding

CLAUSE = "D/8"
DAY_MINUTES = 1440
LONGEST_DAYS = 400
SLOTS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)


@dataclass(frozen=True, slots=True)
class Number:
    """One threshold. kind: of the schemes that have it, "" for both. share: a fraction of 1."""

    name: str
    label: str
    unit: str
    low: int
    high: int
    kind: str = ""
    share: bool = False
    help: str = ""


NUMBERS = (
    Number("window_days", "观察天数", "天", 1, LONGEST_DAYS, help="连续的完整天数，取最好的一段"),
    Number("min_days", "有效天数", "天", 1, LONGEST_DAYS, help="观察天数里至少要有这么多天"),
    Number("min_minutes", "每天有效", "分钟", 0, DAY_MINUTES, help="不足的那天不算；软件类为 0，有操作就算"),
    Number("slot_minutes", "一条记录代表", "分钟", 1, 60, help="能整除一小时"),
    Number("min_devices", "最少设备", "台", 1, 100_000, SchemeKind.DEVICE, help="按台奖补的另按券额计算，取大的"),
    Number("min_users", "最少人数", "人", 1, 100_000, SchemeKind.SOFTWARE),
    Number("min_modules", "最少模块", "个", 0, 100, SchemeKind.SOFTWARE, help="不超过合同里的模块数"),
    Number("late_days", "供应商可补传", "天", 1, LONGEST_DAYS),
    Number("operator_late_days", "运营商可补报", "天", 1, LONGEST_DAYS),
    Number("operator_share", "运营商反馈最低占比", "", 0, 1, share=True, help="0 为不要求；例如 0.5 是一半"),
    Number("conflict_share", "不一致占比上限", "", 0, 1, share=True, help="超过的须人工核实"),
    Number("outside_share", "省外地址占比上限", "", 0, 1, share=True, help="超过的须人工核实；1 为不限，用于售后服务"),
    Number("fresh_days", "数据新鲜", "天", 0, LONGEST_DAYS, help="达标后数据停了这么久，须人工核实；0 为不看"),
)
NAMES = tuple(number.name for number in NUMBERS)


def numbers_of(kind: str) -> tuple[Number, ...]:
    """Those that a scheme of this kind has."""
    return tuple(number for number in NUMBERS if number.kind in ("", kind))


def check_scheme(kind: str, values: Mapping[str, Any]) -> list[Finding]:
    """Everything that cannot be, each at its number."""
    found = [
        _out_of_bounds(number) for number in numbers_of(kind) if not number.low <= values[number.name] <= number.high
    ]
    if values["min_days"] > values["window_days"]:
        found.append(_finding("days", "有效天数比观察天数还多。", "有效天数不超过观察天数。", "min_days"))
    if values["slot_minutes"] not in SLOTS:
        found.append(
            _finding(
                "slot", "一条记录代表的分钟数不能整除一小时。", "写 1、2、5、10、15、30 这样的数。", "slot_minutes"
            )
        )
    if kind == SchemeKind.DEVICE and not values["min_minutes"]:
        found.append(_finding("minutes", "设备类要写每天有效多少分钟。", "例如 240。", "min_minutes"))
    if values["late_days"] < values["window_days"]:
        found.append(
            _finding("late", "可补传的天数比观察天数短，断网的数据会补不上。", "写成不少于观察天数。", "late_days")
        )
    return found


def said(name: str, value: Any) -> str:
    """A number with its unit, as pages and the comparison print it."""
    number = next(number for number in NUMBERS if number.name == name)
    if number.share:
        return f"{Decimal(value) * 100:.0f}%"
    return f"{value} {number.unit}"


def changed_numbers(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Name, old and new value of what differs."""
    return [
        (number.name, old[number.name], new[number.name])
        for number in numbers_of(kind)
        if old[number.name] != new[number.name]
    ]


def _out_of_bounds(number: Number) -> Finding:
    reason = f"{number.label}要在 {number.low} 和 {number.high} 之间。"
    return _finding("bounds", reason, "请改成这个范围里的数。", number.name)


def _finding(code: str, reason: str, remedy: str, field: str) -> Finding:
    return Finding(f"scheme.{code}", CLAUSE, reason, remedy, field, title="这个数不能用")
