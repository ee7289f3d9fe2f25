"""Conditions of the list of signs."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from monitoring.enums import SIGN_KINDS, SIGN_STATES, SignState
from monitoring.models import Sign
from platform_site.accounts.queries import cities
from platform_site.kit.forms import FilterForm
from platform_site.kit.work_lists import Tab

SIGN_TABS: tuple[Tab, ...] = (
    ("open", "待核实", (SignState.OPEN, SignState.LOOKED_AT)),
    ("sign", "排除待复核", (SignState.PROPOSED,)),
    ("confirmed", "属实", (SignState.CONFIRMED,)),
    ("dismissed", "已排除", (SignState.DISMISSED,)),
    ("all", "全部", tuple(state for state, _ in SIGN_STATES)),
)


class SignFilter(FilterForm):
    q = forms.CharField(label="查找", required=False, max_length=60)
    kind = forms.ChoiceField(label="疑点", required=False, choices=[("", "全部疑点"), *SIGN_KINDS])
    city = forms.ChoiceField(label="地市", required=False)
    least = forms.ChoiceField(
        label="分值", required=False, choices=[("", "全部分值"), ("60", "60 分以上"), ("80", "80 分以上")]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "全部地市"), *((city.code, city.name) for city in cities())]
        self.fields["city"].choices = choices  # type: ignore[attr-defined]


def narrowed_signs(found: QuerySet[Sign], form: SignFilter) -> QuerySet[Sign]:
    """Every condition that is filled in and makes sense."""
    chosen = form.cleaned_data if form.is_valid() else {}
    for word in chosen.get("q", "").split():
        found = found.filter(
            Q(voucher__number__icontains=word)
            | Q(voucher__enterprise__search_text__contains=word.lower())
            | Q(voucher__enterprise__name__icontains=word)
            | Q(voucher__supplier__name__icontains=word)
        )
    if chosen.get("kind"):
        found = found.filter(kind=chosen["kind"])
    if chosen.get("city"):
        found = found.filter(voucher__city=chosen["city"])
    if chosen.get("least"):
        found = found.filter(score__gte=int(chosen["least"]))
    return found
