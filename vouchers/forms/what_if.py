"""The question of a what-if, and what narrows its answer."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from platform_site.accounts.queries import cities
from platform_site.kit.forms import FilterForm, MoneyFormField, MoneyInput, PlatformForm, dress
from vouchers.enums import POLICY_SHIFTS, QUOTA_SHIFTS, Shift
from vouchers.forms.quota import PlanRow
from vouchers.rules.dimensions import parse_dimension

NOBODY = [("", "不调剂")]


class WhatIfForm(PlatformForm):
    """One new total per dimension, named `d:<dimension>`, empty ones stay; and one reallocation on top of them."""

    source = forms.ChoiceField(label="从", required=False)
    target = forms.ChoiceField(label="调到", required=False)
    amount = MoneyFormField(label="调剂金额", required=False)

    def __init__(self, *args: Any, rows: Sequence[PlanRow] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        choices = NOBODY + [(row.key, f"{row.name}（{row.total:,.2f} 元）") for row in self.rows]
        for name in ("source", "target"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for row in self.rows:
            field = MoneyFormField(label=row.name, required=False, widget=MoneyInput(unit=""))
            field.widget.attrs["class"] = "num"
            self.fields[f"d:{row.key}"] = field
            dress(field)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        source, target, amount = (data.get(name) for name in ("source", "target", "amount"))
        if not (source or target or amount):
            return data
        for name, label in (("source", "调出方"), ("target", "调入方"), ("amount", "调剂金额")):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, f"请填写{label}。")
        if source and target and source == target:
            self.add_error("target", "调出方和调入方是同一个，请选两个。")
        elif source and target and parse_dimension(source).kind != parse_dimension(target).kind:
            self.add_error("target", "地市、试点和供应商的额度不能互调，请选同一类的两方。")
        elif source and amount and self._typed(source, data) < amount:
            self.add_error("amount", f"调出方总额只有 {self._typed(source, data):,.2f} 元，请减少金额。")
        return data

    def _typed(self, key: str, data: dict[str, Any]) -> Decimal:
        typed = data.get(f"d:{key}")
        return typed if typed is not None else next(row.total for row in self.rows if row.key == key)

    def totals(self) -> dict[str, Decimal]:
        """New totals of all that were changed."""
        data = self.cleaned_data
        found = {row.key: data[f"d:{row.key}"] for row in self.rows if data.get(f"d:{row.key}") is not None}
        if data.get("amount"):
            found[data["source"]] = self._typed(data["source"], data) - data["amount"]
            found[data["target"]] = self._typed(data["target"], data) + data["amount"]
        return found

    def total_fields(self, kind: str) -> list[tuple[PlanRow, Any]]:
        """Rows of one kind (city, pilot, supplier), each with its field."""
        return [(row, self[f"d:{row.key}"]) for row in self.rows if parse_dimension(row.key).kind == kind]

    @property
    def budgets(self) -> list[tuple[PlanRow, Any]]:
        return self.total_fields("city") + self.total_fields("pilot")

    @property
    def suppliers(self) -> list[tuple[PlanRow, Any]]:
        return self.total_fields("supplier")


def _shifts(chosen: Sequence[Shift]) -> list[tuple[str, str]]:
    return [("", "全部变化"), *((shift.value, str(shift.label)) for shift in chosen)]


class WhatIfFilter(FilterForm):
    q = forms.CharField(label="查找", required=False, max_length=60)
    shift = forms.ChoiceField(label="变化", required=False, choices=_shifts(QUOTA_SHIFTS))
    city = forms.ChoiceField(label="地市", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "全部地市"), *((city.code, city.name) for city in cities())]
        self.fields["city"].choices = choices  # type: ignore[attr-defined]


class PolicyTrialFilter(WhatIfFilter):
    item = forms.IntegerField(
        label="目录项", required=False, min_value=1, widget=forms.NumberInput({"placeholder": "第几项"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shift"].choices = _shifts(POLICY_SHIFTS)  # type: ignore[attr-defined]
