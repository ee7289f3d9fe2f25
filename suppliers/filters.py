"""Lists of suppliers and products: conditions in the address, pages by key; never a condition on the city (P18/2.4)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from platform_site.kit.forms import FilterForm
from platform_site.kit.work_lists import Tab
from suppliers.enums import (
    PRODUCT_CLASSES,
    PRODUCT_STATES,
    QUOTA_CLASSES,
    SUPPLIER_KINDS,
    SUPPLIER_STATES,
    ProductState,
    SupplierState,
)
from suppliers.queries import find


def narrowed(found: QuerySet[Any], form: FilterForm, *names: str) -> QuerySet[Any]:
    """By the form's search words and by equality on the named columns; wrong values narrow nothing."""
    if not form.is_valid():
        return found
    data = form.cleaned_data
    for name in names:
        if data.get(name):
            found = found.filter(**{name: data[name]})
    return find(found, data.get("q", ""))


def _choice(label: str, choices: Iterable[tuple[Any, str]], everything: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", everything), *choices])


class SupplierFilter(FilterForm):
    q = forms.CharField(label="查找", required=False, max_length=60)
    state = _choice("状态", SUPPLIER_STATES[1:], "全部状态")
    kind = _choice("类型", SUPPLIER_KINDS, "全部类型")
    quota_class = _choice("限额档次", QUOTA_CLASSES, "全部档次")


class CitySupplierFilter(FilterForm):
    q = forms.CharField(label="查找", required=False, max_length=60)
    kind = _choice("类型", SUPPLIER_KINDS, "全部类型")


class DirectoryFilter(FilterForm):
    """The public directory: by words, kind and what is offered, for everybody alike."""

    q = forms.CharField(label="查找", required=False, max_length=60)
    kind = _choice("类型", SUPPLIER_KINDS, "全部类型")
    item = forms.IntegerField(label="目录项", required=False, min_value=1, max_value=99, widget=forms.HiddenInput)


class ProductFilter(FilterForm):
    q = forms.CharField(label="查找", required=False, max_length=60)
    state = _choice("状态", PRODUCT_STATES[1:], "全部状态")
    product_class = _choice("类别", PRODUCT_CLASSES, "A 类和 B 类")
    item_number = forms.TypedChoiceField(label="目录项", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, items: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "全部目录项"), *((number, f"{number} {name}") for number, name in items)]
        self.fields["item_number"].choices = choices  # type: ignore[attr-defined]


PROVINCE_SUPPLIER_TABS: tuple[Tab, ...] = (
    ("", "全部", ()),
    ("review", "待省里审核", (SupplierState.PROVINCE_REVIEW,)),
    ("city", "地市审核中", (SupplierState.CITY_REVIEW,)),
    ("listed", "已入库", (SupplierState.LISTED,)),
    ("suspended", "暂停", (SupplierState.SUSPENDED,)),
)
CITY_SUPPLIER_TABS: tuple[Tab, ...] = (
    ("", "待审核", (SupplierState.CITY_REVIEW,)),
    ("returned", "已退回", (SupplierState.RETURNED,)),
    ("passed", "已转省里", (SupplierState.PROVINCE_REVIEW,)),
    ("all", "全部", ()),
)
PROVINCE_PRODUCT_TABS: tuple[Tab, ...] = (
    ("", "全部", ()),
    ("review", "待审核", (ProductState.PROVINCE_REVIEW,)),
    ("listed", "已上架", (ProductState.LISTED,)),
    ("suspended", "暂停", (ProductState.SUSPENDED,)),
)
