"""The pace of a period as a chart: applications per day as bars, decided 万元 as a line."""

from collections.abc import Sequence
from typing import Any

from vouchers.queries.pace import PaceDay

TEN_THOUSAND = 10_000


def pace_chart(days: Sequence[PaceDay]) -> dict[str, Any]:
    """For `c-chart`: its label in words and the drawing's option."""
    arrivals, decided = sum(day.arrivals for day in days), sum(day.decided for day in days)
    return {
        "label": f"近 {len(days)} 天共申请 {arrivals} 件，核定 {decided / TEN_THOUSAND:,.2f} 万元",
        "option": {
            "legend": {"data": ["申请（件）", "核定（万元）"]},
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "category", "data": [f"{day.day:%m-%d}" for day in days]},
            "yAxis": [
                {"type": "value", "minInterval": 1},
                {"type": "value", "splitLine": {"show": False}},
            ],
            "series": [
                {"name": "申请（件）", "type": "bar", "data": [day.arrivals for day in days]},
                {
                    "name": "核定（万元）",
                    "type": "line",
                    "yAxisIndex": 1,
                    "data": [round(day.decided / TEN_THOUSAND, 2) for day in days],
                },
            ],
        },
    }
