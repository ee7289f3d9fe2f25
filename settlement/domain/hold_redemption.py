"""Stop a claim while something is investigated, and let it go on where it stood (platform default 11)."""

from datetime import datetime

from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one
from settlement.domain.reach import tell_enterprise
from settlement.enums import Event
from settlement.models import Redemption
from settlement.permissions import check_user_can_handle
from settlement.queries.redemptions import redemption_for_work


@command
def hold_redemption(*, redemption: Redemption, reason: str, by: Actor, at: datetime) -> Redemption:
    """Nothing is lost: invoices stay taken, the deadline is kept."""
    redemption = _locked(redemption)
    check_user_can_handle(by, redemption.city_id)
    refuse_if(_reason_findings(reason))
    redemption.held_from, redemption.hold_reason = redemption.state, reason.strip()
    perform(redemption, "hold", at=at, save=["held_from", "hold_reason"])
    record(by=by, at=at, event=Event.HELD, subject=redemption, data={"reason": reason, "from": redemption.held_from})
    tell_enterprise(redemption, title=f"{redemption.number} 暂停办理", body=redemption.hold_reason, at=at)
    return redemption


@command
def release_redemption(*, redemption: Redemption, by: Actor, at: datetime) -> Redemption:
    """Back to where it was held."""
    redemption = _locked(redemption)
    check_user_can_handle(by, redemption.city_id)
    verb = f"release_{redemption.held_from}"
    redemption.held_from = redemption.hold_reason = ""
    perform(redemption, verb, at=at, save=["held_from", "hold_reason"])
    record(by=by, at=at, event=Event.RELEASED, subject=redemption)
    tell_enterprise(redemption, title=f"{redemption.number} 继续办理", body="", at=at)
    return redemption


def _locked(redemption: Redemption) -> Redemption:
    lock_one(Rank.REDEMPTION, Redemption.objects.all(), pk=redemption.pk)
    return redemption_for_work(redemption.pk)


def _reason_findings(reason: str) -> list[Finding]:
    if reason.strip():
        return []
    return [Finding("hold.no_reason", "D/11", "没有写原因。", "请写明核查什么。", "reason", title="请写原因")]
