"""What the pages of editions and catalog versions do alike: carry a step out, show who signed, what may be done now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from catalog.enums import Event
from catalog.forms import ReasonForm
from catalog.models.two_people import TwoPeopleDraft
from catalog.permissions import user_can_edit_policy, user_can_sign_policy
from catalog.policies import check_second_person
from catalog.rules.parameter_words import label_of
from platform_site.audit.queries import trail_of
from platform_site.kit import clock
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import obj_state

D = TypeVar("D", bound=TwoPeopleDraft)


@dataclass(frozen=True, slots=True)
class Kind(Generic[D]):
    """A kind of draft that two people make. name: of the command's argument; route: its page; found: the draft this
    person may see, else Http404; shown: its page, with what a refused step said."""

    name: str
    route: str
    found: Callable[[HttpRequest, int], D]
    shown: Callable[[HttpRequest, D, list[Finding]], HttpResponse]

    def take(self, request: HttpRequest, pk: int, command: Callable[..., Any], words: str, **more: Any) -> HttpResponse:
        """One step: on the page again with `words`, or with what stands in the way (422)."""
        row = self.found(request, pk)
        refused = carried_out(request, command, words, **{self.name: row}, **more)
        if refused:
            return self.shown(request, self.found(request, pk), refused)
        return redirect(self.route, row.pk)

    def take_with_reason(
        self, request: HttpRequest, pk: int, command: Callable[..., Any], words: str, **more: Any
    ) -> HttpResponse:
        return self.take(request, pk, command, words, reason=request.POST.get("reason", ""), **more)


def desk_of(row: TwoPeopleDraft, actor: Actor, refused: list[Finding], missing: list[Finding]) -> dict[str, Any]:
    """What both pages show beside the comparison. `missing`: what a draft still lacks before it is handed in."""
    return {
        "refused": refused,
        "missing": missing if obj_state(row) == "draft" else [],
        "two": two_people(row),
        "reason_form": ReasonForm(),
        "entries": trail(row),
        **may_now(row, actor),
    }


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


_WORDS = {"title": "名称", "notes": "说明", "document_id": "依据文件", "catalog_code": "产品目录"}


def _what(data: Mapping[str, Any]) -> str:
    """The reason, or what was changed: numbers of an edition by name, items of a catalog by number."""
    changed = [f"第 {key} 项" if key.isdigit() else _WORDS.get(key) or label_of(key) for key in data.get("changed", ())]
    if "number" in data:
        changed = [f"第 {data['number']} 项{data['name']}"]
    return "，".join(filter(None, ("、".join(changed), str(data.get("reason", "")))))


def trail(row: TwoPeopleDraft) -> list[dict[str, Any]]:
    """What happened to it, newest first, with reasons."""
    words = dict(Event.choices)
    return [
        {
            "at": entry.at,
            "who": entry.actor_label,
            "text": "：".join(filter(None, (words.get(entry.event, entry.event), _what(entry.data)))),
            "operation": entry.op,
        }
        for entry in trail_of(row)
    ]
