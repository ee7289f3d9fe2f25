"""What people type in: device lists, operators' files."""

from collections.abc import Iterable
from typing import Any

from django import forms

from catalog.models import Edition
from monitoring.connectors.operator_feed import MAX_BYTES
from monitoring.enums import ASKED_SIDES, SOURCE_KINDS, SUPPLIER_KINDS, SourceKind
from monitoring.models import Scheme
from monitoring.rules.device_list import DeviceRow, device_rows
from monitoring.rules.pull_address import MAX_ADDRESS
from monitoring.rules.scheme_checks import numbers_of
from monitoring.rules.wire import MAX_BODY
from platform_site.kit.forms import CountInput, FileInput, PlatformForm, dress


class DevicesForm(PlatformForm):
    """One device a line."""

    devices = forms.CharField(
        label="设备",
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text="每行一台：序列号，名称，位置（用户侧或云端侧），IP 地址。后三项可以不写。可从表格里整列粘贴。",
    )

    def rows(self) -> list[DeviceRow]:
        return device_rows(self.cleaned_data["devices"])


class SourceKindForm(PlatformForm):
    """The supplier sends, or the platform fetches from its endpoint."""

    kind = forms.ChoiceField(
        label="方式",
        choices=[(kind, label) for kind, label in SOURCE_KINDS if kind in SUPPLIER_KINDS],
        widget=forms.RadioSelect,
    )
    address = forms.CharField(
        label="接口地址",
        required=False,
        max_length=MAX_ADDRESS,
        help_text="选“平台拉取”时填写，例如 https://logs.example.com/usage。要公网可以访问，用可信的证书。",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == SourceKind.SUPPLIER_PULL and not data.get("address", "").strip():
            self.add_error("address", "请填写接口地址。")
        return data


class TrialForm(PlatformForm):
    """A batch to try, pasted or as a file; the file wins."""

    text = forms.CharField(
        label="粘贴一批",
        required=False,
        strip=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text="每行一个 JSON 对象，第一行写批次号。",
    )
    file = forms.FileField(
        label="或者上传文件",
        required=False,
        widget=FileInput(accept=".jsonl,.json,.txt,.gz", max_bytes=MAX_BODY, kinds="JSON 行，可以用 gzip 压缩"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("file") and not data.get("text", "").strip() and not self.errors:
            self.add_error("text", "请粘贴一批数据，或上传文件。")
        return data

    def content(self) -> bytes:
        upload = self.cleaned_data["file"]
        return upload.read() if upload else str(self.cleaned_data["text"]).encode()


class FeedForm(PlatformForm):
    """A file of connection records."""

    file = forms.FileField(
        label="连接记录",
        widget=FileInput(accept=".csv", max_bytes=MAX_BYTES, kinds="CSV"),
        help_text="第一行是列名：券号、设备编号、开始、结束、地址。当天没有看到连接的，“开始”只写日期，“结束”留空。",
    )


class DraftSchemesForm(PlatformForm):
    """Which edition's schemes are to change, and why."""

    edition_code = forms.ChoiceField(label="政策版本")
    note = forms.CharField(label="要改什么", max_length=200, help_text="例如：设备类每天 4 小时改为 6 小时")

    def __init__(self, data: Any, *, editions: Iterable[Edition]) -> None:
        super().__init__(data)
        field = self.fields["edition_code"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(edition.code, edition.title) for edition in editions]


class SchemeForm(PlatformForm):
    """The thresholds of one item that its kind has."""

    def __init__(self, data: Any, *, scheme: Scheme) -> None:
        super().__init__(data)
        for number in numbers_of(scheme.kind):
            shape: dict[str, Any] = {
                "label": number.label,
                "help_text": number.help,
                "initial": getattr(scheme, number.name),
            }
            self.fields[number.name] = (
                forms.DecimalField(max_digits=4, decimal_places=3, **shape)
                if number.share
                else forms.IntegerField(widget=CountInput(unit=number.unit), **shape)
            )
            dress(self.fields[number.name])


EVIDENCE: dict[str, Any] = {
    "accept": ".pdf,.jpg,.jpeg,.png,.xlsx,.csv",
    "max_bytes": 20 * 1024 * 1024,
    "kinds": "PDF、图片、表格",
}


class ContestForm(PlatformForm):
    """Why the verdict is wrong."""

    statement = forms.CharField(
        label="哪里不对",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写明哪些天、哪些设备或账号，实际是怎样的，为什么数据没有反映出来。",
    )
    evidence = forms.FileField(
        label="证据", widget=FileInput(**EVIDENCE), help_text="例如网关日志、设备运行记录、现场照片。"
    )


class ExplainForm(PlatformForm):
    """The supplier's side where two sources contradict each other."""

    explanation = forms.CharField(
        label="说明",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写明为什么和运营商的结果不同。只能提交一次。",
    )
    evidence = forms.FileField(label="材料", required=False, widget=FileInput(**EVIDENCE))


class AnswerForm(PlatformForm):
    """The city's answer."""

    result = forms.ChoiceField(
        label="结果",
        choices=[("uphold", "理由成立，转人工核实"), ("reject", "理由不成立，维持监测结论")],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label="核实情况和依据",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="企业和供应商都看得到，会留在记录里。",
    )

    def facts(self) -> dict[str, Any]:
        return {"upheld": self.cleaned_data["result"] == "uphold", "answer": self.cleaned_data["answer"]}


class SignReasonForm(PlatformForm):
    """What was looked at and what came out of it."""

    reason = forms.CharField(
        label="核实情况",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明看了什么、问了谁、依据是什么。只有省和地市看得到。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class QuestionForm(PlatformForm):
    """A question to the enterprise or the supplier."""

    side = forms.ChoiceField(label="问谁", choices=ASKED_SIDES, widget=forms.RadioSelect)
    text = forms.CharField(
        label="问题",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="对方看得到这段话，看不到疑点和分值。写明要说明什么、要什么材料。",
    )


ANSWER_FILE: dict[str, Any] = {
    "accept": ".pdf,.jpg,.jpeg,.png",
    "max_bytes": 20 * 1024 * 1024,
    "kinds": "PDF、JPG、PNG",
}


class ExplanationForm(PlatformForm):
    """The answer of whoever was asked."""

    text = forms.CharField(
        label="说明",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写明事实。只能提交一次。",
    )
    file = forms.FileField(label="材料", required=False, widget=FileInput(**ANSWER_FILE))
