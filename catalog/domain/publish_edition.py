"""Make an edition's numbers final, from a day on, together with the catalog it brings."""

from datetime import date, datetime

from catalog.domain.carry_products import carry_products
from catalog.domain.publish_catalog import publish_catalog
from catalog.enums import CatalogState, EditionState, Event
from catalog.models import CatalogVersion, Edition
from catalog.permissions import check_user_can_sign_policy
from catalog.policies import check_complete, check_effective
from catalog.queries import catalog_used_by
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import check_version, obj_state, perform
from platform_site.kit.locks import Rank, lock_one


@command
def publish_edition(
    *, edition: Edition, effective_from: date | None, by: Actor, at: datetime, version: int | None = None
) -> Edition:
    """Vouchers applied for in periods of this edition follow it; earlier ones keep theirs (S19/4.4.4). A catalog that
    was signed with it is published with it. Raises Refusal while a number, the day or the catalog is missing."""
    edition = lock_one(Rank.PROVINCE, Edition.objects.all(), pk=edition.pk)
    check_user_can_sign_policy(by)
    check_version(edition, version)
    brought = catalog_used_by(edition)
    if obj_state(edition) == EditionState.SIGNED:
        refuse_if([*check_effective(effective_from, at), *check_complete(edition), *_no_catalog(brought)])
        if brought and obj_state(brought) == CatalogState.SIGNED:
            publish_catalog(catalog=brought, by=by, at=at)
    edition.effective_from, edition.published_at = effective_from, at
    perform(edition, "publish", at=at, save=["effective_from", "published_at"])
    data = {"code": edition.code, "from": effective_from, "catalog": edition.catalog_code}
    if brought is not None:
        carry_products(edition=edition, target=brought, at=at)
    record(by=by, at=at, event=Event.EDITION_PUBLISHED, subject=edition, data=data)
    return edition


def _no_catalog(brought: CatalogVersion | None) -> list[Finding]:
    if brought and obj_state(brought) in (CatalogState.SIGNED, CatalogState.PUBLISHED):
        return []
    return [
        Finding(
            "edition.catalog_open",
            "S19/4.4.1",
            "这个版本用的产品目录还没有复核。",
            "请先复核目录，再公布。",
            "catalog_code",
            title="目录还没有复核",
        )
    ]
