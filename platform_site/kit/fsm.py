"""State machines: one door in front of `django_fsm`.

A `Stateful` model has a protected `state`, a `version` that forms carry, and `state_since`. `@transition` methods draw
the graph and do nothing else; `perform` is the only way to walk an edge for one object, `bulk_perform` for many. The
database refuses other edges itself (`kit.guards`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.db.models import F
from django_fsm import FSMField, FSMModelMixin
from django_fsm import transition as fsm_transition

from platform_site.kit.findings import Finding, Refusal

S = TypeVar("S", bound="Stateful")


class StateField(FSMField):
    """Protected: assignable only while an object is made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("protected", True)
        kwargs.setdefault("max_length", 24)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Django leaves out what is its own default; here an index is."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "db_index": self.db_index}  # type: ignore[attr-defined]

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False, **kwargs: Any
    ) -> None:
        """Migrations' historical models get plain text: the library would listen once more for each, which is slow."""
        if cls.__module__ == "__fake__":
            models.CharField.contribute_to_class(self, cls, name, private_only)
        else:
            super().contribute_to_class(cls, name, private_only, **kwargs)


class Stateful(FSMModelMixin, models.Model):
    """Base of everything that walks a state machine. Subclasses declare `state = StateField(default=…)`."""

    version = models.PositiveIntegerField("版本", default=1)
    state_since = models.DateTimeField("进入此状态的时间", null=True, blank=True)

    class Meta:
        abstract = True

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """The library lifts the protection meanwhile and forgets to put it back when reading fails."""
        try:
            super().refresh_from_db(*args, **kwargs)
        finally:
            _field(type(self)).protected = True


@dataclass(frozen=True, slots=True)
class Edge:
    """One arrow of a state diagram."""

    name: str
    source: str
    target: str
    actor: str
    clause: str


def transition(*, source: str | list[str], target: str, actor: str, clause: str) -> Any:
    """Draw an arrow: who walks it (plain word for the diagram) and the clause it rests on."""
    return fsm_transition(field="state", source=source, target=target, custom={"actor": actor, "clause": clause})


@cache
def edges(model: type[Stateful]) -> tuple[Edge, ...]:
    """All arrows of a model, sorted; the source of diagrams, of the database's guard and of `bulk_perform`."""
    found = [
        Edge(t.name, str(t.source), str(t.target), t.custom["actor"], t.custom["clause"])
        for t in _field(model).get_all_transitions(model)
    ]
    return tuple(sorted(found, key=lambda edge: (edge.source, edge.target, edge.name)))


def initial_state(model: type[Stateful]) -> str:
    return str(_field(model).default)


def _field(model: Any) -> Any:
    """The `state` that every model below `Stateful` declares."""
    return model._meta.get_field("state")


def stateful_models() -> list[type[Stateful]]:
    """Every concrete model with a state machine."""
    pending, found = [Stateful], []
    while pending:
        for child in pending.pop().__subclasses__():
            pending.append(child)
            if not child._meta.abstract and child not in found:
                found.append(child)
    return sorted(found, key=lambda model: model._meta.label)


def check_version(obj: Stateful, version: int | None) -> None:
    """Refuse a form that was opened before somebody else changed the object. None: the caller carries no form."""
    if version is not None and obj.version != version:
        raise Refusal(
            Finding(
                code="stale",
                clause="D/stale",
                title="内容已被更新",
                reason="您打开页面之后，这件已经由别人办理过。",
                remedy="请刷新页面看最新情况再办，您填写的内容已保留。",
            )
        )


def perform(obj: S, verb: str, *, at: datetime, save: Iterable[str] = ()) -> S:
    """Walk one edge of a locked object and save it with the fields `save`. Raises Refusal where no such edge is."""
    if not obj_can(obj, verb):
        raise Refusal(
            Finding(
                code="state.not_possible",
                clause="D/state",
                title="现在不能这样办理",
                reason=f"这件目前的状态是“{state_label(obj)}”，不能做这一步。",
                remedy="请刷新页面，按页面上“现在轮到谁”的提示办理。",
            )
        )
    getattr(obj, verb)()
    obj.version += 1
    obj.state_since = at
    _store(obj, ("state", "version", "state_since", *save))
    return obj


