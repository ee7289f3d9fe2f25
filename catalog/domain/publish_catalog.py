"""Make a catalog version final."""

from datetime import datetime

from catalog.enums import Event
from catalog.models import CatalogVersion
from catalog.permissions import check_user_can_edit_policy
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one


@command
def publish_catalog(*, version: CatalogVersion, by: Actor, at: datetime) -> CatalogVersion:
    """Its items are frozen from here on (S19/4.4.1, S19/annex.note1). Raises Refusal for an empty catalog."""
    version = lock_one(Rank.PROVINCE, CatalogVersion.objects.all(), pk=version.pk)
    check_user_can_edit_policy(by)
    count = version.items.count()
    if not count:
        raise Refusal(Finding("catalog.empty", "S19/4.4.1", "目录里还没有项目。", "请先录入项目。", title="目录是空的"))
    perform(version, "publish", at=at)
    record(by=by, at=at, event=Event.CATALOG_PUBLISHED, subject=version, data={"code": version.code, "items": count})
    return version
