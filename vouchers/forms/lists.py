"""What narrows a list."""

from typing import Any

from django import forms

from platform_site.accounts.queries import cities
from platform_site.kit.forms import FilterForm
from vouchers.enums import EnterpriseKind, EnterpriseState


class ApplicationFilter(FilterForm):
    q = forms.CharField(label="查找", required=False, max_length=60)
    item = forms.IntegerField(
        label="目录项",
        required=False,
        min_value=1,
        max_value=99,
        widget=forms.NumberInput({"placeholder": "目录第几项"}),
    )
    due = forms.ChoiceField(
        label="期限", required=False, choices=[("", "全部期限"), ("today", "今天到期"), ("late", "已超期")]
    )
    mine = forms.ChoiceField(
        label="经办", required=False, choices=[("", "全部经办"), ("me", "我经办的"), ("none", "没人经办")]
    )


class SupplierSearch(FilterForm):
    q = forms.CharField(label="查找", required=False, max_length=60)


class EnterpriseFilter(FilterForm):
    q = forms.CharField(label="查找", required=False, max_length=60)
    kind = forms.ChoiceField(label="类型", required=False, choices=[("", "全部类型"), *EnterpriseKind.choices])


class ProvinceEnterpriseFilter(EnterpriseFilter):
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *EnterpriseState.choices])
    city = forms.ChoiceField(label="地市", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "全部地市"), *((city.code, city.name) for city in cities())]
        self.fields["city"].choices = choices  # type: ignore[attr-defined]
