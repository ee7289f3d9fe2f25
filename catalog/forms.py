"""Input shapes of the catalog: the calculator and the draft of a period."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from catalog.models import CatalogVersion, Edition, Item, Period
from catalog.rules.parameter_words import label_of, say_value, unit_of
from catalog.rules.terms import EditionTerms, Parameter
from platform_site.kit.forms import CountInput, MoneyInput, PlatformForm, dress

Choices = list[tuple[str, Any]]


class CalculatorForm(PlatformForm):
    """Nothing here is refused by the form itself: the assessment names every fault with its clause."""

    edition = forms.ChoiceField(label="政策", widget=forms.Select({"data-action": "submit"}))
    city = forms.ChoiceField(label="企业所在地", help_text="看营业执照上的登记地")
    item = forms.ChoiceField(label="应用产品类别")
    product_class = forms.ChoiceField(
        label="产品类别",
        help_text="问供应商，或查产品页；不影响金额的年度可以不选",
        choices=[("", "不知道"), ("A", "A 类"), ("B", "B 类")],
        required=False,
    )
    contract_amount = forms.CharField(label="合同额", widget=MoneyInput, help_text="合同写的总额")
    unrelated_amount = forms.CharField(
        label="其中：与这项应用无关的", widget=MoneyInput, required=False, help_text="没有就不填"
    )
    devices = forms.CharField(
        label="接入设备", widget=CountInput(unit="台"), required=False, help_text="按台计的项目才填"
    )
    cap_used = forms.CharField(label="本期已核定的其他券", widget=MoneyInput, required=False, help_text="没有就不填")
    revenue = forms.CharField(label="上年度主营业务收入", widget=MoneyInput, required=False)
    pilot = forms.BooleanField(label="这份合同在集群试点里", required=False)
    bonus = forms.BooleanField(label="通过了两化融合贯标，没有拿过省贯标奖补", required=False)

    def __init__(
        self, data: Mapping[str, Any], *, editions: Iterable[Edition], items: Iterable[Item], terms: EditionTerms
    ) -> None:
        begun = any(data.get(name) for name in ("city", "item", "contract_amount"))  # nothing is missing before that
        super().__init__(data if begun else None, initial={name: data[name] for name in data})
        self._choose("edition", [(edition.code, edition.title) for edition in editions])
        self._choose("city", [("", "请选择"), *_cities(terms)])
        self._choose("item", [("", "请选择"), *_items(items)])
        for name in self._not_asked(terms, data):
            del self.fields[name]

    def case_data(self) -> dict[str, Any]:
        """As the assessment reads it; what was not asked is left out."""
        names = {"product_class": "class"}
        typed = {name: self[name].value() for name in self.fields}
        return {names.get(name, name): value for name, value in typed.items() if value not in (None, "", False)}

    @property
    def filled(self) -> bool:
        return all(self[name].value() for name in ("city", "item", "contract_amount"))

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _not_asked(self, terms: EditionTerms, data: Mapping[str, Any]) -> list[str]:
        """Questions that this edition or item doesn't ask."""
        hidden = ["devices"] if terms.method == "tier" else []
        hidden += ["bonus"] if terms.bonus_amount is None else []
        hidden += ["revenue"] if terms.method == "rate" else ["product_class", "pilot"]
        if terms.method == "rate" and all(rate.product_class is None for rate in terms.rates):
            hidden.append("product_class")
        return hidden


def _cities(terms: EditionTerms) -> Choices:
    """Grouped by region; a city the edition leaves out can be chosen, and is then told why."""
    return [
        (
            region.title,
            [
                (code, f"{name}市（本年度不含）" if code in terms.excluded_cities else f"{name}市")
                for code, name in region.cities.items()
            ],
        )
        for region in terms.regions
    ]


def _items(items: Iterable[Item]) -> Choices:
    groups: dict[str, list[tuple[str, str]]] = {}
    for item in items:
        groups.setdefault(item.group, []).append((str(item.number), f"{item.number}　{item.name}"))
    return list(groups.items())


class PeriodForm(PlatformForm):
    """A draft; further fields `own_<key>` for what the edition lets a period set itself."""

    edition = forms.ChoiceField(label="政策版本")
    catalog_version = forms.ChoiceField(label="产品目录")
    code = forms.SlugField(label="代码", max_length=16, help_text="字母、数字和短横，例如 2020-1；定了不能改")
    title = forms.CharField(label="名称", max_length=80)
    apply_from = forms.DateTimeField(label="申领开始")
    apply_to = forms.DateTimeField(label="申领截止", help_text="到这一刻关闭，这一刻的提交不再受理")
    redeem_from = forms.DateTimeField(label="兑现开始")
    redeem_to = forms.DateTimeField(label="兑现截止")
    clause = forms.ChoiceField(label="时间依据")
    assumptions_confirmed = forms.BooleanField(
        label="已逐项确认推定的数值", help_text="沿用 2019 年的和平台默认的，见“政策版本”页", required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        editions: Iterable[Edition],
        versions: Iterable[CatalogVersion],
        clauses: Choices,
        varying: Iterable[Parameter],
        period: Period | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(period) if period else None)
        self._by_code = {edition.code: edition for edition in editions}
        self._versions = {version.code: version for version in versions}
        self._fill("edition", [(code, edition.title) for code, edition in self._by_code.items()])
        self._fill("catalog_version", [(code, version.title) for code, version in self._versions.items()])
        self._fill("clause", clauses)
        self.own_keys = [row.key for row in varying if type(row.value) is int]
        for row in varying:
            if row.key in self.own_keys:
                field = self.fields[f"own_{row.key}"] = _own_field(row, period)
                dress(field)
        if period is not None:
            del self.fields["code"]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [self[f"own_{key}"] for key in self.own_keys]

    def facts(self) -> dict[str, Any]:
        """For the command: edition and catalog as objects, own values as {key: {"value"}}."""
        cleaned = self.cleaned_data
        names = ("title", "apply_from", "apply_to", "redeem_from", "redeem_to", "assumptions_confirmed")
        own = {key: {"value": cleaned[f"own_{key}"]} for key in self.own_keys if cleaned[f"own_{key}"] is not None}
        return {name: cleaned[name] for name in names} | {
            "edition": self._by_code[cleaned["edition"]],
            "catalog_version": self._versions[cleaned["catalog_version"]],
            "parameters": own,
        }

    def _fill(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


def _own_field(row: Parameter, period: Period | None) -> forms.IntegerField:
    own = (period.parameters if period else {}).get(row.key, {}).get("value")
    return forms.IntegerField(
        label=label_of(row.key),
        help_text=f"不填就按 {say_value(row.key, row.value)}（平台规则）",
        min_value=0,
        required=False,
        initial=own,
        widget=CountInput(unit=unit_of(row.key)),
    )


def _initial(period: Period) -> dict[str, Any]:
    names = ("title", "apply_from", "apply_to", "redeem_from", "redeem_to", "assumptions_confirmed")
    return {name: getattr(period, name) for name in names} | {
        "edition": period.edition.code,
        "catalog_version": period.catalog_version.code,
        "clause": period.clause_id,
    }
