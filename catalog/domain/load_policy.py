"""Bring documents, clauses and editions from their fixtures into the database; a second run changes nothing."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import models

from catalog.enums import EditionState, Event
from catalog.models import Clause, Edition, EditionParameter, PolicyDocument
from catalog.permissions import check_user_can_edit_policy
from catalog.policies import check_complete
from catalog.queries import uses_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import obj_state, perform
from platform_site.kit.yaml_files import read_yaml

EDITIONS = ("2018", "2019", "2020")
LONGEST = 120


@command
def load_policy(*, folder: Path, by: Actor, at: datetime) -> list[str]:
    """Load and publish; answers with one line per difference (old → new), none when all was there.

    New parameters may join a published edition; changed values of one are refused all at once (code edition.frozen),
    with what rests on the edition: they need a new edition.
    """
    check_user_can_edit_policy(by)
    diff = [*_documents(read_yaml(folder / "documents.yaml")), *_clauses(read_yaml(folder / "clauses.yaml"))]
    for code in EDITIONS:
        data = read_yaml(folder / f"{code}.yaml")
        edition, lines = _edition(data)
        diff += [*lines, *_parameters(edition, data["parameters"])]
        if obj_state(edition) == EditionState.DRAFT:
            _publish(edition, by, at)
            diff.append(f"+ edition {code} published")
    if diff:
        record(by=by, at=at, event=Event.POLICY_LOADED, subject=("catalog.policy", "fixtures"), data={"diff": diff})
    return diff


def _publish(edition: Edition, by: Actor, at: datetime) -> None:
    """The documents' own numbers need no second signature. Raises Refusal while one is missing or unusable."""
    refuse_if(check_complete(edition))
    perform(edition, "load", at=at)
    record(by=by, at=at, event=Event.EDITION_PUBLISHED, subject=edition, data={"code": edition.code})


def _documents(data: Mapping[str, Any]) -> Iterator[str]:
    for position, row in enumerate(data["documents"]):
        wanted = {key: row[key] for key in ("number", "title", "issuer")} | {"position": position}
        document = PolicyDocument.objects.filter(pk=row["label"]).first() or PolicyDocument(label=row["label"])
        if document.issued_on is None:  # a day the province has entered stays
            wanted["issued_on"] = row["issued_on"]
        yield from _brought_up_to_date(document, wanted, f"document {row['label']}")


def _clauses(data: Mapping[str, Any]) -> Iterator[str]:
    known, new = {clause.pk: clause for clause in Clause.objects.all()}, []
    for position, (key, row) in enumerate(data["clauses"].items()):
        wanted = {
            "document_id": key.partition("/")[0],
            "summary": row["says"],
            "applied_at": row["used"],
            "position": position,
        }
        if key in known:
            yield from _brought_up_to_date(known[key], wanted, f"clause {key}")
        else:
            new.append(Clause(key=key, **wanted))
    yield from (f"+ clause {clause.pk}" for clause in Clause.objects.bulk_create(new))


def _edition(data: Mapping[str, Any]) -> tuple[Edition, list[str]]:
    parent = Edition.objects.get(code=data["parent"]) if data["parent"] else None
    edition = Edition.objects.filter(code=data["code"]).first() or Edition(code=data["code"])
    wanted = {
        "title": data["title"],
        "document_id": data["policy"],
        "parent_id": parent.pk if parent else None,
        "catalog_code": data["catalog"],
        "effective_from": data["effective_from"],
        "notes": data["notes"],
    }
    return edition, list(_brought_up_to_date(edition, wanted, f"edition {data['code']}"))


def _parameters(edition: Edition, data: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    known, new = {row.key: row for row in edition.parameters.all()}, []
    if obj_state(edition) == EditionState.PUBLISHED:
        refuse_if(_frozen(edition, known, data))
    for position, (key, row) in enumerate(data.items()):
        wanted = {
            "value": _json(row["value"]),
            "clause_id": row["clause"],
            "note": row.get("note", ""),
            "assumed": row.get("assumed", False),
            "may_vary": row.get("open", False),
            "position": position,
        }
        if key in known:
            yield from _brought_up_to_date(known[key], wanted, f"parameter {edition.code}.{key}")
        else:
            new.append(EditionParameter(edition=edition, key=key, **wanted))
    for made in EditionParameter.objects.bulk_create(new):
        yield f"+ parameter {edition.code}.{made.key} = {_short(made.value)}"


def _json(value: Any) -> Any:
    """As the database will give it back: keys are text."""
    if isinstance(value, dict):
        return {str(key): _json(inner) for key, inner in value.items()}
    return [_json(inner) for inner in value] if isinstance(value, list) else value


def _brought_up_to_date(row: models.Model, wanted: Mapping[str, Any], name: str) -> Iterator[str]:
    """Save the row where it is new or differs; says what was done."""
    if row._state.adding:
        for field, value in wanted.items():
            setattr(row, field, value)
        row.save(force_insert=True)
        yield f"+ {name}"
        return
    changed = {field: getattr(row, field) for field, value in wanted.items() if getattr(row, field) != value}
    for field in changed:
        setattr(row, field, wanted[field])
    if changed:
        row.save(update_fields=list(changed))
    for field, old in changed.items():
        yield f"~ {name}: {field} {_short(old)} → {_short(wanted[field])}"


def _short(value: Any) -> str:
    """As one line of the diff; a long table is cut."""
    told = json.dumps(value, ensure_ascii=False, default=str)
    return told if len(told) <= LONGEST else f"{told[:LONGEST]}…"


def _frozen(
    edition: Edition, known: Mapping[str, EditionParameter], data: Mapping[str, Mapping[str, Any]]
) -> list[Finding]:
    """One finding per number of a published edition that the fixture would change."""
    changed = {
        key: row
        for key, row in data.items()
        if key in known and (known[key].value, known[key].clause_id) != (_json(row["value"]), row["clause"])
    }
    if not changed:
        return []
    used = "；".join(str(use) for use in uses_of(edition, leaving_out=(EditionParameter,))) or "还没有申领期和申请"
    return [
        Finding(
            "edition.frozen",
            "S19/4.4.4",
            f"{edition.code} 年的“{key}”已经公布，不能从 {_short(known[key].value)}（{known[key].clause_id}）改成"
            f" {_short(_json(row['value']))}（{row['clause']}）。按它办的：{used}。",
            "要改请做一个新的政策版本，新申请的券按新版本。",
            key,
            title="已公布的数值不能改",
        )
        for key, row in changed.items()
    ]
