"""An officer of the province looks at a sign and says what it was; ruling it out takes two."""

from datetime import datetime

from monitoring.domain.judge_adoption import judge_adoption
from monitoring.enums import Event
from monitoring.models import Sign
from monitoring.permissions import check_user_can_decide_signs
from monitoring.queries.signs import unfrozen_verdicts, vouchers_in_doubt
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one
from platform_site.messages.domain import notify

_DECIDED = ["reason", "decided_by", "decided_by_name", "decided_at", "dismissed_score"]
_PROPOSED = ["reason", "proposed_by", "proposed_by_name", "proposed_at"]


@command
def take_up_sign(*, sign: Sign, by: Actor, at: datetime, version: int | None = None) -> Sign:
    """Somebody looks at it now."""
    sign = _locked(sign, by, version)
    perform(sign, "take_up", at=at)
    record(by=by, at=at, event=Event.SIGN_TAKEN_UP, subject=sign.voucher, data={"kind": sign.kind})
    return sign


@command
def propose_dismissal(*, sign: Sign, reason: str, by: Actor, at: datetime, version: int | None = None) -> Sign:
    """There is an honest reason. The sign counts until somebody else agrees."""
    sign = _locked(sign, by, version)
    refuse_if(_no_reason(reason))
    sign.reason, sign.proposed_at = reason.strip(), at
    sign.proposed_by, sign.proposed_by_name = by.user_id, by.label
    perform(sign, "propose_dismissal", at=at, save=_PROPOSED)
    data = {"kind": sign.kind, "score": sign.score, "reason": sign.reason}
    record(by=by, at=at, event=Event.SIGN_DISMISSAL_PROPOSED, subject=sign.voucher, data=data)
    return sign


@command
def dismiss_sign(*, sign: Sign, by: Actor, at: datetime, version: int | None = None) -> Sign:
    """Another person agrees with the reason. It opens again only when the score rises well above today's."""
    sign = _locked(sign, by, version)
    refuse_if(_same_person(sign, by))
    return _decide(sign, "dismiss", Event.SIGN_DISMISSED, sign.reason, by, at)


@command
def send_back_sign(*, sign: Sign, reason: str, by: Actor, at: datetime, version: int | None = None) -> Sign:
    """Another person does not agree: it is looked at further."""
    sign = _locked(sign, by, version)
    refuse_if([*_no_reason(reason), *_same_person(sign, by)])
    sign.reason = reason.strip()
    perform(sign, "send_back", at=at, save=["reason"])
    record(
        by=by, at=at, event=Event.SIGN_SENT_BACK, subject=sign.voucher, data={"kind": sign.kind, "reason": sign.reason}
    )
    if sign.proposed_by:
        title, link = f"{sign.voucher.number} 疑点排除退回", f"/province/monitoring/{sign.voucher.number}/"
        notify(user_ids=[sign.proposed_by], title=title, body=sign.reason, link=link, at=at)
    return sign


@command
def confirm_sign(*, sign: Sign, reason: str, by: Actor, at: datetime, version: int | None = None) -> Sign:
    """It is what it looks like. The verdict stays with a person; what follows is decided by the city (S19/7.5.1)."""
    return _decide(_locked(sign, by, version), "confirm", Event.SIGN_CONFIRMED, reason, by, at)


@command
def reopen_sign(*, sign: Sign, reason: str, by: Actor, at: datetime, version: int | None = None) -> Sign:
    """New facts after the decision."""
    return _decide(_locked(sign, by, version), "reopen", Event.SIGN_REOPENED, reason, by, at)


def _decide(sign: Sign, verb: str, event: Event, reason: str, by: Actor, at: datetime) -> Sign:
    refuse_if(_no_reason(reason))
    before = vouchers_in_doubt([sign.voucher_id])
    sign.reason, sign.decided_at = reason.strip(), at
    sign.decided_by, sign.decided_by_name = by.user_id, by.label
    sign.dismissed_score = sign.score if verb == "dismiss" else None
    perform(sign, verb, at=at, save=_DECIDED)
    data = {"kind": sign.kind, "score": sign.score, "reason": sign.reason}
    record(by=by, at=at, event=event, subject=sign.voucher, data=data)
    if before != vouchers_in_doubt([sign.voucher_id]) and unfrozen_verdicts([sign.voucher_id]):
        judge_adoption(voucher=sign.voucher, by=by, at=at)
    return sign


def _locked(sign: Sign, by: Actor, version: int | None) -> Sign:
    check_user_can_decide_signs(by)
    around = ("voucher__product", "voucher__contract", "voucher__edition", "voucher__enterprise", "voucher__supplier")
    sign = lock_one(Rank.LEDGER, Sign.objects.select_related(*around), pk=sign.pk)
    check_version(sign, version)
    return sign


def _no_reason(reason: str) -> list[Finding]:
    if reason.strip():
        return []
    return [
        Finding(
            code="sign.no_reason",
            clause="D/8",
            title="请写核实情况",
            reason="没有写怎么核实的、结果怎样。",
            remedy="写明看了什么、问了谁、依据是什么。",
            field="reason",
        )
    ]


def _same_person(sign: Sign, by: Actor) -> list[Finding]:
    """Whoever proposes does not agree to it."""
    if by.user_id is not None and by.user_id != sign.proposed_by:
        return []
    return [
        Finding(
            code="sign.same_person",
            clause="D/four_eyes",
            title="要由另一个人复核",
            reason="这条排除是您自己提请的，提请和复核不能是同一个人。",
            remedy="请由另一位同事复核。",
        )
    ]
