"""Input of an edition's draft: from which it is made, its words, and its numbers, group by group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from catalog.forms.parameter_fields import Inputs, Offer, inputs_for
from catalog.models import Edition, PolicyDocument
from catalog.rules.parameter_kinds import KINDS, Choices
from catalog.rules.parameter_words import label_of, unit_of
from catalog.rules.terms import Parameter
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.forms import PlatformForm, dress, finding_error


class DraftEditionForm(PlatformForm):
    parent = forms.ChoiceField(label="照哪个版本起草", help_text="数值全部抄过来，再逐项改")
    code = forms.SlugField(label="代码", max_length=16, help_text="字母、数字和短横，例如 2021；定了不能改")
    title = forms.CharField(label="名称", max_length=80)
    notes = forms.CharField(label="说明", required=False, max_length=1000, widget=forms.Textarea)

    def __init__(self, data: Mapping[str, Any] | None, *, parents: Iterable[Edition]) -> None:
        super().__init__(data)
        self.parents = {edition.code: edition for edition in parents}
        _choices(self.fields["parent"], [(code, edition.title) for code, edition in self.parents.items()])


class EditionWordsForm(PlatformForm):
    title = forms.CharField(label="名称", max_length=80)
    document = forms.ChoiceField(label="依据文件")
    catalog = forms.ChoiceField(label="产品目录")
    notes = forms.CharField(label="说明", required=False, max_length=1000, widget=forms.Textarea)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        edition: Edition,
        documents: Iterable[PolicyDocument],
        catalogs: list[tuple[str, str]],
    ) -> None:
        initial = {"document": edition.document_id, "catalog": edition.catalog_code}
        super().__init__(data, initial=initial | {"title": edition.title, "notes": edition.notes})
        _choices(self.fields["document"], [(one.label, one.title) for one in documents])
        _choices(self.fields["catalog"], catalogs)

    def changes(self) -> dict[str, Any]:
        names = {"document": "document_id", "catalog": "catalog_code"}
        return {names.get(name, name): value for name, value in self.cleaned_data.items()}


@dataclass(frozen=True, slots=True)
class Block:
    """One number as the page shows it: its fields one by one, or as rows of a table; its clause and note beside it,
    where they can be changed too."""

    row: Parameter
    label: str
    fields: list[forms.BoundField]
    columns: tuple[str, ...]
    lines: list[tuple[str, list[forms.BoundField]]]
    clause: forms.BoundField | None
    note: forms.BoundField | None

    @property
    def alone(self) -> bool:
        """One plain field: the panel's title says its name already."""
        return len(self.fields) == 1 and self.fields[0].widget_type in ("select", "money", "count", "date")


class ParameterForm(PlatformForm):
    """The numbers of one group. Nothing typed is lost: what cannot be used is named at its field and stays there."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, rows: Iterable[Parameter], offer: Offer, numbers_only: bool = False
    ) -> None:
        """numbers_only: clause and note stay as they are."""
        super().__init__(data)
        self.rows = {row.key: row for row in rows}
        self.inputs: dict[str, Inputs] = {}
        for key, row in self.rows.items():
            made = inputs_for(key, KINDS[key], row.value, label_of(key), unit_of(key), offer)
            self.inputs[key] = made
            self.fields |= made.fields | ({} if numbers_only else _beside(row))
        for field in self.fields.values():
            dress(field)

    def clean(self) -> dict[str, Any]:
        """What the fields themselves refuse becomes a finding with the number's clause."""
        for key, made in self.inputs.items():
            for name in made.fields:
                if name in self.errors:
                    problems = [self._cited(key, name, str(text)) for text in self.errors[name]]
                    del self.errors[name]
                    self.errors[name] = self.error_class([], renderer=self.renderer)
                    self.errors[name].data.extend(problems)  # type: ignore[attr-defined]
        return self.cleaned_data

    def parameters(self) -> list[Parameter]:
        """As the command takes them."""
        cleaned = self.cleaned_data
        return [
            Parameter(
                key,
                made.read(cleaned),
                cleaned.get(f"{key}__rests_on", self.rows[key].clause).strip(),
                cleaned.get(f"{key}__said", self.rows[key].note).strip(),
                self.rows[key].assumed,
                self.rows[key].may_vary,
            )
            for key, made in self.inputs.items()
        ]

    def add_refusal(self, refusal: Refusal) -> None:
        """A number's finding belongs to the first of its fields."""
        for finding in refusal.findings:
            first = next(iter(self.inputs[finding.field].fields), None) if finding.field in self.inputs else None
            if finding.code == "edition.clause_unknown" and finding.field in self.inputs:
                first = f"{finding.field}__rests_on"
            self.add_error(first, finding_error(finding))

    @property
    def blocks(self) -> list[Block]:
        return [self._block(key, made) for key, made in self.inputs.items()]

    def _block(self, key: str, made: Inputs) -> Block:
        return Block(
            row=self.rows[key],
            label=label_of(key),
            fields=[] if made.lines else [self[name] for name in made.fields],
            columns=made.columns,
            lines=[(word, [self[name] for name in names]) for word, names in made.lines],
            clause=self._beside(f"{key}__rests_on"),
            note=self._beside(f"{key}__said"),
        )

    def _beside(self, name: str) -> forms.BoundField | None:
        return self[name] if name in self.fields else None

    def _cited(self, key: str, name: str, text: str) -> ValidationError:
        reason = text if text.endswith("。") else f"{text}。"
        return finding_error(
            Finding(
                "edition.bad_value", self.rows[key].clause, f"“{label_of(key)}”：{reason}", "请按说明改正。", name,
                title="数值不能用",
            )
        )  # fmt: skip


def _beside(row: Parameter) -> dict[str, forms.Field]:
    listed = forms.TextInput({"list": "clauses", "autocomplete": "off"})
    return {
        f"{row.key}__rests_on": forms.CharField(label="依据", initial=row.clause, max_length=24, widget=listed),
        f"{row.key}__said": forms.CharField(label="说明", initial=row.note, max_length=200, required=False),
    }


def _choices(field: forms.Field, choices: Choices | list[tuple[str, str]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
