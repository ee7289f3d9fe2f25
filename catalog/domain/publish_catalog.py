"""Make a catalog version final."""

from datetime import datetime

from catalog.enums import CatalogState, Event
from catalog.models import CatalogVersion
from catalog.permissions import check_user_can_sign_policy
from catalog.policies import check_catalog
from catalog.rules.windows import day_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from platform_site.kit.fsm import check_version, obj_state, perform
from platform_site.kit.locks import Rank, lock_one


@command
def publish_catalog(*, catalog: CatalogVersion, by: Actor, at: datetime, version: int | None = None) -> CatalogVersion:
    """Its items are frozen for good (S19/4.4.1, S19/annex.note1). Raises Refusal for an empty catalog."""
    catalog = lock_one(Rank.PROVINCE, CatalogVersion.objects.all(), pk=catalog.pk)
    check_user_can_sign_policy(by)
    check_version(catalog, version)
    if obj_state(catalog) == CatalogState.SIGNED:
        refuse_if(check_catalog(catalog))
    catalog.published_on, catalog.published_at = day_of(at), at
    perform(catalog, "publish", at=at, save=["published_on", "published_at"])
    data = {"code": catalog.code, "items": catalog.items.count()}
    record(by=by, at=at, event=Event.CATALOG_PUBLISHED, subject=catalog, data=data)
    return catalog
