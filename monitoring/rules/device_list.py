"""The list of devices that a supplier names for a voucher."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address

from monitoring.enums import Side
from monitoring.rules.records import device_key, well_formed_subject
from platform_site.kit.findings import Finding

CLAUSE = "S19/5.4.10"
_SIDE_WORDS = {"用户侧": Side.USER, "云端侧": Side.CLOUD, "": Side.USER, "user": Side.USER, "cloud": Side.CLOUD}


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """device_id: serial number of the machine or gateway. address: where operators see it, "" if unknown."""

    device_id: str
    label: str = ""
    side: str = Side.USER
    address: str = ""


def device_rows(text: str) -> list[DeviceRow]:
    """One device a line: number, name, side, address; separated by commas or tabs, all but the number optional."""
    rows = []
    for line in csv.reader(io.StringIO(text.replace("，", ",").replace("\t", ","))):
        cells = [cell.strip() for cell in line] + [""] * 4
        if any(cells):
            rows.append(DeviceRow(device_key(cells[0]), cells[1][:80], _SIDE_WORDS.get(cells[2], cells[2]), cells[3]))
    return rows


def list_findings(rows: Iterable[DeviceRow], *, devices_wanted: bool) -> list[Finding]:
    """What is wrong with the list itself."""
    rows = list(rows)
    found = [_none_listed()] if devices_wanted and not rows else []
    for row in rows:
        found += _row_findings(row)
    twice = [key for key, times in Counter(device_key(row.device_id) for row in rows).items() if times > 1]
    return found + [_finding("device.twice", f"编号 {key} 写了两次", "删去重复的一行。") for key in twice if key]


def _row_findings(row: DeviceRow) -> list[Finding]:
    found = []
    if not well_formed_subject(device_key(row.device_id)):
        shown = row.device_id[:40] or "（空）"
        found.append(
            _finding(
                "device.form", f"编号 {shown} 不合规", "写机器或网关的序列号：字母、数字和 . _ - : @，最多 64 个字符。"
            )
        )
    if row.side not in list(Side):
        found.append(
            _finding("device.side", f"{row.device_id} 的位置写的是“{row.side[:20]}”", "写“用户侧”或“云端侧”。")
        )
    if row.address and not _is_address(row.address):
        found.append(_finding("device.address", f"{row.device_id} 的地址不是 IP 地址", "写 IP 地址，或者留空。"))
    return found


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _none_listed() -> Finding:
    return _finding("device.none", "没有填写设备", "这项应用按设备监测，请填写接入的设备编号。", title="设备清单是空的")


def _finding(code: str, reason: str, remedy: str, title: str = "设备清单要修改") -> Finding:
    return Finding(code=code, clause=CLAUSE, title=title, reason=f"{reason}。", remedy=remedy, field="devices")
