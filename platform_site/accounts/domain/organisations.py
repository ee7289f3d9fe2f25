"""Organisations come, change their name and go."""

import unicodedata
from datetime import datetime
from typing import NamedTuple

from platform_site.accounts.enums import Event
from platform_site.accounts.models import Organisation
from platform_site.accounts.permissions import (
    check_user_can_close_organisation,
    check_user_can_create_organisation,
)
from platform_site.accounts.rules.company_number import compact
from platform_site.accounts.rules.search_text import search_text
from platform_site.audit.domain import record, record_many
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one


def tidy_name(name: str) -> str:
    """Half-width brackets and digits where Unicode says so, single blanks; Chinese brackets as on business licences."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).replace("(", "（").replace(")", "）")


@command
def create_organisation(
    *,
    kind: str,
    name: str,
    area_code: str,
    uscc: str = "",
    parent: Organisation | None = None,
    by: Actor,
    at: datetime,
) -> Organisation:
    """A company (uscc needed, checked by the sign-up's policies) or, by platform and province only, a bureau."""
    check_user_can_create_organisation(by, kind)
    organisation = _new(kind, name, area_code, compact(uscc), parent, at)
    organisation.save(force_insert=True)
    record(by=by, at=at, event=Event.ORGANISATION_CREATED, subject=organisation, data=_told(organisation))
    return organisation


class Bureau(NamedTuple):
    """A bureau of the state or a body beside it, to be made."""

    kind: str
    name: str
    area_code: str


@command
def create_bureaus(*, rows: list[tuple[Bureau, Organisation | None]], by: Actor, at: datetime) -> list[Organisation]:
    """Many at once, each with the organisation it answers to."""
    for kind in {bureau.kind for bureau, _ in rows}:
        check_user_can_create_organisation(by, kind)
    new = [_new(bureau.kind, bureau.name, bureau.area_code, "", parent, at) for bureau, parent in rows]
    made = Organisation.objects.bulk_create(new)
    record_many(by=by, at=at, entries=[(Event.ORGANISATION_CREATED, one, _told(one)) for one in made])
    return made


def _new(kind: str, name: str, area_code: str, number: str, parent: Organisation | None, at: datetime) -> Organisation:
    tidy = tidy_name(name)
    return Organisation(
        kind=kind,
        name=tidy,
        area_code=area_code,
        uscc=number,
        parent=parent,
        search_text=search_text(tidy, number),
        state_since=at,
        created_at=at,
    )


def _told(made: Organisation) -> dict[str, str]:
    return {"kind": str(made.kind), "name": made.name, "uscc": made.uscc, "area_code": made.area_code}


@command
def rename_organisation(*, organisation: Organisation, name: str, by: Actor, at: datetime) -> Organisation:
    """After an approved change request; who may is checked by the caller, who holds that request."""
    found = lock_one(Rank.PROVINCE, Organisation.objects.all(), pk=organisation.pk)
    before, found.name = found.name, tidy_name(name)
    found.search_text = search_text(found.name, found.uscc)
    found.save(update_fields=["name", "search_text"])
    data = {"before": before, "after": found.name}
    record(by=by, at=at, event=Event.ORGANISATION_RENAMED, subject=found, data=data)
    return found


@command
def close_organisation(*, organisation: Organisation, ground: str, by: Actor, at: datetime) -> Organisation:
    """Nobody acts for it any more; what it did stays."""
    found = lock_one(Rank.PROVINCE, Organisation.objects.all(), pk=organisation.pk)
    check_user_can_close_organisation(by)
    perform(found, "close", at=at)
    record(by=by, at=at, event=Event.ORGANISATION_CLOSED, subject=found, data={"ground": ground})
    return found


@command
def reopen_organisation(*, organisation: Organisation, ground: str, by: Actor, at: datetime) -> Organisation:
    found = lock_one(Rank.PROVINCE, Organisation.objects.all(), pk=organisation.pk)
    check_user_can_close_organisation(by)
    perform(found, "reopen", at=at)
    record(by=by, at=at, event=Event.ORGANISATION_REOPENED, subject=found, data={"ground": ground})
    return found
