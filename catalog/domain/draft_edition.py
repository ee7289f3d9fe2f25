"""A new edition from an old one, changed number by number while it is a draft."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from catalog.domain.draft_catalog import draft_catalog
from catalog.domain.two_people import made_by, refuse_unless_draft
from catalog.enums import EditionState, Event
from catalog.models import CatalogVersion, Edition, EditionParameter
from catalog.permissions import check_user_can_edit_policy
from catalog.policies import check_parameters
from catalog.queries import as_parameter
from catalog.rules.terms import Parameter
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import check_version, obj_state
from platform_site.kit.locks import Rank, lock_one

MAKER = ("drafted_by", "drafted_by_label", "drafted_at", "version")
_CHANGEABLE = frozenset({"title", "notes", "document_id", "catalog_code"})


@command
def draft_edition(*, parent: Edition, code: str, title: str, by: Actor, at: datetime, notes: str = "") -> Edition:
    """A copy of all numbers of `parent`, which is published. Raises Refusal for a code that is taken."""
    check_user_can_edit_policy(by)
    refuse_if([*_code_taken(code), *_not_published(parent)])
    edition = Edition(
        code=code,
        title=title,
        document_id=parent.document_id,
        parent=parent,
        catalog_code=parent.catalog_code,
        notes=notes,
        state_since=at,
    )
    made_by(edition, by, at)
    edition.save(force_insert=True)
    EditionParameter.objects.bulk_create(_copy(row, edition) for row in parent.parameters.all())
    record(by=by, at=at, event=Event.EDITION_DRAFTED, subject=edition, data={"code": code, "from": parent.code})
    return edition


@command
def amend_edition(
    *,
    edition: Edition,
    by: Actor,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
    parameters: Iterable[Parameter] = (),
    version: int | None = None,
) -> Edition:
    """Change words (`changes`: title, notes, document_id, catalog_code) and numbers of a draft. A number that somebody
    has set is no longer merely assumed. Raises Refusal with every value that cannot be used."""
    edition = lock_one(Rank.PROVINCE, Edition.objects.all(), pk=edition.pk)
    check_user_can_edit_policy(by)
    check_version(edition, version)
    refuse_unless_draft(edition)
    wanted = list(parameters)
    refuse_if(check_parameters(wanted))
    told = _set_words(edition, changes or {}) | _set_numbers(edition, wanted)
    made_by(edition, by, at)
    edition.version += 1
    edition.save(update_fields=[*(changes or {}), *MAKER])
    record(by=by, at=at, event=Event.EDITION_AMENDED, subject=edition, data={"changed": told})
    return edition


@command
def bring_catalog(*, edition: Edition, by: Actor, at: datetime, version: int | None = None) -> CatalogVersion:
    """A draft of the catalog that goes with this edition, made from the one it uses; signed and published with it."""
    edition = lock_one(Rank.PROVINCE, Edition.objects.all(), pk=edition.pk)
    check_user_can_edit_policy(by)
    check_version(edition, version)
    refuse_unless_draft(edition)
    origin = CatalogVersion.objects.get(code=edition.catalog_code)
    made = draft_catalog(origin=origin, code=edition.code, title=f"应用产品目录（{edition.title}）", by=by, at=at)
    amend_edition(edition=edition, changes={"catalog_code": made.code}, by=by, at=at)
    return made


def _copy(row: EditionParameter, edition: Edition) -> EditionParameter:
    return EditionParameter(
        edition=edition,
        key=row.key,
        value=row.value,
        clause_id=row.clause_id,
        note=row.note,
        assumed=row.assumed,
        may_vary=row.may_vary,
        position=row.position,
    )


def _set_words(edition: Edition, changes: Mapping[str, Any]) -> dict[str, list[Any]]:
    unknown = sorted(set(changes) - _CHANGEABLE)
    if unknown:
        raise TypeError(f"an edition has no changeable {', '.join(unknown)}")
    told = {name: [getattr(edition, name), value] for name, value in changes.items() if getattr(edition, name) != value}
    for name, value in changes.items():
        setattr(edition, name, value)
    return told


def _set_numbers(edition: Edition, wanted: Iterable[Parameter]) -> dict[str, list[Any]]:
    """Old and new value of what changed."""
    rows, told = {row.key: row for row in edition.parameters.all()}, {}
    for parameter in wanted:
        row = rows[parameter.key]
        old = as_parameter(row)
        if (old.value, old.clause, old.note) == (parameter.value, parameter.clause, parameter.note):
            continue
        if old.value != parameter.value:
            row.assumed = False
        row.value, row.clause_id, row.note = parameter.value, parameter.clause, parameter.note
        row.save(update_fields=["value", "clause", "note", "assumed"])
        told[parameter.key] = [old.value, parameter.value]
    return told


def _code_taken(code: str) -> list[Finding]:
    if not Edition.objects.filter(code=code).exists():
        return []
    return [
        Finding(
            "edition.code_taken", "S19/9", f"代码 {code} 已有一个版本在用。", "请换一个代码。", "code", title="代码重复"
        )
    ]


def _not_published(parent: Edition) -> list[Finding]:
    if obj_state(parent) == EditionState.PUBLISHED:
        return []
    reason = f"“{parent.title}”还没有公布，不能照它起草。"
    return [Finding("edition.parent_open", "S19/9", reason, "请选一个已公布的版本。", "parent", title="还没有公布")]
