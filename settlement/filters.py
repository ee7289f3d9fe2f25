"""Work lists: tabs and conditions in the address, keyset pages, capped counts."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from platform_site.kit.forms import FilterForm
from platform_site.kit.work_lists import Tab
from settlement.enums import BatchState, ClawbackState, NoticeListState, RedemptionState

S = RedemptionState

CITY_TABS: tuple[Tab, ...] = (
    ("review", "待审核", (S.MONITORED, S.UNDER_REVIEW)),
    ("sign", "待复核", (S.UNDER_REVIEW,)),
    ("supplier", "等供应商", (S.SUBMITTED, S.ESCALATED, S.REJECTED)),
    ("monitoring", "监测中", (S.CONFIRMED,)),
    ("returned", "已退回", (S.RETURNED,)),
    ("approved", "已通过", (S.APPROVED, S.POSTPONED)),
    ("notice", "公示", (S.LISTED, S.ON_NOTICE, S.DISPUTED)),
    ("money", "兑付", (S.PAYABLE, S.CARRIED_OVER, S.PAYING, S.FAILED, S.PAID, S.RECOVERING, S.RECOVERED)),
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


CLAWBACK_TABS: tuple[Tab, ...] = (
    ("open", "在办", (ClawbackState.PROPOSED, ClawbackState.ORDERED)),
    ("collected", "已追回", (ClawbackState.COLLECTED,)),
    ("all", "全部", ()),
)


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
