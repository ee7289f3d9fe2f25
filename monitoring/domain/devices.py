"""The device list of a voucher under monitoring."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from monitoring.enums import Event
from monitoring.models import Device, Source
from monitoring.permissions import check_user_can_manage_source
from monitoring.policies import device_findings, source_findings
from monitoring.queries.sources import devices_left_behind, devices_of
from monitoring.rules.device_list import CLAUSE, DeviceRow
from monitoring.rules.records import device_key
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.locks import Rank, lock_one
from vouchers.models import Voucher


@command
def add_devices(*, source: Source, devices: Sequence[DeviceRow], by: Actor, at: datetime) -> int:
    """List more devices; those already listed are left as they are. Returns how many are new."""
    source = lock_one(Rank.LEDGER, Source.objects.select_related("supplier", "voucher"), pk=source.pk)
    check_user_can_manage_source(by, source)
    findings = device_findings(source.voucher, devices, devices_wanted=True)
    refuse_if([*source_findings(source), *findings])
    added = list_devices(voucher=source.voucher, devices=devices, at=at)
    record(by=by, at=at, event=Event.DEVICES_ADDED, subject=source.voucher, data={"devices": added})
    return len(added)


@command
def remove_device(*, source: Source, device_id: str, by: Actor, at: datetime) -> None:
    """Take a device off the list: it no longer counts, its days stay. Raises Refusal if it is not listed."""
    source = lock_one(Rank.LEDGER, Source.objects.select_related("supplier", "voucher"), pk=source.pk)
    check_user_can_manage_source(by, source)
    refuse_if(source_findings(source))
    removed = devices_of(source.voucher).filter(device_id=device_id).update(removed_at=at)
    if not removed:
        raise Refusal(_not_listed(device_id))
    record(by=by, at=at, event=Event.DEVICE_REMOVED, subject=source.voucher, data={"device": device_id})


def list_devices(*, voucher: Voucher, devices: Sequence[DeviceRow], at: datetime) -> list[str]:
    """Write the rows that are not listed yet, freeing them from vouchers that fell away. Returns the new numbers."""
    rows = {device_key(row.device_id): row for row in devices}
    devices_left_behind(rows, voucher).update(removed_at=at)
    listed = set(devices_of(voucher).filter(device_id__in=rows).values_list("device_id", flat=True))
    fresh = [key for key in rows if key not in listed]
    try:
        with transaction.atomic():
            Device.objects.bulk_create([_device(voucher, key, rows[key], at) for key in fresh])
    except IntegrityError as error:  # another voucher listed one of them between the check and now
        raise Refusal(device_findings(voucher, devices, devices_wanted=True)) from error
    return fresh


def _device(voucher: Voucher, key: str, row: DeviceRow, at: datetime) -> Device:
    return Device(
        voucher=voucher, device_id=key, label=row.label, side=row.side, address=row.address or None, added_at=at
    )


def _not_listed(device_id: str) -> Finding:
    return Finding(
        code="device.not_listed",
        clause=CLAUSE,
        title="清单里没有这台设备",
        reason=f"编号 {device_id[:64]} 不在这张券的清单里。",
        remedy="刷新页面看最新清单。",
    )
