"""Is an item of the catalog, as the province typed it, usable."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from platform_site.kit.findings import Finding

# Requirements that are counts, and the words of the form for them.
COUNTED = {
    "min_modules": "至少几项功能模块",
    "savings_proposals": "至少几份降本方案",
    "work_order_situations": "至少几种工单情形",
    "providers": "至少集成几家服务商",
}


@dataclass(frozen=True)
class ItemFacts:
    """An item's text and values. cap, per_device in yuan; per_device None: not paid by the device.
    clause_id: the key of the rule it rests on."""

    number: int
    group_key: str
    group: str
    name: str
    scene: str
    modules: tuple[str, ...]
    optional_modules: tuple[str, ...]
    cap: Decimal
    per_device: Decimal | None
    pilot_only: bool
    post_sale: bool
    requirements: dict[str, Any]
    notes: str
    clause_id: str


ITEM_FIELDS = tuple(field.name for field in fields(ItemFacts))
ITEM_LABELS = {
    "number": "序号",
    "group": "一级目录",
    "name": "名称",
    "scene": "应用场景",
    "modules": "功能模块",
    "optional_modules": "选项功能",
    "cap": "上限",
    "per_device": "每台金额",
    "pilot_only": "只用于集群试点",
    "post_sale": "设备售后服务类",
    "requirements": "要求",
    "notes": "备注",
    "clause_id": "依据",
}


def check_item(facts: ItemFacts) -> list[Finding]:
    """Everything that cannot stay as it is, each at its field."""
    return [
        Finding("catalog.bad_item", facts.clause_id, reason, remedy, field, title=f"第 {facts.number} 项不能这样")
        for field, reason, remedy in (*_money(facts), *_words(facts), *_counts(facts))
    ]


def changed_fields(old: ItemFacts | None, new: ItemFacts | None) -> tuple[str, ...]:
    """Names of what differs; all of them for an item that is new or gone."""
    if old is None or new is None:
        return tuple(ITEM_LABELS)
    return tuple(name for name in ITEM_LABELS if getattr(old, name) != getattr(new, name))


Wrong = Iterator[tuple[str, str, str]]


def _money(facts: ItemFacts) -> Wrong:
    for field in ("cap", "per_device"):
        amount = getattr(facts, field)
        if amount is not None and (amount <= 0 or -int(amount.normalize().as_tuple().exponent) > 2):
            yield field, f"{ITEM_LABELS[field]}要大于 0 元，最多两位小数。", "请改正金额。"
    if facts.per_device is not None and facts.per_device > facts.cap:
        yield "per_device", "每台金额比这一项的上限还高。", "请改低每台金额，或改高上限。"


def _words(facts: ItemFacts) -> Wrong:
    for field in ("name", "scene"):
        if not getattr(facts, field).strip():
            yield field, f"没有写{ITEM_LABELS[field]}。", "请填写。"
    if not facts.modules:
        yield "modules", "没有写功能模块。", "请至少写一项，一行一项。"
    if twice := sorted(set(facts.modules) & set(facts.optional_modules)):
        yield "optional_modules", f"“{'、'.join(twice)}”在功能模块和选项功能里各写了一次。", "请只留一处。"
    for field in ("modules", "optional_modules"):
        if any(len(name) > 40 for name in getattr(facts, field)):
            yield field, "有一项超过 40 个字。", "请写短些，一行一项。"


def _counts(facts: ItemFacts) -> Wrong:
    wanted = facts.requirements.get("min_modules")
    if wanted is not None and wanted > len(facts.modules):
        reason = f"要求至少 {wanted} 项功能模块，所列的只有 {len(facts.modules)} 项。"
        yield "min_modules", reason, "请改少要求，或补上模块。"
