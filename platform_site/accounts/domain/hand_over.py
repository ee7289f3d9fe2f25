"""A contact person leaves and passes the place on."""

from datetime import datetime

from platform_site.accounts.domain.invite import write_letter
from platform_site.accounts.domain.manage_members import end, lock_organisation, put_in
from platform_site.accounts.enums import Event, Purpose
from platform_site.accounts.models import Invitation, Membership
from platform_site.accounts.permissions import check_user_can_hand_over
from platform_site.accounts.policies import RULE
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal


@command
def hand_over(
    *,
    membership: Membership,
    by: Actor,
    at: datetime,
    to: Membership | None = None,
    email: str = "",
    name: str = "",
) -> Membership | Invitation:
    """Pass all roles on: at once to a colleague (`to`), or by a letter to `email`, effective on acceptance."""
    organisation = lock_organisation(membership.organisation_id)
    held = Membership.objects.select_related("organisation", "user").get(pk=membership.pk, active=True)
    check_user_can_hand_over(by, held)
    _check_successor(held, to, email)
    data = {"from": held.user_id, "to": to.user_id if to else None, "email": email}
    record(by=by, at=at, event=Event.HANDED_OVER, subject=held, data=data)
    if to is None:
        return write_letter(
            organisation=organisation,
            email=email,
            name=name,
            roles=held.roles,
            purpose=Purpose.HAND_OVER,
            hands_over=held,
            by=by,
            at=at,
        )
    successor = put_in(organisation=organisation, user=to.user, roles=held.roles, by=by, at=at)
    end(membership=held, ground=Purpose.HAND_OVER.label, by=by, at=at)
    return successor


def _check_successor(held: Membership, to: Membership | None, email: str) -> None:
    same_house = to is None or (to.organisation_id == held.organisation_id and to.active and not to.delegated)
    somebody = bool(email.strip()) if to is None else to.pk != held.pk
    if not (same_house and somebody) or email.strip().lower() == held.user.email.lower() != "":
        raise Refusal(
            Finding(
                code="hand_over.nobody",
                clause=RULE,
                title="没有选到接任的人",
                reason="接任的人要是本单位另一位在册成员，或一个还没有加入的邮箱。",
                remedy="请选择一位成员，或填写接任人的邮箱。",
                field="email" if to is None else "to",
            )
        )
