"""The graph of shared addresses and devices as a chart: lines between points whose places are fixed beforehand.

The chart library's common build has no graph series; lines and points are all that is needed.
"""

from collections.abc import Iterable
from typing import Any

from monitoring.queries.sign_pictures import Shared
from monitoring.rules.graph_layout import Edge, Layout, Node, lay_out

NAMED = 12  # more names would cover each other
_POINTS = (
    ("address", "地址", "diamond", 16),
    ("device", "设备", "rect", 14),
    ("voucher", "服务券", "circle", 9),
)


def graph_chart(found: Iterable[Shared]) -> dict[str, Any]:
    """For `c-chart`: its label in words and the drawing's option."""
    found = list(found)
    edges: list[Edge] = [
        ((one.kind, one.value), ("voucher", voucher.number)) for one in found for voucher in one.vouchers
    ]
    layout = lay_out(edges)
    vouchers = {voucher.number: voucher.enterprise.name for one in found for voucher in one.vouchers}
    names: dict[Node, str] = {("voucher", number): f"{number} {name}" for number, name in vouchers.items()}
    return {
        "label": f"{len(found)} 个共用的地址和设备，{len(vouchers)} 张券；下面的表格列出同样的内容",
        "option": {
            "legend": {"data": [label for _, label, _, _ in _POINTS]},
            "tooltip": {"trigger": "item", "formatter": "{b}"},
            "grid": {"left": 8, "right": 8, "top": 36, "bottom": 8, "containLabel": False},
            "xAxis": {"type": "value", "show": False, "min": 0, "max": layout.columns},
            "yAxis": {"type": "value", "show": False, "min": -max(layout.rows, 1), "max": 0},
            "series": [_lines(edges, layout), *(_points(*kind, layout, names) for kind in _POINTS)],
        },
    }


def _lines(edges: list[Edge], layout: Layout) -> dict[str, Any]:
    """One broken line through all pairs."""
    data: list[Any] = []
    for one, other in edges:
        data += [list(layout.places[one]), list(layout.places[other]), [None, None]]
    return {
        "type": "line",
        "data": data,
        "showSymbol": False,
        "connectNulls": False,
        "silent": True,
        "lineStyle": {"width": 1, "color": "#c6ced6"},
        "z": 1,
    }


def _points(kind: str, label: str, symbol: str, size: int, layout: Layout, names: dict[Node, str]) -> dict[str, Any]:
    data = [
        {"name": names.get(node, str(node[1])), "value": list(place)}
        for node, place in layout.places.items()
        if node[0] == kind
    ]
    named = kind != "voucher" and len(data) <= NAMED
    return {
        "name": label,
        "type": "scatter",
        "symbol": symbol,
        "symbolSize": size,
        "data": data,
        "label": {"show": named, "formatter": "{b}", "position": "bottom", "fontSize": 12},
        "z": 2,
    }
