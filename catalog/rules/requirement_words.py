"""The catalog's demands on a product, in sentences."""

from collections.abc import Mapping
from typing import Any

_SENTENCES = {
    "min_modules": "产品至少具备所列功能模块中的 {} 项",
    "savings_proposals": "验收时至少有 {} 份降本方案，节省多少要有数字",
    "work_order_situations": "至少 {} 种情形可以触发工单",
    "providers": "至少集成 {} 家服务商的应用",
}


def demands(wanted: Mapping[str, Any]) -> list[str]:
    """`wanted`: an item's requirements; counts come from the item's data."""
    lines = [sentence.format(wanted[key]) for key, sentence in _SENTENCES.items() if key in wanted]
    if wanted.get("needs_model"):
        lines.append("写明至少一个解决具体业务问题的工业大数据模型")
    if wanted.get("notify_by"):
        lines.append(f"告警能用{'、'.join(wanted['notify_by'])}通知")
    return lines + [f"要有{group['name']}" for group in wanted.get("must_have", ())]
