"""Input of a period's draft."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from catalog.forms.parameter_fields import percent_field, percent_shown, share_text
from catalog.models import CatalogVersion, Edition, Period
from catalog.rules.city_matching import MATCHING, matching_shares
from catalog.rules.parameter_words import label_of, say_value, unit_of
from catalog.rules.terms import Parameter
from platform_site.kit.forms import CountInput, DateTimeInput, PlatformForm, dress

Choices = list[tuple[str, Any]]


class SecondsInput(DateTimeInput):
    """Windows open and shut to the second."""

    def __init__(self) -> None:
        super().__init__({"step": "1"})
        self.format = "%Y-%m-%dT%H:%M:%S"


class PeriodForm(PlatformForm):
    """A draft; further fields `own_<key>` for what the edition lets a period set itself, `matching_<city>` for what
    cities add of their own where the edition allows it (T18/4.4.5)."""

    edition = forms.ChoiceField(label="政策版本")
    catalog_version = forms.ChoiceField(label="产品目录")
    code = forms.SlugField(label="代码", max_length=16, help_text="字母、数字和短横，例如 2020-1；定了不能改")
    title = forms.CharField(label="名称", max_length=80)
    apply_from = forms.DateTimeField(label="申领开始", widget=SecondsInput, help_text="精确到秒")
    apply_to = forms.DateTimeField(
        label="申领截止", widget=SecondsInput, help_text="到这一刻关闭，这一刻的提交不再受理"
    )
    redeem_from = forms.DateTimeField(label="兑现开始", widget=SecondsInput)
    redeem_to = forms.DateTimeField(label="兑现截止", widget=SecondsInput)
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
        matching_cities: Sequence[tuple[str, str]] = (),
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
        self.matching_cities = [code for code, _ in matching_cities]
        shares = matching_shares(period.parameters) if period else {}
        for code, name in matching_cities:
            field = self.fields[f"matching_{code}"] = percent_field(f"{name}市", required=False)
            field.initial = percent_shown(shares.get(code))
            dress(field)
        if period is not None:
            del self.fields["code"]

    @property
    def matching_fields(self) -> list[forms.BoundField]:
        return [self[f"matching_{code}"] for code in self.matching_cities]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [self[f"own_{key}"] for key in self.own_keys]

    def facts(self) -> dict[str, Any]:
        """For the command: edition and catalog as objects, own values as {key: {"value"}}."""
        cleaned = self.cleaned_data
        names = ("title", "apply_from", "apply_to", "redeem_from", "redeem_to", "assumptions_confirmed")
        own = {key: {"value": cleaned[f"own_{key}"]} for key in self.own_keys if cleaned[f"own_{key}"] is not None}
        shares = {code: share_text(cleaned[f"matching_{code}"]) for code in self.matching_cities}
        if shares := {code: share for code, share in shares.items() if share is not None}:
            own[MATCHING] = {"value": shares}
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
