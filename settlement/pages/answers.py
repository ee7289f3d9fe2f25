"""What several pages answer alike: refusals, the trail, the life-line."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from platform_site.audit.models import Entry
from platform_site.audit.queries import trail_of
from platform_site.kit.findings import Finding, Refusal
from settlement.enums import EVENT_WORDS, RedemptionState
from settlement.models import Batch, NoticeList, Redemption
from vouchers.enums import AuditEvent

S = RedemptionState
_WORDS = {**{str(event): word for event, word in EVENT_WORDS.items()}, **dict(AuditEvent.choices)}


def carried_out(request: HttpRequest, step: Callable[[], Any], done: str) -> list[Finding]:
    """Do it; the findings of a refusal, or none and a word of success on the next page."""
    try:
        step()
    except Refusal as refusal:
        return refusal.findings
    messages.success(request, done)
    return []


def trail(*subjects: Redemption | NoticeList | Batch) -> list[dict[str, Any]]:
    """For the audit panel, newest first."""
    return [_audit_row(entry) for entry in trail_of(*subjects)]


def _audit_row(entry: Entry) -> dict[str, Any]:
    detail = entry.data.get("reason") or entry.data.get("note") or ""
    text = _WORDS.get(entry.event, entry.event) + (f"：{detail}" if detail else "")
    return {"at": entry.at, "who": entry.actor_label, "text": text, "operation": str(entry.op)[:8]}


_LINE = (
    ("提交", (S.DRAFT,)),
    ("供应商确认", (S.SUBMITTED, S.REJECTED, S.ESCALATED)),
    ("监测", (S.CONFIRMED,)),
    ("地市审核", (S.MONITORED, S.UNDER_REVIEW, S.RETURNED)),
    ("公示", (S.APPROVED, S.LISTED, S.ON_NOTICE, S.DISPUTED, S.POSTPONED)),
    ("兑付", (S.PAYABLE, S.CARRIED_OVER, S.PAYING, S.FAILED)),
    ("完成", (S.PAID,)),
)
_ENDED = (S.REFUSED, S.DROPPED, S.RECOVERING, S.RECOVERED)
_TURN = {
    S.DRAFT: ("您", "填好后提交"),
    S.SUBMITTED: ("供应商", "核对交付并接入监测"),
    S.REJECTED: ("您", "看供应商的理由，更正后再提交"),
    S.ESCALATED: ("供应商、地市", "地市正在催请供应商"),
    S.CONFIRMED: ("平台", "监测天数满了自动转地市"),
    S.MONITORED: ("地市", "形式审核"),
    S.UNDER_REVIEW: ("地市", "两人签名后决定"),
    S.RETURNED: ("您", "理由已一次列全，补正后再提交"),
    S.APPROVED: ("地市", "列入下一批名单公示"),
    S.LISTED: ("地市", "名单复核、发布"),
    S.ON_NOTICE: ("公众", "公示期满没有异议即可兑付"),
    S.DISPUTED: ("地市", "答复异议，其他行不受影响"),
    S.POSTPONED: ("地市", "列入下一批名单"),
    S.PAYABLE: ("地市", "编入结算批次"),
    S.CARRIED_OVER: ("地市", "资金到位后下一批优先"),
    S.PAYING: ("财政", "付款"),
    S.FAILED: ("地市", "核对账号后重新付款"),
    S.PAID: ("已完成", ""),
    S.HELD: ("地市", "核查结束后继续"),
}
_WARN = (S.REJECTED, S.ESCALATED, S.RETURNED, S.DISPUTED, S.FAILED, S.HELD)


def life_line(redemption: Redemption) -> dict[str, Any]:
    """Where it is, whose turn it is, until when."""
    state = S(redemption.held_from or redemption.state)
    now = next((place for place, (_, states) in enumerate(_LINE) if state in states), len(_LINE) - 1)
    over = state in (S.PAID, *_ENDED)
    turn, note = _TURN.get(S(redemption.state), ("已结束", ""))
    return {
        "steps": [
            {"label": label, "state": "done" if place < now or over else "now" if place == now else "todo", "when": ""}
            for place, (label, _) in enumerate(_LINE)
        ],
        "tone": "bad" if state in _ENDED else "warn" if redemption.state in _WARN else "",
        "turn": turn,
        "turn_note": redemption.hold_reason or note,
        "deadline_at": due_of(redemption),
    }


def due_of(redemption: Redemption) -> datetime | None:
    if redemption.state in (S.DRAFT, S.REJECTED):
        return redemption.period.redeem_to
    if redemption.state in (S.SUBMITTED, S.ESCALATED):
        return redemption.supplier_due_at
    return redemption.review_due_at if redemption.state in (S.MONITORED, S.UNDER_REVIEW) else None
