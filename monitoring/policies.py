"""May it happen now: every finding against it."""

from collections.abc import Sequence
from datetime import datetime

from monitoring.enums import SourceState
from monitoring.models import Source, Verdict
from monitoring.queries import devices_taken, terms_of
from monitoring.rules.device_list import CLAUSE, DeviceRow, list_findings
from monitoring.rules.records import device_key
from monitoring.rules.signature import SKEW_SECONDS, well_formed_nonce
from platform_site.kit.findings import Finding
from suppliers.models import Supplier
from vouchers.models import Voucher


def set_up_findings(voucher: Voucher, supplier: Supplier, devices: Sequence[DeviceRow]) -> list[Finding]:
    """Against setting up the interface of a voucher with these devices."""
    found = [] if voucher.supplier_id == supplier.pk else [_other_supplier()]
    return found + device_findings(voucher, devices, devices_wanted=terms_of(voucher).by_device)


def device_findings(voucher: Voucher, devices: Sequence[DeviceRow], *, devices_wanted: bool) -> list[Finding]:
    """Against the list, and against devices that serve another voucher (S19/4.1.4)."""
    keys = [device_key(row.device_id) for row in devices]
    taken = devices_taken(keys, voucher).values_list("device_id", flat=True)
    return list_findings(devices, devices_wanted=devices_wanted) + [_taken(key) for key in taken]


def source_findings(source: Source) -> list[Finding]:
    """Against receiving more data."""
    if source.state != SourceState.CLOSED:
        return []
    return [
        Finding(
            code="source.closed",
            clause="S19/5.4.13",
            title="监测已结束",
            reason="这张券的监测已经结束，不再接收数据。",
            remedy="停止发送；对结束有疑问的，请联系券所在地市。",
        )
    ]


def time_findings(timestamp: str, nonce: str, at: datetime) -> list[Finding]:
    """Against the time and the form of the nonce of a signed call."""
    found = []
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(int(timestamp[:12]) - at.timestamp()) > SKEW_SECONDS:
        found.append(
            Finding(
                code="timestamp.skew",
                clause=CLAUSE,
                title="时间不在允许范围",
                reason=f"时间戳与平台相差超过 {SKEW_SECONDS} 秒，或写法不对。平台时间 {int(at.timestamp())}。",
                remedy="校准服务器时钟，时间戳写 Unix 秒数，发送前再签名。",
            )
        )
    if not well_formed_nonce(nonce):
        found.append(
            Finding(
                code="nonce.form",
                clause=CLAUSE,
                title="随机数不合规",
                reason="随机数要有 16 到 64 个字母、数字或 . _ ~ -。",
                remedy="每次发送生成一个新的随机数，例如 UUID。",
            )
        )
    return found


def freeze_findings(verdict: Verdict | None) -> list[Finding]:
    """Against recomputing or freezing again."""
    if verdict is None or verdict.frozen_at is None:
        return []
    return [
        Finding(
            code="verdict.frozen",
            clause="S19/5.4.13",
            title="监测结论已固定",
            reason="作出兑现决定时，监测结论已经固定，不再重算。",
            remedy="按已固定的结论办理；发现虚假数据的，按抽查程序处理。",
        )
    ]


def _other_supplier() -> Finding:
    return Finding(
        code="source.other_supplier",
        clause=CLAUSE,
        title="不是这张券的供应商",
        reason="只有合同的供应商可以接入这张券的监测。",
        remedy="请由合同的供应商办理。",
    )


def _taken(device_id: str) -> Finding:
    return Finding(
        code="device.taken",
        clause="S19/4.1.4",
        title="设备已登记在另一张券上",
        reason=f"编号 {device_id} 已经用于另一张有效的券，一台设备只能用于一张券。",
        remedy="核对序列号；确实是这台设备的，请先由登记方移除，或从清单中去掉。",
        field="devices",
    )
