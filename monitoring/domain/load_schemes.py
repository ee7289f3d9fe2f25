"""Load monitoring schemes from edition data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitoring.enums import Event, SchemeSetState
from monitoring.models import Scheme, SchemeSet
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock


@command
def load_schemes(*, document: Mapping[str, Any], by: Actor, at: datetime) -> int:
    """A new set for each edition whose numbers in the document are not those loaded last; returns how many schemes
    changed, 0 the second time.

    An edition's first set is in force from its beginning, a later one from now on; what the province itself has put
    in force meanwhile stays until the document changes.
    """
    rows = _rows(document)
    changed = sum(_load_edition(code, rows, at) for code in document["editions"])
    if changed:
        record(by=by, at=at, event=Event.SCHEMES_LOADED, subject=("monitoring.scheme", "all"), data={"rows": changed})
    return changed


def _load_edition(code: str, rows: list[dict[str, Any]], at: datetime) -> int:
    known = list(lock(Rank.PROVINCE, SchemeSet.objects.filter(edition_code=code)))
    loaded = [one for one in known if one.drafted_by is None and one.state == SchemeSetState.PUBLISHED]
    last = max(loaded, key=lambda one: one.number, default=None)
    before = {row.item_number: row for row in last.schemes.all()} if last else {}
    changed = [values for values in rows if not _same(before.get(values["item_number"]), values)]
    if not changed and len(before) == len(rows):
        return 0
    number = max((one.number for one in known), default=0) + 1
    made = SchemeSet.objects.create(
        edition_code=code, number=number, in_force_from=at if known else None, published_at=at, state_since=at
    )
    schemes = [Scheme(scheme_set=made, **values) for values in rows]
    for scheme in schemes:
        scheme.clean_fields(exclude=["scheme_set"])
        scheme.clean()
    Scheme.objects.bulk_create(schemes)
    perform(made, "load", at=at)
    return len(changed)


def _same(row: Scheme | None, values: Mapping[str, Any]) -> bool:
    wanted = Scheme(**values)
    wanted.clean_fields(exclude=["scheme_set"])
    return row is not None and all(getattr(row, name) == getattr(wanted, name) for name in values)


def _rows(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for entry in document["items"]:
        own = {name: value for name, value in entry.items() if name not in ("numbers", "kind")}
        values = {**document["kinds"][entry["kind"]], **own, "kind": entry["kind"], "clause": document["clause"]}
        rows += [{**values, "item_number": number} for number in entry["numbers"]]
    return rows
