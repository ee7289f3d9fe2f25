"""A catalog version's way from the draft to the second signature."""

from datetime import datetime

from catalog.domain import two_people
from catalog.enums import Event
from catalog.models import CatalogVersion
from catalog.policies import check_catalog
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from platform_site.kit.fsm import check_version
from platform_site.kit.locks import Rank, lock_one


@command
def hand_in_catalog(
    *, catalog: CatalogVersion, by: Actor, at: datetime, version: int | None = None, told: bool = False
) -> CatalogVersion:
    """To the second person. Raises Refusal with every item that cannot stay as it is. `told`, here and below: people
    hear of it already, together with the edition that brings it."""
    catalog = _locked(catalog, version)
    refuse_if(check_catalog(catalog))
    catalog = two_people.hand_in(catalog, by=by, at=at, told=told)
    record(by=by, at=at, event=Event.CATALOG_HANDED_IN, subject=catalog, data={"code": catalog.code})
    return catalog


@command
def sign_catalog(
    *, catalog: CatalogVersion, by: Actor, at: datetime, version: int | None = None, told: bool = False
) -> CatalogVersion:
    """The second person's signature (D/four_eyes)."""
    catalog = two_people.sign(_locked(catalog, version), by=by, at=at, told=told)
    data = {"code": catalog.code, "drafted_by": catalog.drafted_by, "handed_in_by": catalog.handed_in_by}
    record(by=by, at=at, event=Event.CATALOG_SIGNED, subject=catalog, data=data)
    return catalog


@command
def send_back_catalog(
    *, catalog: CatalogVersion, reason: str, by: Actor, at: datetime, version: int | None = None, told: bool = False
) -> CatalogVersion:
    """To the draft again, with the reason."""
    catalog = two_people.send_back(_locked(catalog, version), reason=reason, by=by, at=at, told=told)
    record(by=by, at=at, event=Event.CATALOG_SENT_BACK, subject=catalog, data={"reason": catalog.reason})
    return catalog


@command
def withdraw_catalog(
    *, catalog: CatalogVersion, reason: str, by: Actor, at: datetime, version: int | None = None
) -> CatalogVersion:
    """Give a draft up, with the reason."""
    catalog = two_people.withdraw(_locked(catalog, version), reason=reason, by=by, at=at)
    record(by=by, at=at, event=Event.CATALOG_WITHDRAWN, subject=catalog, data={"reason": catalog.reason})
    return catalog


def _locked(catalog: CatalogVersion, version: int | None) -> CatalogVersion:
    found = lock_one(Rank.PROVINCE, CatalogVersion.objects.all(), pk=catalog.pk)
    check_version(found, version)
    return found
