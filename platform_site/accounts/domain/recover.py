"""A company's contact is gone; the responsible bureau checks who speaks for it now and lets that person in."""

from datetime import datetime

from platform_site.accounts.domain.invite import write_letter
from platform_site.accounts.domain.manage_members import lock_organisation
from platform_site.accounts.enums import ADMIN_OF_KIND, Event, Purpose
from platform_site.accounts.models import Organisation, Recovery
from platform_site.accounts.permissions import check_user_can_recover
from platform_site.accounts.queries import member_ids
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.messages.domain import notify


@command
def open_recovery(
    *,
    organisation: Organisation,
    name: str,
    phone: str,
    email: str,
    ground: str,
    ends_previous: bool,
    by: Actor,
    at: datetime,
) -> Recovery:
    """Invite the new contact as administrator. `ground`: how the official made sure (licence seen, company called).

    Everybody who has access now is told at once, so that a wrong recovery does not stay unnoticed.
    """
    locked = lock_organisation(organisation.pk)
    check_user_can_recover(by, locked)
    assert by.user_id is not None  # noqa: S101  officials have both
    assert by.organisation_id is not None  # noqa: S101
    recovery = Recovery.objects.create(
        organisation=locked,
        name=name.strip(),
        phone=phone.strip(),
        email=email.strip().lower(),
        ground=ground.strip(),
        ends_previous=ends_previous,
        opened_by_id=by.user_id,
        bureau_id=by.organisation_id,
        opened_at=at,
    )
    _write_letter(locked, recovery, by, at)
    _tell_members(locked, recovery, by, at)
    data = {"email": recovery.email, "ground": recovery.ground, "ends_previous": ends_previous}
    record(by=by, at=at, event=Event.RECOVERY_OPENED, subject=recovery, data=data)
    return recovery


def _write_letter(organisation: Organisation, recovery: Recovery, by: Actor, at: datetime) -> None:
    write_letter(
        organisation=organisation,
        email=recovery.email,
        name=recovery.name,
        roles=[str(ADMIN_OF_KIND[organisation.kind])],
        purpose=Purpose.RECOVERY,
        recovery=recovery,
        by=by,
        at=at,
    )


def _tell_members(organisation: Organisation, recovery: Recovery, by: Actor, at: datetime) -> None:
    consequence = "新联系人接受邀请后，现有成员的权限将停用。" if recovery.ends_previous else "现有成员的权限不变。"
    notify(
        user_ids=member_ids(organisation.pk),
        organisation_id=organisation.pk,
        title=f"{by.organisation_name}正在为{organisation.name}办理账号找回",
        body=f"经核实，将邀请 {recovery.name} 担任管理员。{consequence}"
        f"如果不是贵单位申请的，请马上联系{by.organisation_name}。",
        key=f"recovery:{recovery.pk}",
        at=at,
    )
