"""What the catalog asks of a product of an item: modules, a model, proposals. Counts are data of the item."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from platform_site.kit.findings import Finding


@dataclass(frozen=True, slots=True)
class ItemModules:
    """Modules of an item as the catalog lists them and its requirements
    (min_modules, needs_model, savings_proposals, work_order_situations, providers, must_have)."""

    number: int
    name: str
    clause: str
    modules: tuple[str, ...]
    optional_modules: tuple[str, ...] = ()
    requirements: Mapping[str, Any] = field(default_factory=dict)


def check_product(item: ItemModules, *, modules: Iterable[str], model_name: str = "") -> list[Finding]:
    """What a product of the item lacks. Optional modules never count as required (S19/annex.14, .16)."""
    offered = set(modules)
    found = _too_few(item, offered) + _groups_missing(item, offered)
    if item.requirements.get("needs_model") and not model_name.strip():
        found.append(
            Finding(
                "product.model_missing",
                item.clause,
                f"第 {item.number} 项要有一个解决具体业务问题的工业大数据模型，这里没有写。",
                "请写明模型的名称和它解决的问题。",
                "model_name",
                title="没有写明模型",
            )
        )
    return found


def _too_few(item: ItemModules, offered: set[str]) -> list[Finding]:
    least = int(item.requirements.get("min_modules", 1))
    counted = len(offered & set(item.modules))
    if counted >= least:
        return []
    return [
        Finding(
            "product.too_few_modules",
            item.clause,
            f"第 {item.number} 项至少要有目录所列模块中的 {least} 项，现在选了 {counted} 项。",
            "请补选产品具备的模块；选项功能不计入。",
            "modules",
            title="模块不够",
        )
    ]


def _groups_missing(item: ItemModules, offered: set[str]) -> list[Finding]:
    """Item 24: not every module, but one of each named group."""
    lacking = [group["name"] for group in item.requirements.get("must_have", ()) if offered.isdisjoint(group["any_of"])]
    return [
        Finding(
            "product.group_missing",
            item.clause,
            f"第 {item.number} 项必须有“{name}”，现在选的模块里没有。",
            "请补选相应的模块。",
            "modules",
            title=f"缺少{name}",
        )
        for name in lacking
    ]
