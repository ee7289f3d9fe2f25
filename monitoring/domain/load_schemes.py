"""Load monitoring schemes from edition data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitoring.enums import Event
from monitoring.models import Scheme
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command


@command
def load_schemes(*, document: Mapping[str, Any], by: Actor, at: datetime) -> int:
    """Bring the scheme table to what the document says; returns how many rows changed, 0 the second time.

    Sources already set up keep what was frozen on them.
    """
    changed = 0
    for values in _rows(document):
        key = {name: values.pop(name) for name in ("edition_code", "item_number")}
        wanted = Scheme(**key, **values)
        wanted.full_clean(validate_unique=False, validate_constraints=False)
        current = Scheme.objects.filter(**key).first()
        if current is None or any(getattr(current, name) != getattr(wanted, name) for name in values):
            wanted.pk = current.pk if current else None
            wanted.save()
            changed += 1
    if changed:
        record(by=by, at=at, event=Event.SCHEMES_LOADED, subject=("monitoring.scheme", "all"), data={"rows": changed})
    return changed


def _rows(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for edition in document["editions"]:
        for entry in document["items"]:
            own = {name: value for name, value in entry.items() if name not in ("numbers", "kind")}
            values = {**document["kinds"][entry["kind"]], **own, "kind": entry["kind"], "clause": document["clause"]}
            rows += [{**values, "edition_code": edition, "item_number": number} for number in entry["numbers"]]
    return rows
