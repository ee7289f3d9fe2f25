"""The supplier confirms what it delivered and connects it to monitoring, or says why not; silence goes to the city."""

from datetime import datetime

from monitoring.domain import DeviceRow, SetUp, set_up_source
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one
from settlement.domain.reach import tell_city, tell_enterprise, tell_supplier
from settlement.enums import Event, RedemptionState
from settlement.models import Redemption
from settlement.permissions import check_is_platform, check_user_can_confirm, check_user_can_handle
from settlement.queries.redemptions import redemption_for_work


@command
def confirm_delivery(
    *, redemption: Redemption, devices: list[DeviceRow], by: Actor, at: datetime, version: int | None = None
) -> SetUp:
    """Confirm and set the data interface up (S19/5.4.10). The answer holds the key, which is shown this once."""
    before = redemption_for_work(redemption.pk)
    check_user_can_confirm(by, before)
    set_up = set_up_source(voucher=before.voucher, supplier=before.voucher.supplier, devices=devices, by=by, at=at)
    redemption = _locked(redemption, version)
    redemption.confirmed_at = at
    perform(redemption, "confirm", at=at, save=["confirmed_at"])
    record(by=by, at=at, event=Event.DELIVERY_CONFIRMED, subject=redemption, data={"devices": len(devices)})
    tell_enterprise(
        redemption,
        title="供应商已确认交付，开始监测",
        body=f"兑现号 {redemption.number}。达到使用要求后转地市审核。",
        at=at,
    )
    return set_up


@command
def reject_delivery(
    *, redemption: Redemption, reason: str, by: Actor, at: datetime, version: int | None = None
) -> Redemption:
    """Not delivered as claimed: back to the enterprise with the reason; its place and deadline are kept."""
    redemption = _locked(redemption, version)
    check_user_can_confirm(by, redemption)
    refuse_if(_reason_findings(reason))
    redemption.supplier_reason = reason.strip()
    perform(redemption, "reject", at=at, save=["supplier_reason"])
    record(by=by, at=at, event=Event.DELIVERY_REJECTED, subject=redemption, data={"reason": redemption.supplier_reason})
    tell_enterprise(redemption, title="供应商没有确认兑现，请核对", body=redemption.supplier_reason, at=at)
    return redemption


@command
def escalate_silent(*, redemption: Redemption, by: Actor, at: datetime) -> bool:
    """The supplier let its working days pass (platform default 10). False: there is nothing to escalate any more."""
    check_is_platform(by)
    redemption = _locked(redemption, None)
    due = redemption.supplier_due_at
    if redemption.state != RedemptionState.SUBMITTED or due is None or at <= due:
        return False
    perform(redemption, "escalate", at=at)
    record(by=by, at=at, event=Event.ESCALATED, subject=redemption, data={"due": due.isoformat()})
    tell_city(
        redemption.city_id,
        title=f"{redemption.number} 供应商逾期没有确认",
        body=f"{redemption.voucher.supplier.name}。企业的期限不受影响。",
        at=at,
        link=f"/city/redemptions/{redemption.pk}/",
    )
    return True


@command
def urge_supplier(*, redemption: Redemption, by: Actor, at: datetime) -> None:
    """The city reminds the supplier; once a day is enough."""
    redemption = _locked(redemption, None)
    check_user_can_handle(by, redemption.city_id)
    record(by=by, at=at, event=Event.SUPPLIER_URGED, subject=redemption)
    tell_supplier(
        redemption,
        title=f"请确认 {redemption.number} 的交付",
        body="已超过确认期限，地市工信部门请您尽快答复。",
        at=at,
        key=f"urge:{redemption.pk}:{at:%Y-%m-%d}",
    )


def _locked(redemption: Redemption, version: int | None) -> Redemption:
    lock_one(Rank.REDEMPTION, Redemption.objects.all(), pk=redemption.pk)
    locked = redemption_for_work(redemption.pk)
    check_version(locked, version)
    return locked


def _reason_findings(reason: str) -> list[Finding]:
    if reason.strip():
        return []
    return [
        Finding(
            "reject.no_reason",
            "S19/5.4.10",
            "没有写理由。",
            "请写明哪些内容没有交付或与实际不符。",
            "reason",
            title="请写理由",
        )
    ]
