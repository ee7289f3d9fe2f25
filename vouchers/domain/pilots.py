"""Cluster pilots, as far as the queue needs them: who runs one, whom it serves, and with what raised cap."""

from datetime import datetime
from decimal import Decimal

from catalog.models import Period
from catalog.queries import terms_of_period
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one
from suppliers.models import Supplier
from vouchers.enums import AuditEvent
from vouchers.models import Enterprise, Pilot, PilotClient
from vouchers.permissions import check_user_can_draft_quota, check_user_can_sign_quota


@command
def register_pilot(
    *, name: str, period: Period, city_code: str, lead_supplier: Supplier, plan: str = "", by: Actor, at: datetime
) -> Pilot:
    """The province writes a pilot's application down (S19/5.6.18)."""
    check_user_can_draft_quota(by)
    pilot = Pilot.objects.create(
        name=name, period=period, city_id=city_code, lead_supplier=lead_supplier, plan=plan, created_at=at
    )
    record(by=by, at=at, event=AuditEvent.PILOT_REGISTERED, subject=pilot, data={"name": name})
    return pilot


@command
def review_pilot(*, pilot: Pilot, by: Actor, at: datetime) -> Pilot:
    check_user_can_draft_quota(by)
    return _walk(pilot, "review", AuditEvent.PILOT_REVIEWED, by=by, at=at)


@command
def start_pilot(*, pilot: Pilot, by: Actor, at: datetime) -> Pilot:
    """From now on its clients come first among the waiting, and use its budget."""
    check_user_can_sign_quota(by)
    return _walk(pilot, "start", AuditEvent.PILOT_STARTED, by=by, at=at)


@command
def end_pilot(*, pilot: Pilot, fulfilled: bool, by: Actor, at: datetime) -> Pilot:
    """Not fulfilled: clients who completed keep everything but the priority (S19/7.5.3)."""
    check_user_can_sign_quota(by)
    event = AuditEvent.PILOT_FULFILLED if fulfilled else AuditEvent.PILOT_FAILED
    return _walk(pilot, "fulfil" if fulfilled else "fail", event, by=by, at=at)


@command
def admit_client(
    *, pilot: Pilot, enterprise: Enterprise, cap: Decimal | None = None, by: Actor, at: datetime
) -> PilotClient:
    """Put an enterprise on the pilot's list, with its own raised cap where the province sets one (S19/5.6.21)."""
    check_user_can_draft_quota(by)
    refuse_if(_cap_findings(pilot, cap))
    client, _ = PilotClient.objects.update_or_create(
        pilot=pilot, enterprise=enterprise, defaults={"cap": cap, "admitted_at": at}
    )
    record(by=by, at=at, event=AuditEvent.PILOT_CLIENT, subject=pilot, data={"enterprise": enterprise.pk, "cap": cap})
    return client


def _cap_findings(pilot: Pilot, cap: Decimal | None) -> list[Finding]:
    highest = terms_of_period(pilot.period).pilot_enterprise_cap_max
    if cap is None or highest is None or cap <= highest:
        return []
    return [
        Finding(
            "pilot.cap_too_high",
            "S19/5.6.21",
            f"当期上限填的是 {cap:,.2f} 元，最高 {highest:,.2f} 元。",
            "请改小。",
            "cap",
            title="上限超过规定",
        )
    ]


def _walk(pilot: Pilot, verb: str, event: AuditEvent, *, by: Actor, at: datetime) -> Pilot:
    pilot = lock_one(Rank.PILOT, Pilot.objects.all(), pk=pilot.pk)
    perform(pilot, verb, at=at)
    record(by=by, at=at, event=event, subject=pilot)
    return pilot
