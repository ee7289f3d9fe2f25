"""An officer of the province looks at a sign and says what it was."""

from datetime import datetime

from monitoring.domain.judge_adoption import judge_adoption
from monitoring.enums import Event
from monitoring.models import Sign
from monitoring.permissions import check_user_can_decide_signs
from monitoring.queries.signs import unfrozen_verdicts, vouchers_in_doubt
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one

_DECIDED = ["reason", "decided_by", "decided_by_name", "decided_at", "dismissed_score"]


@command
def take_up_sign(*, sign: Sign, by: Actor, at: datetime, version: int | None = None) -> Sign:
    """Somebody looks at it now."""
    sign = _locked(sign, by, version)
    perform(sign, "take_up", at=at)
    record(by=by, at=at, event=Event.SIGN_TAKEN_UP, subject=sign.voucher, data={"kind": sign.kind})
    return sign


@command
def dismiss_sign(*, sign: Sign, reason: str, by: Actor, at: datetime, version: int | None = None) -> Sign:
    """There is an honest reason. It opens again only when the score rises well above today's."""
    return _decide(_locked(sign, by, version), "dismiss", Event.SIGN_DISMISSED, reason, by, at)


@command
def confirm_sign(*, sign: Sign, reason: str, by: Actor, at: datetime, version: int | None = None) -> Sign:
    """It is what it looks like. The verdict stays with a person; what follows is decided by the city (S19/7.5.1)."""
    return _decide(_locked(sign, by, version), "confirm", Event.SIGN_CONFIRMED, reason, by, at)


@command
def reopen_sign(*, sign: Sign, reason: str, by: Actor, at: datetime, version: int | None = None) -> Sign:
    """New facts after the decision."""
    return _decide(_locked(sign, by, version), "reopen", Event.SIGN_REOPENED, reason, by, at)


def _decide(sign: Sign, verb: str, event: Event, reason: str, by: Actor, at: datetime) -> Sign:
    if not reason.strip():
        raise Refusal(_no_reason())
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


def _no_reason() -> Finding:
    return Finding(
        code="sign.no_reason",
        clause="D/8",
        title="请写核实情况",
        reason="没有写怎么核实的、结果怎样。",
        remedy="写明看了什么、问了谁、依据是什么。",
        field="reason",
    )
