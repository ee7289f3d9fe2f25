"""The steps that an edition and a catalog version share: who drafted, handed in, signed; why it was sent back."""

from datetime import datetime
from typing import TypeVar

from catalog.domain.tell import makers_of, tell_makers, tell_signers
from catalog.models.two_people import TwoPeopleDraft
from catalog.permissions import check_user_can_edit_policy, check_user_can_sign_policy
from catalog.policies import check_reason, check_second_person
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import obj_state, perform

D = TypeVar("D", bound=TwoPeopleDraft)
HANDED_IN = ("handed_in_by", "handed_in_by_label", "handed_in_at")
SIGNED = ("signed_by", "signed_by_label", "signed_at")


def person(by: Actor) -> int:
    """The person's id. Raises Refusal where it is no person."""
    if by.user_id is None:
        raise Refusal(
            Finding("policy.needs_person", "D/four_eyes", "这一步要由人办理。", "请登录后办理。", title="没有经办人")
        )
    return by.user_id


def made_by(row: TwoPeopleDraft, by: Actor, at: datetime) -> None:
    """Whoever changes a draft becomes its maker; nothing is saved yet."""
    row.drafted_by, row.drafted_by_label, row.drafted_at = person(by), by.label, at


def refuse_unless_draft(row: TwoPeopleDraft) -> None:
    if obj_state(row) == "draft":
        return
    raise Refusal(
        Finding(
            "policy.frozen",
            "S19/4.4.4",
            f"现在的状态是“{row.get_state_display()}”，不能再改。",  # type: ignore[attr-defined]
            "已公布的要改，请起草一个新版本；待复核的请先退回草稿。",
            title="不能改",
        )
    )


def hand_in(row: D, *, by: Actor, at: datetime, told: bool = False) -> D:
    """The second persons hear of it, unless they are `told` already."""
    check_user_can_edit_policy(by)
    row.handed_in_by, row.handed_in_by_label, row.handed_in_at = person(by), by.label, at
    row.reason = ""
    row = perform(row, "hand_in", at=at, save=[*HANDED_IN, "reason"])
    if not told:
        tell_signers(row, by=by, at=at)
    return row


def sign(row: D, *, by: Actor, at: datetime, told: bool = False) -> D:
    check_user_can_sign_policy(by)
    refuse_if(check_second_person(row, by.user_id))
    row.signed_by, row.signed_by_label, row.signed_at = person(by), by.label, at
    row = perform(row, "sign", at=at, save=SIGNED)
    if not told:
        body = f"“{row}”已由{by.label}复核，可以公布。"
        tell_makers(row, makers_of(row), title="已复核", body=body, by=by, at=at)
    return row


def send_back(row: D, *, reason: str, by: Actor, at: datetime, told: bool = False) -> D:
    """To the draft again; both signatures fall away."""
    check_user_can_edit_policy(by)
    refuse_if(check_reason(reason))
    makers = makers_of(row)
    row.reason = reason.strip()
    row.handed_in_by, row.handed_in_by_label, row.handed_in_at = None, "", None
    row.signed_by, row.signed_by_label, row.signed_at = None, "", None
    row = perform(row, "send_back", at=at, save=["reason", *HANDED_IN, *SIGNED])
    if not told:
        body = f"“{row}”由{by.label}退回草稿：{row.reason}"
        tell_makers(row, makers, title="被退回", body=body, by=by, at=at)
    return row


def withdraw(row: D, *, reason: str, by: Actor, at: datetime) -> D:
    check_user_can_edit_policy(by)
    refuse_if(check_reason(reason))
    row.reason = reason.strip()
    return perform(row, "withdraw", at=at, save=["reason"])
