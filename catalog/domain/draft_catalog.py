"""A new catalog version from an old one, changed item by item while it is a draft (S19/annex.note1)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.domain.two_people import made_by, refuse_unless_draft
from catalog.enums import Event
from catalog.models import CatalogVersion, Item
from catalog.permissions import check_user_can_edit_policy
from catalog.policies import check_item_clause
from catalog.queries import item_facts
from catalog.rules.item_checks import ITEM_FIELDS, check_item
from platform_site.accounts.rules.search_text import search_text
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import check_version
from platform_site.kit.locks import Rank, lock_one

_MAKER = ("drafted_by", "drafted_by_label", "drafted_at", "version")
_CHANGEABLE = frozenset(ITEM_FIELDS) - {"number"}
Facts = Mapping[str, Any]


@command
def draft_catalog(*, origin: CatalogVersion, code: str, title: str, by: Actor, at: datetime) -> CatalogVersion:
    """A copy of all items of `origin`. Raises Refusal for a code that is taken."""
    check_user_can_edit_policy(by)
    refuse_if(_code_taken(code))
    catalog = CatalogVersion(code=code, title=title, origin=origin, state_since=at)
    made_by(catalog, by, at)
    catalog.save(force_insert=True)
    Item.objects.bulk_create(copy_of(item, catalog) for item in origin.items.all())
    record(by=by, at=at, event=Event.CATALOG_DRAFTED, subject=catalog, data={"code": code, "from": origin.code})
    return catalog


@command
def amend_items(
    *, catalog: CatalogVersion, changes: Mapping[int, Facts], by: Actor, at: datetime, version: int | None = None
) -> CatalogVersion:
    """Change text and values of items of a draft. `changes`: item number to the fields that change. Raises Refusal with
    every item that cannot be so; a finding's field is `<name>` for one item, `<name>_<number>` for several."""
    catalog = locked_draft(catalog, by, version)
    items = {item.number: item for item in Item.objects.filter(version=catalog, number__in=changes)}
    told = {number: _set(items[number], facts) for number, facts in changes.items()}
    refuse_if(
        finding if len(changes) == 1 else _numbered(finding, number)
        for number, item in items.items()
        for finding in (*check_item(item_facts(item)), *check_item_clause(item.clause_id))
    )
    for number, changed in told.items():
        if changed:
            items[number].save(update_fields=[*changed, "search_text"])
    save_changed(catalog, by, at)
    data = {"changed": {str(number): changed for number, changed in told.items() if changed}}
    record(by=by, at=at, event=Event.CATALOG_AMENDED, subject=catalog, data=data)
    return catalog


def locked_draft(catalog: CatalogVersion, by: Actor, version: int | None) -> CatalogVersion:
    """To be changed by this person. Raises Refusal where it is no draft, or newer than the page it was seen on."""
    found = lock_one(Rank.PROVINCE, CatalogVersion.objects.all(), pk=catalog.pk)
    check_user_can_edit_policy(by)
    check_version(found, version)
    refuse_unless_draft(found)
    return found


def save_changed(catalog: CatalogVersion, by: Actor, at: datetime, *fields: str) -> None:
    """Something of the draft has changed: who did it is its maker now."""
    made_by(catalog, by, at)
    catalog.version += 1
    catalog.save(update_fields=[*_MAKER, *fields])


def found_by(item: Item) -> str:
    """What an item is searched by."""
    group = item.group
    return search_text(item.name, group, search_text(group), *item.modules, item.scene)


def copy_of(item: Item, catalog: CatalogVersion) -> Item:
    """The same item for another version; not saved."""
    values = {name: getattr(item, name) for name in ITEM_FIELDS}
    return Item(version=catalog, search_text=item.search_text, **values)


def _set(item: Item, facts: Facts) -> dict[str, list[Any]]:
    """Old and new of what changed; nothing is saved yet."""
    unknown = sorted(set(facts) - _CHANGEABLE)
    if unknown:
        raise TypeError(f"an item has no changeable {', '.join(unknown)}")
    told = {name: [getattr(item, name), value] for name, value in facts.items() if getattr(item, name) != value}
    for name, value in facts.items():
        setattr(item, name, value)
    item.search_text = found_by(item)
    return {name: [_plain(old), _plain(new)] for name, (old, new) in told.items()}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _numbered(finding: Finding, number: int) -> Finding:
    return Finding(**(finding.as_dict() | {"field": f"{finding.field}_{number}"}))  # type: ignore[arg-type]


def _code_taken(code: str) -> list[Finding]:
    if not CatalogVersion.objects.filter(code=code).exists():
        return []
    return [
        Finding(
            "catalog.code_taken", "S19/9", f"代码 {code} 已有一个目录在用。", "请换一个代码。", "code", title="代码重复"
        )
    ]
