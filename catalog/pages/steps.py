"""What the pages of editions and catalog versions do alike: carry a step out, show who signed, what may be done now."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from catalog.enums import Event
from catalog.models.two_people import TwoPeopleDraft
from catalog.permissions import user_can_edit_policy, user_can_sign_policy
from catalog.policies import check_second_person
from platform_site.audit.queries import trail_of
from platform_site.kit import clock
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import obj_state


def form_version(request: HttpRequest) -> int | None:
    """The version the page was opened with; None: the form carries none."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else None


def carried_out(request: HttpRequest, command: Callable[..., Any], words: str, **more: Any) -> list[Finding]:
    """Run a command for the person at the page; the findings of a refusal, or none and a word on the next page."""
    at, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    try:
        command(by=actor, at=at, version=form_version(request), **more)
    except Refusal as refusal:
        return refusal.findings
    messages.success(request, words)
    return []


def may_now(row: TwoPeopleDraft, actor: Actor) -> dict[str, Any]:
    """Which buttons the page shows, and what keeps this person from signing."""
    state, edits = obj_state(row), user_can_edit_policy(actor)
    signing = check_second_person(row, actor.user_id) if state == "handed_in" and user_can_sign_policy(actor) else []
    may = {
        "may_edit": edits and state == "draft",
        "may_hand_in": edits and state == "draft",
        "may_sign": user_can_sign_policy(actor) and state == "handed_in" and not signing,
        "signing": signing,
        "may_publish": user_can_sign_policy(actor) and state == "signed",
        "may_send_back": edits and state in ("handed_in", "signed"),
        "may_withdraw": edits and state == "draft",
        "may_copy": edits and state == "published",
    }
    return may | {"may": {name.removeprefix("may_"): value for name, value in may.items()}}


def two_people(row: TwoPeopleDraft) -> dict[str, Any]:
    """For the panel of the two signatures."""
    return {
        "first": row.handed_in_by_label or row.drafted_by_label,
        "first_at": row.handed_in_at or row.drafted_at,
        "first_note": "已提交" if row.handed_in_at else "起草中" if row.drafted_at else "",
        "second": row.signed_by_label,
        "second_at": row.signed_at,
        "loaded": row.drafted_by is None,
    }


def trail(row: TwoPeopleDraft) -> list[dict[str, Any]]:
    """What happened to it, newest first, with reasons."""
    words = dict(Event.choices)
    return [
        {
            "at": entry.at,
            "who": entry.actor_label,
            "text": "：".join(filter(None, (words.get(entry.event, entry.event), entry.data.get("reason", "")))),
            "operation": entry.op,
        }
        for entry in trail_of(row)
    ]
