"""What people type in: device lists, operators' files."""

from django import forms

from monitoring.connectors.operator_feed import MAX_BYTES
from monitoring.rules.device_list import DeviceRow, device_rows
from platform_site.kit.forms import FileInput, PlatformForm


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


class FeedForm(PlatformForm):
    """A file of connection records."""

    file = forms.FileField(
        label="连接记录",
        widget=FileInput(accept=".csv", max_bytes=MAX_BYTES, kinds="CSV"),
        help_text="第一行是列名：券号、设备编号、开始、结束、地址。当天没有看到连接的，“开始”只写日期，“结束”留空。",
    )
