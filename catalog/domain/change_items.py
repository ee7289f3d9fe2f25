"""Items join a draft of the catalog and leave it, each with its reason (S19/annex.note1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog.domain.draft_catalog import copy_of, found_by, locked_draft, save_changed
from catalog.enums import Event
from catalog.models import CatalogVersion, Item
from catalog.policies import check_item_clause, check_reason
from catalog.queries import free_number, item_facts
from catalog.rules.item_checks import check_item
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if


@command
def add_item(
    *,
    catalog: CatalogVersion,
    facts: Mapping[str, Any],
    reason: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Item:
    """`facts`: every field of an item but its number, which the platform gives: a number never means two items. Raises
    Refusal with all that cannot be so."""
    catalog = locked_draft(catalog, by, version)
    item = Item(version=catalog, number=free_number(), **facts)
    item.search_text = found_by(item)
    refuse_if([*check_reason(reason), *check_item_clause(item.clause_id), *check_item(item_facts(item))])
    refuse_if(_group_findings(catalog, item))
    item.save(force_insert=True)
    _keep_reason(catalog, item, reason, by, at)
    data = {"number": item.number, "name": item.name, "clause": item.clause_id, "reason": reason.strip()}
    record(by=by, at=at, event=Event.ITEM_ADDED, subject=catalog, data=data)
    return item


@command
def take_out_item(
    *, catalog: CatalogVersion, number: int, reason: str, by: Actor, at: datetime, version: int | None = None
) -> CatalogVersion:
    """Applications for it end with the catalogs before; its products are not carried over (N20/5.1)."""
    catalog = locked_draft(catalog, by, version)
    refuse_if(check_reason(reason))
    item = _item(catalog, number)
    _keep_reason(catalog, item, reason, by, at)
    data = {"number": number, "name": item.name, "reason": reason.strip()}
    item.delete()
    record(by=by, at=at, event=Event.ITEM_TAKEN_OUT, subject=catalog, data=data)
    return catalog


@command
def put_item_back(*, catalog: CatalogVersion, number: int, by: Actor, at: datetime, version: int | None = None) -> Item:
    """As it is in the version that this one was made from."""
    catalog = locked_draft(catalog, by, version)
    kept = Item.objects.filter(version=catalog.origin_id, number=number).first() if catalog.origin_id else None
    if kept is None or Item.objects.filter(version=catalog, number=number).exists():
        raise Refusal(_nothing_to_do(number))
    item = copy_of(kept, catalog)
    item.save(force_insert=True)
    catalog.reasons = {key: reason for key, reason in catalog.reasons.items() if key != str(number)}
    save_changed(catalog, by, at, "reasons")
    record(by=by, at=at, event=Event.ITEM_PUT_BACK, subject=catalog, data={"number": number, "name": item.name})
    return item


def _keep_reason(catalog: CatalogVersion, item: Item, reason: str, by: Actor, at: datetime) -> None:
    """An item that joined this draft and leaves it again was never there."""
    number = str(item.number)
    rest = {key: kept for key, kept in catalog.reasons.items() if key != number}
    catalog.reasons = rest if number in catalog.reasons else rest | {number: reason.strip()}
    save_changed(catalog, by, at, "reasons")


def _item(catalog: CatalogVersion, number: int) -> Item:
    found = Item.objects.filter(version=catalog, number=number).first()
    if found is None:
        raise Refusal(_nothing_to_do(number))
    return found


def _group_findings(catalog: CatalogVersion, item: Item) -> list[Finding]:
    """A group has one name and one code; a new one has both."""
    known = dict(Item.objects.filter(version=catalog).values_list("group_key", "group"))
    if item.group_key and item.group and known.get(item.group_key, item.group) == item.group:
        return []
    return [
        Finding(
            "catalog.bad_group",
            "S19/annex.note1",
            "一级目录要选已有的，或者另写一个新的代码和名称；代码不能和已有的一样。",
            "请改正。",
            "group",
            title="一级目录不对",
        )
    ]


def _nothing_to_do(number: int) -> Finding:
    return Finding(
        "catalog.item_elsewhere",
        "S19/annex.note1",
        f"第 {number} 项不在可以这样改的状态，可能已有同事改过。",
        "请刷新页面看最新情况。",
        title="这一项已经变了",
    )