def _store(obj: Stateful, names: tuple[str, ...]) -> None:
    """The columns of one row that is locked. Cheaper than the model's own `save`, which makes the statement anew each
    time; there are no signals. Raises RuntimeError if the row is gone."""
    server, order = connections[DEFAULT_DB_ALIAS], _order(type(obj), names)
    fields = [obj._meta.get_field(name) for name in names]
    values = [field.get_db_prep_save(field.pre_save(obj, add=False), server) for field in fields]  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(order, [*values, obj.pk])
        if cursor.rowcount != 1:
            raise RuntimeError(f"{obj._meta.label} {obj.pk} is gone")


@cache
def _order(model: type[Stateful], names: tuple[str, ...]) -> str:
    columns = [model._meta.get_field(name).column for name in names]  # type: ignore[union-attr]
    changes = ", ".join(f'"{column}" = %s' for column in columns)
    key = model._meta.pk
    assert key is not None  # noqa: S101  every model has one
    return f'UPDATE "{model._meta.db_table}" SET {changes} WHERE "{key.column}" = %s'  # noqa: S608  own names


def obj_can(obj: Stateful, verb: str) -> bool:
    return any(edge.name == verb and edge.source in (obj_state(obj), "*") for edge in edges(type(obj)))


def obj_state(obj: Stateful) -> str:
    return str(obj.state)  # type: ignore[attr-defined]


def state_label(obj: Stateful) -> str:
    """The state in Chinese, from the field's choices."""
    return str(obj.get_state_display())  # type: ignore[attr-defined]


def bulk_perform(model: type[S], ids: Iterable[int], verb: str, *, at: datetime, **values: Any) -> int:
    """Walk one edge for many rows at once. Raises RuntimeError (rolling back) if any was not at the edge's source."""
    wanted = sorted(set(ids))
    arrows = [edge for edge in edges(model) if edge.name == verb]
    if not arrows:
        raise RuntimeError(f"{model._meta.label} has no transition {verb}")
    rows = model._base_manager.filter(pk__in=wanted, state__in=[edge.source for edge in arrows])
    with transaction.atomic():
        moved = rows.update(state=arrows[0].target, version=F("version") + 1, state_since=at, **values)
        if moved != len(wanted):
            raise RuntimeError(f"{model._meta.label}.{verb}: {moved} of {len(wanted)} rows were at its source")
    return moved


def bulk_perform_each(
    model: type[S], ids: Sequence[int], verb: str, *, at: datetime, columns: Mapping[str, Sequence[Any]]
) -> int:
    """As `bulk_perform`, with values of each row's own: `columns` gives them by field, in the order of `ids`."""
    arrows = [edge for edge in edges(model) if edge.name == verb]
    if not arrows:
        raise RuntimeError(f"{model._meta.label} has no transition {verb}")
    key, fields = model._meta.pk, [model._meta.get_field(name) for name in columns]
    assert key is not None  # noqa: S101  every model has one
    server = connections[DEFAULT_DB_ALIAS]  # itself, not its stand-in: asked once for each value
    lists = [list(ids)] + [
        [field.get_db_prep_save(value, server) for value in columns[name]]  # type: ignore[union-attr]
        for name, field in zip(columns, fields, strict=True)
    ]
    types = [f"%s::{field.db_type(connection)}[]" for field in (key, *fields)]  # type: ignore[union-attr]
    names = [str(field.column) for field in fields]  # type: ignore[union-attr]
    changes = "".join(f', "{name}" = d."{name}"' for name in names)
    given = ", ".join(f'"{name}"' for name in ("given_id", *names))
    order = (
        f'UPDATE "{model._meta.db_table}" t SET "state" = %s, "version" = t."version" + 1, "state_since" = %s{changes} '  # noqa: S608  own names
        f"FROM unnest({', '.join(types)}) AS d({given}) "
        f'WHERE t."{key.column}" = d."given_id" AND t."state" = ANY(%s)'
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(order, [arrows[0].target, at, *lists, [edge.source for edge in arrows]])
        if cursor.rowcount != len(lists[0]):
            raise RuntimeError(
                f"{model._meta.label}.{verb}: {cursor.rowcount} of {len(lists[0])} rows were at its source"
            )
    return len(lists[0])
