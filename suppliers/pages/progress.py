"""Where a supplier or product stands, whose turn it is and what it waits for: the life-line of its page."""

from typing import Any

from suppliers.enums import ProductState, SupplierState
from suppliers.models import Product, Proposal, Supplier

Step = dict[str, str]
_TURN = {
    "draft": ("本单位", "填好后提交"),
    "returned": ("本单位", "按退回理由一次补齐"),
    "city_review": ("地市主管部门", "核对基本信息"),
    "province_review": ("省工业和信息化厅", "经办人审核，另一人签发"),
    "listed": ("不用办理", ""),
    "suspended": ("省工业和信息化厅", "暂停期间不能承接新的申领"),
    "refused": ("本单位", "可以重新登记"),
    "dropped": ("不用办理", "已退出资源池"),
    "delisted": ("不用办理", "已下架"),
}
_TONES = {"returned": "warn", "suspended": "warn", "refused": "bad", "dropped": "bad", "listed": "ok"}
_SUPPLIER_PLACE = {
    SupplierState.DRAFT: 0,
    SupplierState.RETURNED: 0,
    SupplierState.CITY_REVIEW: 1,
    SupplierState.PROVINCE_REVIEW: 2,
    SupplierState.REFUSED: 2,
}
_PRODUCT_PLACE = {
    ProductState.DRAFT: 0,
    ProductState.RETURNED: 0,
    ProductState.PROVINCE_REVIEW: 1,
    ProductState.REFUSED: 1,
}


def supplier_progress(supplier: Supplier, proposal: Proposal | None = None) -> dict[str, Any]:
    """For `c-lifeline`; outside the province there is no city step (S19/5.2.5)."""
    labels = ["填写提交", "地市审核", "省级审核", "入库"]
    place = _SUPPLIER_PLACE.get(SupplierState(supplier.state), len(labels) - 1)
    if supplier.city_id is None:
        labels.remove("地市审核")
        place = max(place - 1, 0)
    return _progress(labels, place, supplier.state, proposal)


def product_progress(product: Product, proposal: Proposal | None = None) -> dict[str, Any]:
    labels = ["填写提交", "省级产品审核", "上架"]
    return _progress(labels, _PRODUCT_PLACE.get(ProductState(product.state), 2), product.state, proposal)


def _progress(labels: list[str], place: int, state: str, proposal: Proposal | None) -> dict[str, Any]:
    finished = state == "listed"
    turn, note = _TURN[state]
    if proposal is not None:
        turn = "省级审批人"
        note = f"{proposal.proposed_by.name}提出“{proposal.get_outcome_display()}”，等另一人签发"
    return {
        "steps": [_step(label, index, place, finished) for index, label in enumerate(labels)],
        "tone": _TONES.get(state, ""),
        "turn": turn,
        "turn_note": note,
    }


def _step(label: str, index: int, place: int, finished: bool) -> Step:
    state = "done" if index < place or (finished and index == place) else "now" if index == place else "todo"
    return {"label": label, "when": "", "state": state}
