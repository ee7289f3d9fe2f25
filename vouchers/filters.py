"""Work lists: tabs, conditions in the address, order by what is due."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from platform_site.kit.actor import Actor
from platform_site.kit.page_keys import key_from
from platform_site.kit.work_lists import count_of
from platform_site.working_calendar.queries import SHANGHAI, end_of_day
from vouchers.enums import EnterpriseState, VoucherState
from vouchers.forms import (
    ApplicationFilter,
    EnterpriseFilter,
    ProvinceEnterpriseFilter,
    StatementFilter,
    SupplierSearch,
    WhatIfFilter,
)
from vouchers.models import Enterprise, QuotaMovement, Voucher, WhatIfRow
from vouchers.queries.supplier_answers import unanswered

V = VoucherState
APPLICATION_TABS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("", "待审核", (V.UNDER_REVIEW,)),
    ("sign", "待签发", (V.UNDER_REVIEW,)),
    ("returned", "已退回", (V.RETURNED,)),
    ("waiting", "候补", (V.WAITING,)),
    ("issued", "已发券", (V.ISSUED, V.REDEEMING, V.SETTLED, V.HELD)),
    ("ended", "已结束", (V.REFUSED, V.WITHDRAWN, V.LAPSED, V.GIVEN_UP, V.VOID)),
    ("all", "全部", ()),
)
ENTERPRISE_TABS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("", "待审核", (EnterpriseState.SUBMITTED,)),
    ("returned", "已退回", (EnterpriseState.RETURNED,)),
    ("approved", "已审核", (EnterpriseState.APPROVED,)),
    ("all", "全部", ()),
)
_PROPOSED = Q(reviews__outcome="", reviews__proposal__gt="")


def in_tab(found: QuerySet[Voucher], key: str) -> QuerySet[Voucher]:
    """`sign`: a proposal waits for the signature; the first tab: none does yet."""
    states = next((states for name, _, states in APPLICATION_TABS if name == key), ())
    found = found.filter(state__in=states) if states else found.exclude(state=V.DRAFT)
    if key == "sign":
        return found.filter(_PROPOSED)
    return found.exclude(_PROPOSED) if key == "" else found


def application_tabs(base: QuerySet[Voucher], chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": f"?view={key}" if key else "?",
            "current": key == chosen,
            "count": count_of(in_tab(base, key)) if states else "",
            "tone": "hot" if key == "sign" else "",
        }
        for key, label, states in APPLICATION_TABS
    ]


ANSWER_TABS = (("", "待确认"), ("all", "全部"))


def in_answer_tab(found: QuerySet[Voucher], key: str) -> QuerySet[Voucher]:
    return found if key == "all" else unanswered(found)


def narrowed_answers(found: QuerySet[Voucher], form: SupplierSearch) -> QuerySet[Voucher]:
    return _numbered_or_named(found, form.cleaned_data["q"]) if form.is_valid() else found


def answer_tabs(base: QuerySet[Voucher], chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": f"?view={key}" if key else "?",
            "current": key == chosen,
            "count": "" if key else count_of(unanswered(base)),
        }
        for key, label in ANSWER_TABS
    ]


def narrowed_applications(
    found: QuerySet[Voucher], form: ApplicationFilter, actor: Actor, at: datetime
) -> QuerySet[Voucher]:
    """Wrong values narrow nothing; there is no condition on the supplier's city (P18/2.4)."""
    if not form.is_valid():
        return found
    data = form.cleaned_data
    found = _numbered_or_named(found, data["q"])
    if data["item"]:
        found = found.filter(product__item_number=data["item"])
    today = end_of_day(at.astimezone(SHANGHAI).date())
    if data["due"] == "late":
        found = found.filter(deadline_at__lt=today - timedelta(days=1))
    if data["due"] == "today":
        found = found.filter(deadline_at__lte=today, deadline_at__gt=today - timedelta(days=1))
    if data["mine"] == "me":
        found = found.filter(reviewer_id=actor.user_id)
    return found.filter(reviewer_id=None) if data["mine"] == "none" else found


def narrowed_enterprises(found: QuerySet[Enterprise], form: EnterpriseFilter) -> QuerySet[Enterprise]:
    if not form.is_valid():
        return found
    data = form.cleaned_data
    found = _named(found, data["q"])
    found = found.filter(kind=data["kind"]) if data["kind"] else found
    if isinstance(form, ProvinceEnterpriseFilter):
        found = found.filter(state=data["state"]) if data["state"] else found
        found = found.filter(city_id=data["city"]) if data["city"] else found
    return found


def narrowed_movements(found: QuerySet[QuotaMovement], form: StatementFilter) -> QuerySet[QuotaMovement]:
    """Days are whole days in Shanghai, both included."""
    if not form.is_valid():
        return found
    data = form.cleaned_data
    found = found.filter(voucher__number__icontains=data["q"].strip()) if data["q"].strip() else found
    found = found.filter(kind=data["kind"]) if data["kind"] else found
    if data["since"]:
        found = found.filter(decided_at__gt=end_of_day(data["since"]) - timedelta(days=1))
    return found.filter(decided_at__lte=end_of_day(data["until"])) if data["until"] else found


def narrowed_shifts(found: QuerySet[WhatIfRow], form: WhatIfFilter) -> QuerySet[WhatIfRow]:
    """Vouchers that stand otherwise: by number, names, kind of change, city and, where it is asked for, item."""
    if not form.is_valid():
        return found
    data = form.cleaned_data
    for word in data["q"].lower().split():
        found = found.filter(Q(voucher__number__icontains=word) | Q(voucher__contract__search_text__contains=word))
    found = found.filter(shift=data["shift"]) if data["shift"] else found
    found = found.filter(voucher__product__item_number=data["item"]) if data.get("item") else found
    return found.filter(voucher__city_id=data["city"]) if data["city"] else found


def _numbered_or_named(found: QuerySet[Voucher], words: str) -> QuerySet[Voucher]:
    """By the voucher's number or its receipt's too; a word without a digit is in no number."""
    for word in words.lower().split():
        asked = Q(contract__search_text__contains=word)
        if any(sign.isdigit() for sign in word):
            asked |= Q(number__icontains=word) | Q(receipt_no__icontains=word)
        found = found.filter(asked)
    return found


def _named(found: QuerySet[Any], words: str) -> QuerySet[Any]:
    """By name, pinyin, initials, company or contract number; every word must occur."""
    for word in words.lower().split():
        found = found.filter(search_text__contains=word)
    return found


def in_states(found: QuerySet[Any], tabs: tuple[tuple[str, str, tuple[str, ...]], ...], key: str) -> QuerySet[Any]:
    states = next((states for name, _, states in tabs if name == key), ())
    return found.filter(state__in=states) if states else found


def by_sequence(found: QuerySet[Voucher], params: Mapping[str, str], size: int) -> tuple[list[Voucher], int | None]:
    """The queue's own order: oldest first, pages by key."""
    after = key_from(params.get("after", ""))
    rows = found.filter(sequence__gt=after) if after else found
    taken = list(rows.order_by("sequence", "pk")[: size + 1])
    last = taken[size - 1].sequence if len(taken) > size else None
    return taken[:size], last
