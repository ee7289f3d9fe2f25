"""Forms of the platform: one renderer, one set of widgets, and errors that are findings with clause and remedy."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template import TemplateDoesNotExist

from platform_site.kit.findings import Finding, Refusal


class PlatformFormRenderer(TemplatesSetting):
    """The project's templates first, Django's own widget templates where the project has none."""

    field_template_name = "django/forms/field.html"
    form_template_name = "django/forms/form.html"

    def __init__(self) -> None:
        self._django_own = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return self._django_own.get_template(template_name)


# ---- widgets ------------------------------------------------------------------------------------------------
class MoneyInput(forms.TextInput):
    """Yuan with thousands separators; full-width digits, commas and a trailing 元 are understood."""

    unit = "元"

    def __init__(self, attrs: dict[str, Any] | None = None, *, unit: str = "元") -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "data-money": "", **(attrs or {})})
        self.unit = unit

    def format_value(self, value: Any) -> str | None:
        if value in (None, ""):
            return None
        try:
            return f"{Decimal(str(value)):,.2f}"
        except InvalidOperation:
            return str(value)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = super().value_from_datadict(data, files, name)
        return _plain_number(typed) if isinstance(typed, str) else typed


class CountInput(forms.NumberInput):
    """A whole number with its unit behind (台, 件, 天)."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, unit: str = "") -> None:
        super().__init__({"inputmode": "numeric", "step": "1", "min": "0", **(attrs or {})})
        self.unit = unit


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"step": "60", **(attrs or {})}, format="%Y-%m-%dT%H:%M")


class FileInput(forms.FileInput):
    """accept and max_bytes are printed as a hint and checked in the browser before anything is sent.

    existing: what was uploaded before, each with .name .size .url (and .remove_url or None).
    """

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, accept: str = "", max_bytes: int = 0, kinds: str = ""
    ) -> None:
        fixed = {"accept": accept, "data-max-bytes": str(max_bytes)} if max_bytes else {"accept": accept}
        super().__init__({**{k: v for k, v in fixed.items() if v}, **(attrs or {})})
        self.max_bytes = max_bytes
        self.kinds = kinds
        self.existing: list[Any] = []


class MultipleFileInput(FileInput):
    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """Several files at once; cleans to a list."""

    widget = MultipleFileInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [cleaned for file in files if (cleaned := super(MultipleFileField, self).clean(file, initial))]


class MoneyFormField(forms.DecimalField):
    widget = MoneyInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 14, "decimal_places": 2, "min_value": Decimal("0"), **kwargs})


_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")


def _plain_number(typed: str) -> str:
    return typed.translate(_FULL_WIDTH).replace(",", "").replace(" ", "").removesuffix("元").strip()


# ---- forms --------------------------------------------------------------------------------------------------
def finding_error(finding: Finding) -> ValidationError:
    """A form error that keeps its finding; pages print clause and remedy from it."""
    return ValidationError(finding.reason.replace("%", "%%"), code=finding.code, params={"finding": finding})


class PlatformFormMixin:
    """Control classes on every widget; no browser bubbles, since the server names all errors at once."""

    use_required_attribute = False
    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            dress(field)

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Each finding at its field, or on the whole form where it names none of this form."""
        for finding in findings:
            known = finding.field in self.fields  # type: ignore[attr-defined]
            self.add_error(finding.field if known else None, finding_error(finding))  # type: ignore[attr-defined]

    def add_refusal(self, refusal: Refusal) -> None:
        self.add_findings(refusal.findings)


class PlatformForm(PlatformFormMixin, forms.Form):
    """The base of every form."""


class PlatformModelForm(PlatformFormMixin, forms.ModelForm):
    """The base of forms over one model."""


class FilterForm(PlatformFormMixin, forms.Form):
    """For `FilterSet.Meta.form`: the same controls, in the filter bar."""


def _please(field: forms.Field) -> str:
    """What is missing, as a request: 请填写“合同编号”。"""
    if isinstance(field, forms.BooleanField):
        return f"请先勾选“{field.label}”。" if field.label else "请先勾选这一项。"
    chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    verb = "请选择" if chosen else "请上传" if isinstance(field, forms.FileField) else "请填写"
    return f"{verb}“{field.label}”。" if field.label else f"{verb}这一项。"


def dress(field: forms.Field) -> None:
    """Give a field the platform's widget and classes."""
    if isinstance(field, forms.DecimalField) and field.decimal_places == 2 and type(field.widget) is forms.NumberInput:
        field.widget = MoneyInput(field.widget.attrs)
    if isinstance(field, forms.DateField) and type(field.widget) is forms.DateInput:
        field.widget = DateInput(field.widget.attrs)
    if isinstance(field, forms.DateTimeField) and type(field.widget) is forms.DateTimeInput:
        field.widget = DateTimeInput(field.widget.attrs)
    field.error_messages["required"] = _please(field)
    css = _control_class(field.widget)
    attrs = field.widget.attrs
    attrs["class"] = f"{css} {attrs.get('class', '')}".strip()
    if isinstance(field.widget, forms.Textarea):
        attrs["rows"] = attrs["rows"] if attrs.get("rows", "10") != "10" else "3"
    if field.required and not isinstance(field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        attrs.setdefault("aria-required", "true")


def _control_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    if isinstance(widget, MoneyInput | forms.NumberInput):
        return "form-control num"
    return "form-control"
