"""Organisations come, change their name and go."""

import unicodedata
from datetime import datetime

from platform_site.accounts.enums import Event
from platform_site.accounts.models import Organisation
from platform_site.accounts.permissions import (
    check_user_can_close_organisation,
    check_user_can_create_organisation,
)
from platform_site.accounts.rules.company_number import compact
from platform_site.accounts.rules.search_text import search_text
from platform_site.audit.domain import record
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
    tidy = tidy_name(name)
    number = compact(uscc)
    organisation = Organisation.objects.create(
        kind=kind,
        name=tidy,
        area_code=area_code,
        uscc=number,
        parent=parent,
        search_text=search_text(tidy, number),
        state_since=at,
        created_at=at,
    )
    data = {"kind": str(kind), "name": tidy, "uscc": number, "area_code": area_code}
    record(by=by, at=at, event=Event.ORGANISATION_CREATED, subject=organisation, data=data)
    return organisation


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
