"""Bring a catalog version from its fixture into the database and publish it; a second run changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from catalog.domain.publish_catalog import publish_catalog
from catalog.enums import Event
from catalog.models import CatalogVersion, Item
from catalog.permissions import check_user_can_edit_policy
from platform_site.accounts.rules.search_text import search_text
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.money import yuan


@command
def load_catalog(*, path: Path, by: Actor, at: datetime) -> list[str]:
    """One line per difference. A published version is never changed: a differing cap is refused (catalog.frozen)."""
    check_user_can_edit_policy(by)
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    version = CatalogVersion.objects.filter(code=data["version"]).first()
    if version is not None:
        return _compare(version, data)
    version = CatalogVersion.objects.create(
        code=data["version"], title=data["title"], published_on=data["published_on"]
    )
    Item.objects.bulk_create(_item(version, data, row) for row in data["items"])
    record(by=by, at=at, event=Event.CATALOG_LOADED, subject=version, data={"items": len(data["items"])})
    publish_catalog(version=version, by=by, at=at)
    return [f"+ catalog {version.code}: {len(data['items'])} items, published"]


def _item(version: CatalogVersion, data: Mapping[str, Any], row: Mapping[str, Any]) -> Item:
    group = next(group["name"] for group in data["groups"] if group["key"] == row["group"])
    return Item(
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
        search_text=search_text(row["name"], group, search_text(group), *row["modules"], row["scene"]),
    )


def _per_device(row: Mapping[str, Any]) -> Decimal | None:
    return yuan(row["per_device"]) if "per_device" in row else None


def _compare(version: CatalogVersion, data: Mapping[str, Any]) -> list[str]:
    """Caps and amounts must be as published; wording may be brought up to date."""
    diff, known = [], {item.number: item for item in version.items.all()}
    for row in data["items"]:
        item, wanted = known.get(row["number"]), _item(version, data, row)
        if item is None or (item.cap, item.per_device, item.pilot_only) != (
            wanted.cap,
            wanted.per_device,
            wanted.pilot_only,
        ):
            raise Refusal(_frozen(version.code, row["number"]))
        wanted.pk = item.pk
        words = ["name", "scene", "modules", "optional_modules", "requirements", "notes", "search_text"]
        if changed := [field for field in words if getattr(item, field) != getattr(wanted, field)]:
            wanted.save(update_fields=changed)
            diff.append(f"~ item {row['number']}: {', '.join(changed)}")
    return diff


def _frozen(code: str, number: int) -> Finding:
    return Finding(
        "catalog.frozen",
        "S19/4.4.4",
        f"目录 {code} 的第 {number} 项已经公布，上限和金额不能改。",
        "要改请做一个新的目录版本，新申请的券按新目录。",
        title="已公布的目录不能改",
    )
