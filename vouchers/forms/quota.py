"""Quota plans as people type them: line by line, by formula, by class and rating, as a reallocation; and statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms

from platform_site.accounts.models import City
from platform_site.kit.forms import FilterForm, MoneyFormField, MoneyInput, PlatformForm, dress
from vouchers.enums import MovementKind
from vouchers.models import Pilot
from vouchers.queries.plan_inputs import Input, Rating
from vouchers.rules.dimensions import pilot_dimension
from vouchers.rules.quota_split import CityFigures, Weight

STEPS = (1, 2, 3, 4)
HUNDRED = Decimal(100)
Lines = list[tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A dimension of the line-by-line form. total: yuan now."""

    key: str
    name: str
    total: Decimal


class PercentField(forms.DecimalField):
    """0 to 100 with one place; cleans to the percentage."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 100, "max_digits": 5, "decimal_places": 1, **kwargs})


class TranchedForm(PlatformForm):
    """Title and reason, and up to four tranches; none filled in: everything at once with the signature."""

    title = forms.CharField(label="方案名称", max_length=120)
    reason = forms.CharField(label="依据和理由", widget=forms.Textarea, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in STEPS:
            self._add(f"t{number}_at", forms.DateTimeField(label=f"第 {number} 批放出时间", required=False))
            self._add(f"t{number}_share", PercentField(label=f"第 {number} 批比例", required=False))

    def _add(self, name: str, field: forms.Field) -> None:
        """Awkward: fields made at run time come after the renderer has dressed the others."""
        self.fields[name] = field
        dress(field)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number in STEPS:
            when, share = data.get(f"t{number}_at"), data.get(f"t{number}_share")
            if when and share is None and f"t{number}_share" not in self.errors:
                self.add_error(f"t{number}_share", "请填写这一批的比例。")
            if share is not None and not when and number > 1 and f"t{number}_at" not in self.errors:
                self.add_error(f"t{number}_at", "请填写这一批的放出时间。只有第 1 批可以留空，签发后马上放出。")
        return data

    def tranches(self, at: datetime) -> list[tuple[datetime, Decimal]]:
        """(release time, share as a fraction); the first one without a time goes out with the signature."""
        data = self.cleaned_data
        return [
            (data.get(f"t{number}_at") or at, data[f"t{number}_share"] / HUNDRED)
            for number in STEPS
            if data.get(f"t{number}_share") is not None
        ]

    def tranche_fields(self) -> list[tuple[int, Any, Any]]:
        return [(number, self[f"t{number}_at"], self[f"t{number}_share"]) for number in STEPS]


def _amount(label: str, **kwargs: Any) -> MoneyFormField:
    field = MoneyFormField(label=label, required=False, **kwargs)
    field.widget.attrs["class"] = "form-control num"
    return field


class QuotaPlanForm(TranchedForm):
    """One amount per dimension, named `d:<dimension>`; empty ones are left as they are."""

    def __init__(self, *args: Any, rows: Iterable[PlanRow] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self.fields[f"d:{row.key}"] = _amount(row.name, help_text=f"现在 {row.total:,.2f} 元")

    def lines(self) -> Lines:
        data = self.cleaned_data
        return [(row.key, data[f"d:{row.key}"]) for row in self.rows if data.get(f"d:{row.key}") is not None]

    def amount_fields(self) -> list[Any]:
        return [self[f"d:{row.key}"] for row in self.rows]


class AdjustedForm(TranchedForm):
    """Amounts that the province sets instead of the computed ones, `a:<key>`, with the reason that is shown beside."""

    adjust_reason = forms.CharField(label="调整理由", required=False, max_length=500, help_text="改了哪一行，为什么")

    def add_adjustments(self, rows: Iterable[tuple[str, str]]) -> None:
        self.adjustable = list(rows)
        for key, name in self.adjustable:
            self.fields[f"a:{key}"] = _amount(f"{name}调整为", widget=MoneyInput(unit=""))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.adjusted(data) and not (data.get("adjust_reason") or "").strip():
            self.add_error("adjust_reason", "有调整的行，请写明理由。")
        return data

    def adjusted(self, data: Mapping[str, Any] | None = None) -> dict[str, Decimal]:
        """Key → yuan instead of the computed amount."""
        found = self.cleaned_data if data is None else data
        return {key: found[f"a:{key}"] for key, _ in self.adjustable if found.get(f"a:{key}") is not None}


class FormulaForm(AdjustedForm):
    """Total, weights, figures of each city (`v:<input>:<city>`), adjustments, and budgets of running pilots."""

    target = MoneyFormField(label="目标金额", min_value=Decimal("0.01"))
    minimum = MoneyFormField(label="每市保底")

    def __init__(
        self,
        *args: Any,
        inputs: Sequence[Input] = (),
        cities: Sequence[City] = (),
        pilots: Sequence[Pilot] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.inputs, self.cities, self.pilots = list(inputs), list(cities), list(pilots)
        for row in self.inputs:
            self._add(f"w:{row.key}", PercentField(label=f"{row.title}权重"))
            for city in self.cities:
                figure = forms.DecimalField(
                    label=f"{city.name}{row.title}", required=False, min_value=0, max_digits=12, decimal_places=1
                )
                self._add(f"v:{row.key}:{city.code}", figure)
        self.add_adjustments([(city.code, city.name) for city in self.cities])
        for pilot in self.pilots:
            self.fields[f"p:{pilot.pk}"] = _amount(pilot.name, help_text="新的预算总额，留空的不变")

    def weights(self) -> list[Weight]:
        return [Weight(row.key, row.title, self.cleaned_data[f"w:{row.key}"] / HUNDRED) for row in self.inputs]

    def figures(self) -> list[CityFigures]:
        data = self.cleaned_data
        return [
            CityFigures(city.code, {row.key: data.get(f"v:{row.key}:{city.code}") for row in self.inputs})
            for city in self.cities
        ]

    def pilot_lines(self) -> Lines:
        data = self.cleaned_data
        keys = [(pilot_dimension(pilot.pk), f"p:{pilot.pk}") for pilot in self.pilots]
        return [(dimension, data[name]) for dimension, name in keys if data.get(name) is not None]

    def weight_fields(self) -> list[tuple[Input, Any]]:
        return [(row, self[f"w:{row.key}"]) for row in self.inputs]

    def city_fields(self) -> list[tuple[City, list[tuple[Input, Any]], Any]]:
        """A row per city: its figures, and the amount it is adjusted to."""
        return [
            (city, [(row, self[f"v:{row.key}:{city.code}"]) for row in self.inputs], self[f"a:{city.code}"])
            for city in self.cities
        ]

    def pilot_fields(self) -> list[Any]:
        return [self[f"p:{pilot.pk}"] for pilot in self.pilots]


class SupplierLimitsForm(AdjustedForm):
    """A factor per rating, a reserve for excellent suppliers, and each supplier's rating (`r:<id>`; "": left out)."""

    reserve = MoneyFormField(label="优秀供应商预留", help_text="平均加给评为优秀的供应商")

    def __init__(
        self,
        *args: Any,
        ratings: Sequence[Rating] = (),
        suppliers: Sequence[tuple[int, str]] = (),
        **kwargs: Any,
    ) -> None:
        """`suppliers`: id and name."""
        super().__init__(*args, **kwargs)
        self.ratings, self.suppliers = list(ratings), list(suppliers)
        for row in self.ratings:
            factor = forms.DecimalField(label=f"{row.title}系数", min_value=0, max_digits=5, decimal_places=3)
            self._add(f"f:{row.key}", factor)
        choices = [("", "不在本次方案内"), *((row.key, row.title) for row in self.ratings)]
        for pk, name in self.suppliers:
            self._add(f"r:{pk}", forms.ChoiceField(label=f"{name}评价", choices=choices, required=False))
        self.add_adjustments([(str(pk), name) for pk, name in self.suppliers])

    def factors(self) -> dict[str, Decimal]:
        return {row.key: self.cleaned_data[f"f:{row.key}"] for row in self.ratings}

    def rated(self) -> dict[int, str]:
        """Supplier id → rating, of those in the plan."""
        data = self.cleaned_data
        return {pk: data[f"r:{pk}"] for pk, _ in self.suppliers if data.get(f"r:{pk}")}

    def factor_fields(self) -> list[tuple[Rating, Any]]:
        return [(row, self[f"f:{row.key}"]) for row in self.ratings]


class ReallocationForm(PlatformForm):
    """Signed changes, `c:<dimension>`, and why."""

    reason = forms.CharField(label="理由", widget=forms.Textarea, max_length=2000)

    def __init__(self, *args: Any, rows: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        """`rows`: dimension and Chinese name."""
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for key, name in self.rows:
            self.fields[f"c:{key}"] = _amount(f"{name}变动", min_value=None, widget=MoneyInput(unit=""))

    def lines(self) -> Lines:
        return [(key, self.cleaned_data[f"c:{key}"]) for key, _ in self.rows if self.cleaned_data.get(f"c:{key}")]


class StopForm(PlatformForm):
    reason = forms.CharField(label="停止的理由", widget=forms.Textarea, required=False, max_length=2000)


class StatementFilter(FilterForm):
    q = forms.CharField(label="申请号", required=False, max_length=40)
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部种类"), *MovementKind.choices])
    since = forms.DateField(label="从", required=False)
    until = forms.DateField(label="到", required=False)
