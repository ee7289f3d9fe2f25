"""Monitoring schemes from the draft to being in force, by two people (D/8, D/four_eyes)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog.domain import two_people
from catalog.models import Edition
from catalog.permissions import check_user_can_edit_policy, check_user_can_sign_policy
from monitoring.enums import Event
from monitoring.models import Scheme, SchemeSet
from monitoring.policies import scheme_draft_findings, unchanged_findings, uncovered_findings
from monitoring.queries.schemes import borrowed_schemes, origin_of, scheme_set_followed
from monitoring.rules.scheme_checks import NAMES, changed_numbers, check_scheme
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one

MAKER = ("drafted_by", "drafted_by_label", "drafted_at", "version")


@command
def draft_schemes(*, edition_code: str, note: str, by: Actor, at: datetime) -> SchemeSet:
    """A copy of what the edition is judged by now. Refused while another draft of the edition is open."""
    check_user_can_edit_policy(by)
    edition = lock_one(Rank.PROVINCE, Edition.objects.all(), code=edition_code)
    refuse_if(scheme_draft_findings(edition_code, note))
    origin = scheme_set_followed(edition_code)
    number = SchemeSet.objects.filter(edition_code=edition_code).count() + 1
    made = SchemeSet(edition_code=edition_code, number=number, note=note.strip(), state_since=at)
    two_people.made_by(made, by, at)
    made.save(force_insert=True)
    known = list(origin.schemes.all()) if origin else []
    Scheme.objects.bulk_create([*(_copy(row, made) for row in known), *_for_new_items(made, edition)])
    data = {"edition": edition_code, "number": number, "from": str(origin)}
    record(by=by, at=at, event=Event.SCHEMES_DRAFTED, subject=made, data=data)
    return made


@command
def amend_scheme(
    *,
    scheme_set: SchemeSet,
    item_number: int,
    changes: Mapping[str, Any],
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Scheme:
    """Change numbers of one item in a draft. Raises Refusal with every number that cannot be."""
    scheme_set = _locked(scheme_set, version)
    check_user_can_edit_policy(by)
    two_people.refuse_unless_draft(scheme_set)
    row = scheme_set.schemes.get(item_number=item_number)
    before = {name: getattr(row, name) for name in NAMES}
    after = {**before, **{name: changes[name] for name in NAMES if name in changes}}
    refuse_if(check_scheme(row.kind, after))
    told = changed_numbers(row.kind, before, after)
    for name, _, value in told:
        setattr(row, name, value)
    row.save()
    two_people.made_by(scheme_set, by, at)
    scheme_set.version += 1
    scheme_set.save(update_fields=MAKER)
    data = {"item": item_number, "changed": {name: [str(old), str(new)] for name, old, new in told}}
    record(by=by, at=at, event=Event.SCHEME_AMENDED, subject=scheme_set, data=data)
    return row


@command
def hand_in_schemes(*, scheme_set: SchemeSet, by: Actor, at: datetime, version: int | None = None) -> SchemeSet:
    """To the second person. Refused when nothing differs from what is in force."""
    scheme_set = _locked(scheme_set, version)
    refuse_if([*unchanged_findings(scheme_set, origin_of(scheme_set)), *uncovered_findings(scheme_set)])
    scheme_set = two_people.hand_in(scheme_set, by=by, at=at)
    record(by=by, at=at, event=Event.SCHEMES_HANDED_IN, subject=scheme_set)
    return scheme_set


@command
def sign_schemes(*, scheme_set: SchemeSet, by: Actor, at: datetime, version: int | None = None) -> SchemeSet:
    """The second person's signature (D/four_eyes)."""
    scheme_set = two_people.sign(_locked(scheme_set, version), by=by, at=at)
    data = {"drafted_by": scheme_set.drafted_by, "handed_in_by": scheme_set.handed_in_by}
    record(by=by, at=at, event=Event.SCHEMES_SIGNED, subject=scheme_set, data=data)
    return scheme_set


@command
def send_back_schemes(
    *, scheme_set: SchemeSet, reason: str, by: Actor, at: datetime, version: int | None = None
) -> SchemeSet:
    """To the draft again, with the reason."""
    scheme_set = two_people.send_back(_locked(scheme_set, version), reason=reason, by=by, at=at)
    record(by=by, at=at, event=Event.SCHEMES_SENT_BACK, subject=scheme_set, data={"reason": scheme_set.reason})
    return scheme_set


@command
def withdraw_schemes(
    *, scheme_set: SchemeSet, reason: str, by: Actor, at: datetime, version: int | None = None
) -> SchemeSet:
    """Give a draft up; its number is not used again."""
    scheme_set = two_people.withdraw(_locked(scheme_set, version), reason=reason, by=by, at=at)
    record(by=by, at=at, event=Event.SCHEMES_WITHDRAWN, subject=scheme_set, data={"reason": scheme_set.reason})
    return scheme_set


@command
def publish_schemes(*, scheme_set: SchemeSet, by: Actor, at: datetime, version: int | None = None) -> SchemeSet:
    """In force for applications that arrive from now on; earlier ones keep theirs (S19/4.4.4)."""
    scheme_set = _locked(scheme_set, version)
    check_user_can_sign_policy(by)
    scheme_set.in_force_from = scheme_set.published_at = at
    perform(scheme_set, "publish", at=at, save=["in_force_from", "published_at"])
    data = {"edition": scheme_set.edition_code, "number": scheme_set.number}
    record(by=by, at=at, event=Event.SCHEMES_PUBLISHED, subject=scheme_set, data=data)
    return scheme_set


def _copy(row: Scheme, made: SchemeSet, item_number: int | None = None) -> Scheme:
    values = {name: getattr(row, name) for name in ("item_number", "kind", "clause", *NAMES)}
    return Scheme(scheme_set=made, **values | ({"item_number": item_number} if item_number else {}))


def _for_new_items(made: SchemeSet, edition: Edition) -> list[Scheme]:
    """Items the edition's catalog brings: begun with what they have borrowed so far, to be gone through."""
    return [_copy(row, made, item.number) for _, item, row in borrowed_schemes([edition])]


def _locked(scheme_set: SchemeSet, version: int | None) -> SchemeSet:
    found = lock_one(Rank.PROVINCE, SchemeSet.objects.all(), pk=scheme_set.pk)
    check_version(found, version)
    return found
