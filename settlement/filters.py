"""Work lists: tabs and conditions in the address, keyset pages, capped counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from platform_site.kit.forms import FilterForm
from platform_site.kit.page_keys import key_from
from settlement.enums import BatchState, NoticeListState, RedemptionState

PAGE_SIZE = 25
COUNT_LIMIT = 10_000
Tab = tuple[str, str, tuple[str, ...]]
S = RedemptionState

CITY_TABS: tuple[Tab, ...] = (
    ("review", "待审核", (S.MONITORED, S.UNDER_REVIEW)),
    ("sign", "待复核", (S.UNDER_REVIEW,)),
    ("supplier", "等供应商", (S.SUBMITTED, S.ESCALATED, S.REJECTED)),
    ("monitoring", "监测中", (S.CONFIRMED,)),
    ("returned", "已退回", (S.RETURNED,)),
    ("approved", "已通过", (S.APPROVED, S.POSTPONED)),
    ("notice", "公示", (S.LISTED, S.ON_NOTICE, S.DISPUTED)),
    ("money", "兑付", (S.PAYABLE, S.CARRIED_OVER, S.PAYING, S.FAILED, S.PAID)),
    ("all", "全部", ()),
)
SUPPLIER_TABS: tuple[Tab, ...] = (
    ("open", "待确认", (S.SUBMITTED, S.ESCALATED)),
    ("confirmed", "已确认", (S.CONFIRMED, S.MONITORED, S.UNDER_REVIEW)),
    ("rejected", "没有确认", (S.REJECTED,)),
    ("all", "全部", ()),
)
LIST_TABS: tuple[Tab, ...] = (
    ("open", "编制与复核", (NoticeListState.DRAFT, NoticeListState.SIGNED, NoticeListState.CORRECTED)),
    ("published", "公示中", (NoticeListState.PUBLISHED,)),
    ("closed", "公示结束", (NoticeListState.CLOSED, NoticeListState.PARTLY_SETTLED, NoticeListState.SETTLED)),
    ("all", "全部", ()),
)
BATCH_TABS: tuple[Tab, ...] = (
    ("open", "在办", (BatchState.DRAFT, BatchState.SIGNED, BatchState.PAYING)),
    ("settled", "办结", (BatchState.SETTLED,)),
    ("all", "全部", ()),
)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order; cursors "" where there is no further page."""

    rows: list[Any]
    next_cursor: str
    previous_cursor: str


class RedemptionFilter(FilterForm):
    q = forms.CharField(label="查找", required=False, max_length=60)
    due = forms.ChoiceField(
        label="期限", required=False, choices=[("", "全部期限"), ("today", "今天到期"), ("late", "已逾期")]
    )


class SearchFilter(FilterForm):
    q = forms.CharField(label="查找", required=False, max_length=60)


def by_words(found: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Number, voucher, enterprise (name, pinyin, USCC), supplier, product: every word must occur."""
    for word in words.split():
        found = found.filter(
            Q(number__icontains=word)
            | Q(voucher__number__icontains=word)
            | Q(voucher__enterprise__search_text__contains=word.lower())
            | Q(voucher__supplier__name__icontains=word)
            | Q(voucher__product__name__icontains=word)
        )
    return found


def by_due(found: QuerySet[Any], due: str, at: datetime, end_of_today: datetime) -> QuerySet[Any]:
    if due == "late":
        return found.filter(review_due_at__lt=at)
    if due == "today":
        return found.filter(review_due_at__gte=at, review_due_at__lte=end_of_today)
    return found


def key_page(found: QuerySet[Any], params: Mapping[str, str], *, newest: bool = True, size: int = PAGE_SIZE) -> Page:
    """By id; `after` and `before` are ids of rows at the edge of the page, anything else in them is ignored."""
    after, before = key_from(params.get("after", "")), key_from(params.get("before", ""))
    ahead, back = ("pk__lt", "pk__gt") if newest else ("pk__gt", "pk__lt")
    order = "-pk" if newest else "pk"
    if before:
        taken = list(found.filter(**{back: before}).order_by("pk" if newest else "-pk")[: size + 1])
        rows = taken[:size][::-1]
        return Page(rows, str(rows[-1].pk) if rows else "", str(rows[0].pk) if len(taken) > size else "")
    onward = found.filter(**{ahead: after}) if after else found
    taken = list(onward.order_by(order)[: size + 1])
    rows = taken[:size]
    return Page(
        rows,
        str(rows[-1].pk) if len(taken) > size else "",
        str(rows[0].pk) if rows and after else "",
    )


def count_of(found: QuerySet[Any]) -> str:
    """Counted to a limit: beyond it the exact number helps nobody."""
    counted = found.order_by()[: COUNT_LIMIT + 1].count()
    return f"{COUNT_LIMIT:,}+" if counted > COUNT_LIMIT else f"{counted:,}"


def tab_states(tabs: Iterable[Tab], chosen: str) -> tuple[str, ...]:
    return next((states for key, _, states in tabs if key == chosen), ())


def tabs_of(base: QuerySet[Any], tabs: tuple[Tab, ...], chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": f"?view={key}",
            "current": key == chosen,
            "count": count_of(base.filter(state__in=states)) if states else "",
        }
        for key, label, states in tabs
    ]


def chips_of(form: forms.Form, params: QueryDict) -> list[dict[str, str]]:
    """What narrows the list, each with the address without it."""
    found = []
    for name, field in form.fields.items():
        value = params.get(name, "")
        if not value:
            continue
        rest = params.copy()
        for gone in (name, "after", "before"):
            rest.pop(gone, None)
        shown = dict(getattr(field, "choices", ())).get(value, value)
        found.append({"label": f"{field.label}：{shown}", "url": f"?{rest.urlencode()}"})
    return found
