"""The public home page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.enums import PeriodState
from catalog.models import Period
from catalog.queries import (
    catalog_of,
    current_period,
    items_of,
    periods_visible_to,
    published_editions,
    terms_of_period,
)
from platform_site.accounts.queries import cities
from platform_site.kit import clock
from platform_site.kit.actor import ANONYMOUS
from platform_site.notices.queries import announcements
from platform_site.portals.queries.quota import city_quotas, region_quotas
from settlement.queries import published_lists, published_versions

STEPS = (
    ("试算", "选应用、填合同额，看金额怎么来"),
    ("签合同", "写清产品、功能模块、费用明细"),
    ("申领", "按提交先后排队，当场给回执"),
    ("使用", "设备上云，平台只看行为数据"),
    ("兑现", "传发票、付款凭证、验收报告"),
    ("公示兑付", "公示无异议后拨付"),
)
LATEST = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the scheme is, where it stands today, and the three ways in."""
    at = clock.now()
    period = current_period(at)
    context: dict[str, Any] = {
        "steps": STEPS,
        "period": period,
        "announcements": announcements().order_by("-published_at")[:LATEST],
        "lists": _latest_lists(),
    }
    if period is not None:
        context |= _period_context(period)
        context["phase"] = phase_of(period, at)
        context["other_periods"] = periods_visible_to(ANONYMOUS).exclude(pk=period.pk)[:LATEST]
    return render(request, "portals/home.html", context)


def _period_context(period: Period) -> dict[str, Any]:
    terms = terms_of_period(period)
    quotas = city_quotas(period, terms)
    return {
        "terms": terms,
        "regions": region_quotas(quotas),
        "cities": cities(),
        "items": items_of(period.catalog_version or catalog_of(published_editions()[0])),
    }


def _latest_lists() -> list[dict[str, Any]]:
    """The newest published lists with count and sum of their version."""
    rows = list(published_lists().order_by("-published_at")[:LATEST])
    versions = published_versions(rows)
    return [
        {"number": row.number, "title": row.title, "state": row.state, "count": version.count, "total": version.total}
        for row in rows
        if (version := versions.get(row.pk)) is not None
    ]


def phase_of(period: Period, at: Any) -> dict[str, Any]:
    """label, tone and the moment to count down to (None: nothing ahead)."""
    if period.state != PeriodState.PUBLISHED:
        return {"label": "已结束", "tone": "", "until": None, "what": ""}
    if at < period.apply_from:
        return {"label": "即将开始", "tone": "wait", "until": period.apply_from, "what": "后开始申领"}
    if at < period.apply_to:
        return {"label": "申领中", "tone": "ok", "until": period.apply_to, "what": "后截止申领"}
    if at < period.redeem_to:
        return {"label": "兑现中", "tone": "active", "until": period.redeem_to, "what": "后截止兑现"}
    return {"label": "已结束", "tone": "", "until": None, "what": ""}
