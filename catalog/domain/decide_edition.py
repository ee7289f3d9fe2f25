"""An edition's way from the draft to the second signature; a catalog that it brings goes along."""

from collections.abc import Callable
from datetime import datetime

from catalog.domain import two_people
from catalog.domain.decide_catalog import hand_in_catalog, send_back_catalog, sign_catalog
from catalog.enums import CatalogState, Event
from catalog.models import CatalogVersion, Edition
from catalog.policies import check_complete
from catalog.queries import catalog_used_by
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from platform_site.kit.fsm import check_version, obj_state
from platform_site.kit.locks import Rank, lock_one


@command
def hand_in_edition(*, edition: Edition, by: Actor, at: datetime, version: int | None = None) -> Edition:
    """To the second person. Raises Refusal with every number that is missing or does not fit."""
    edition = _locked(edition, version)
    refuse_if(check_complete(edition))
    _along(edition, CatalogState.DRAFT, hand_in_catalog, by=by, at=at)
    edition = two_people.hand_in(edition, by=by, at=at)
    record(by=by, at=at, event=Event.EDITION_HANDED_IN, subject=edition, data={"code": edition.code})
    return edition


@command
def sign_edition(*, edition: Edition, by: Actor, at: datetime, version: int | None = None) -> Edition:
    """The second person's signature (D/four_eyes)."""
    edition = _locked(edition, version)
    _along(edition, CatalogState.HANDED_IN, sign_catalog, by=by, at=at)
    edition = two_people.sign(edition, by=by, at=at)
    data = {"code": edition.code, "drafted_by": edition.drafted_by, "handed_in_by": edition.handed_in_by}
    record(by=by, at=at, event=Event.EDITION_SIGNED, subject=edition, data=data)
    return edition


@command
def send_back_edition(*, edition: Edition, reason: str, by: Actor, at: datetime, version: int | None = None) -> Edition:
    """To the draft again, with the reason; a signature given before falls away."""
    edition = _locked(edition, version)
    brought = catalog_used_by(edition)
    if brought and obj_state(brought) in (CatalogState.HANDED_IN, CatalogState.SIGNED):
        send_back_catalog(catalog=brought, reason=reason, by=by, at=at, told=True)
    edition = two_people.send_back(edition, reason=reason, by=by, at=at)
    record(by=by, at=at, event=Event.EDITION_SENT_BACK, subject=edition, data={"reason": edition.reason})
    return edition


@command
def withdraw_edition(*, edition: Edition, reason: str, by: Actor, at: datetime, version: int | None = None) -> Edition:
    """Give a draft up, with the reason. It stays for the record; its code is not used again."""
    edition = two_people.withdraw(_locked(edition, version), reason=reason, by=by, at=at)
    record(by=by, at=at, event=Event.EDITION_WITHDRAWN, subject=edition, data={"reason": edition.reason})
    return edition


def _locked(edition: Edition, version: int | None) -> Edition:
    found = lock_one(Rank.PROVINCE, Edition.objects.all(), pk=edition.pk)
    check_version(found, version)
    return found


def _along(
    edition: Edition, state: CatalogState, step: Callable[..., CatalogVersion], *, by: Actor, at: datetime
) -> None:
    brought = catalog_used_by(edition)
    if brought and obj_state(brought) == state:
        step(catalog=brought, by=by, at=at, told=True)
