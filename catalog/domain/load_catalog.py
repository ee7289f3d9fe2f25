"""Bring a catalog version from its fixture into the database and publish it; a second run changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalog.domain.draft_catalog import found_by
from catalog.enums import Event
from catalog.models import CatalogVersion, Item
from catalog.permissions import check_user_can_edit_policy
from catalog.policies import check_catalog
from catalog.queries import item_facts
from catalog.rules.item_checks import changed_fields
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import perform
from platform_site.kit.money import yuan
from platform_site.kit.yaml_files import read_yaml


@command
def load_catalog(*, path: Path, by: Actor, at: datetime) -> list[str]:
    """One line per difference. A published version is never changed: differing amounts are refused (catalog.frozen),
    differing words are told and stay as published, since the platform's text prevails (S19/annex.note1)."""
    check_user_can_edit_policy(by)
    data = read_yaml(path)
    version = CatalogVersion.objects.filter(code=data["version"]).first()
    if version is not None:
        return _compare(version, data)
    version = CatalogVersion.objects.create(
        code=data["version"], title=data["title"], published_on=data["published_on"]
    )
    Item.objects.bulk_create(_item(version, data, row) for row in data["items"])
    record(by=by, at=at, event=Event.CATALOG_LOADED, subject=version, data={"items": len(data["items"])})
    refuse_if(check_catalog(version))
    perform(version, "load", at=at)
    record(by=by, at=at, event=Event.CATALOG_PUBLISHED, subject=version, data={"code": version.code})
    return [f"+ catalog {version.code}: {len(data['items'])} items, published"]


def _item(version: CatalogVersion, data: Mapping[str, Any], row: Mapping[str, Any]) -> Item:
    group = next(group["name"] for group in data["groups"] if group["key"] == row["group"])
    item = Item(
        version=version,
        number=row["number"],
        group_key=row["group"],
        group=group,
        name=row["name"],
        scene=row["scene"],
        modules=row["modules"],
        optional_modules=row.get("optional_modules", []),
        cap=yuan(row["cap"]),
        per_device=_per_device(row),
        pilot_only=row.get("pilot_only", False),
        post_sale=row.get("post_sale", False),
        requirements=row.get("requirements", {}),
        notes=row.get("notes", ""),
        clause_id=f"{data['policy']}/annex.{row['number']}",
    )
    item.search_text = found_by(item)
    return item


def _per_device(row: Mapping[str, Any]) -> Decimal | None:
    return yuan(row["per_device"]) if "per_device" in row else None


def _compare(version: CatalogVersion, data: Mapping[str, Any]) -> list[str]:
    """What the fixture says otherwise than the version in the database."""
    diff, known = [], {item.number: item for item in version.items.all()}
    for row in data["items"]:
        item, wanted = known.get(row["number"]), _item(version, data, row)
        changed = changed_fields(item_facts(item) if item else None, item_facts(wanted))
        if item is None or {"cap", "per_device", "pilot_only", "post_sale"} & set(changed):
            raise Refusal(_frozen(version.code, row["number"]))
        if changed:
            diff.append(f"= item {row['number']}: {', '.join(changed)} differ; the published text stays")
        if item.search_text != wanted.search_text and not changed:
            item.search_text = wanted.search_text
            item.save(update_fields=["search_text"])
            diff.append(f"~ item {row['number']}: search_text")
    return diff


def _frozen(code: str, number: int) -> Finding:
    return Finding(
        "catalog.frozen",
        "S19/4.4.4",
        f"目录 {code} 的第 {number} 项已经公布，上限和金额不能改。",
        "要改请做一个新的目录版本，新申请的券按新目录。",
        title="已公布的目录不能改",
    )
