"""What the city and the supplier type."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from monitoring.rules.device_list import DeviceRow, device_rows
from platform_site.files.rules.text_inside import decoded, is_plain_text
from platform_site.kit.findings import Finding
from platform_site.kit.forms import FileInput, PlatformForm
from settlement.enums import FAULT_LABELS, OPINION_LABELS
from settlement.models import ReasonText
from vouchers.rules.returns import BY_HAND

CLAUSES = [
    ("S19/5.4.9", "2019方案 五(四)9：付款、发票、验收"),
    ("REF/4", "平台操作说明：付款人、收款人"),
    ("S19/7.5.1", "2019方案 七(五)1：重复或不实"),
    ("S19/5.4.10", "2019方案 五(四)10：供应商确认"),
    ("S19/annex.note2", "2019目录 说明2：接入设备数"),
]


class CheckForm(PlatformForm):
    """The first signature: opinion, ticks, all reasons at once."""

    opinion = forms.ChoiceField(
        label="意见",
        choices=[(o.value, label) for o, label in OPINION_LABELS.items()],
        widget=forms.Select(attrs={"data-key": "o"}),
    )
    note = forms.CharField(label="说明", required=False, max_length=2000, widget=forms.Textarea)
    look_reason = forms.CharField(
        label="核实情况",
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        help_text="监测须人工核实时填写：逐条写怎么核实的、结果怎样。复核人能看到，随决定一起固定。",
    )
    reason_open = forms.BooleanField(label="补写的理由上次已提，仍未解决", required=False)
    fault = forms.ChoiceField(
        label="原因归属",
        required=False,
        choices=[("", "不予兑现时选择"), *((f.value, label) for f, label in FAULT_LABELS.items())],
    )
    reason = forms.CharField(label="补写的理由", required=False, max_length=1000, widget=forms.Textarea)
    reason_clause = forms.ChoiceField(label="条款", required=False, choices=CLAUSES)
    reason_remedy = forms.CharField(label="怎么办", required=False, max_length=500)
    texts: Any = forms.ModelMultipleChoiceField(
        label="常用理由", queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kept: QuerySet[ReasonText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["texts"].queryset = kept  # type: ignore[attr-defined]

    def ticked(self) -> dict[str, bool]:
        return dict.fromkeys(self.data.getlist("checked"), True)  # type: ignore[attr-defined]

    def still_open(self) -> set[str]:
        """Codes of reasons marked as named before and not resolved."""
        by_hand = {BY_HAND} if self.cleaned_data["reason_open"] else set()
        return {*self.data.getlist("still_open"), *by_hand}  # type: ignore[attr-defined]

    def reasons(self, checks: Iterable[Finding]) -> list[Finding]:
        """The findings marked as reasons, and the one written by hand."""
        named = set(self.data.getlist("because"))  # type: ignore[attr-defined]
        found = [finding for number, finding in enumerate(checks) if f"{number}:{finding.code}" in named]
        data = self.cleaned_data
        for text in data["texts"]:
            found.append(Finding(f"{BY_HAND}_{text.pk}", text.clause, text.reason, text.remedy, title=text.title))
        if data["reason"].strip():
            clause, remedy = data["reason_clause"] or "S19/6.2", data["reason_remedy"]
            title = "地市审核提出"
            found.append(Finding(BY_HAND, clause, data["reason"].strip(), remedy, title=title))
        return found


class SignForm(PlatformForm):
    note = forms.CharField(label="说明", required=False, max_length=2000, widget=forms.Textarea)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(PlatformForm):
    reason = forms.CharField(label="原因", max_length=1000, widget=forms.Textarea)


class ConfirmForm(PlatformForm):
    """The devices that serve the voucher, pasted or as a file; columns: number, name, side, address."""

    devices = forms.CharField(
        label="设备清单",
        required=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": "8"}),
        help_text="一行一台：设备编号, 名称, 位置（用户侧或云端侧）, IP 地址。可以从表格里直接粘贴。软件类应用不用填。",
    )
    file = forms.FileField(
        label="或上传 CSV", required=False, widget=FileInput(accept=".csv,.txt", max_bytes=2_000_000, kinds="CSV")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def rows(self) -> list[DeviceRow]:
        """Raises Refusal with every line that cannot be read."""
        listed = self.cleaned_data.get("file") or b""
        return list(device_rows(f"{self.cleaned_data['devices']}\n{decoded(listed)}"))

    def clean_file(self) -> bytes:
        """Excel saves CSV as UTF-8 with a mark or as GB18030: both are read."""
        upload = self.cleaned_data.get("file")
        content = b"" if upload is None else bytes(upload.read())
        if content and not is_plain_text(content):
            raise forms.ValidationError("这个文件不是文本，请另存为 CSV 后上传。")
        return content


class RejectForm(PlatformForm):
    reason = forms.CharField(label="理由", max_length=1000, widget=forms.Textarea)
    version = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(PlatformForm):
    upheld = forms.TypedChoiceField(
        label="结论",
        choices=[("no", "异议不成立"), ("yes", "异议成立")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    follow = forms.ChoiceField(
        label="异议成立时这一行",
        required=False,
        choices=[("", "请选择"), ("postpone", "转下一批"), ("drop", "不予兑付，服务券作废")],
    )
    answer = forms.CharField(label="答复", max_length=4000, widget=forms.Textarea, help_text="异议人能看到。")
