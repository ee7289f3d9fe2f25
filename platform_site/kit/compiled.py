"""Queries of the hottest paths, compiled once per process and planned once per connection: making the SQL and planning
it cost many times the answer.

    _OWN = Compiled(lambda: vouchers_in(LIVE_STATES).filter(enterprise_id=given("enterprise")).only("number"))
    _OWN.rows(enterprise=17)
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.expressions import Expression, F, Value
from django.db.models.lookups import Lookup
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)


class _Given(Expression):
    """Where a value comes in at the time of asking."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (_Slot(self.name),)


@dataclass(frozen=True, slots=True)
class _Slot:
    name: str


def given(name: str) -> Any:
    """A value of `Compiled.rows(name=…)` in a filter; it goes to the database as it is, without the field's own
    conversion."""
    return _Given(name)


def among(field: str, name: str) -> Any:
    """A filter by `field = ANY(list)`; `__in` makes other SQL for each length."""
    return _Among(F(field), given(name))


def one_of(field: str, values: Iterable[Any]) -> Any:
    """A filter by a long list, as one array: Django looks at each value of an `__in` on its own."""
    return _Among(F(field), Value(list(values)))


class _Among(Lookup[Any]):
    lookup_name = "among"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, parameters = self.process_lhs(compiler, connection)
        right, more = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", (*parameters, *more)


@dataclass(frozen=True)
class _Plan:
    """What Django's compiler found out about one query."""

    name: str
    sql: str
    parameters: tuple[Any, ...]
    compiler: Any
    converters: Mapping[int, Any]
    fields: tuple[str, ...]
    first: int
    last: int
    related: tuple[Any, ...]

    @cached_property
    def _call(self) -> tuple[str, list[str]]:
        slots = [one.name for one in self.parameters if type(one) is _Slot]
        return f"EXECUTE {self.name}" + (f" ({', '.join(['%s'] * len(slots))})" if slots else ""), slots

    def ask(self, values: Mapping[str, Any]) -> Iterable[Any]:
        order, slots = self._call
        with connection.cursor() as cursor:
            if self.name not in _prepared():
                self._prepare()
            cursor.execute(order, [values[name] for name in slots])
            return cursor.fetchall()

    def _prepare(self) -> None:
        """Lasts as long as the connection, even if this transaction does not."""
        with connection.connection.cursor() as cursor:
            number, marks = 0, []
            for one in self.parameters:
                number += type(one) is _Slot
                marks.append(f"${number}" if type(one) is _Slot else cursor.mogrify("%s", [one]).decode())
            cursor.execute(f"PREPARE {self.name} AS {self.sql % tuple(marks)}")
        _prepared().add(self.name)


_numbers = count(1)


def _prepared() -> set[str]:
    """What the open connection has planned."""
    held: tuple[Any, set[str]] | None = getattr(connection, "_platform_prepared", None)
    if held is None or held[0] is not connection.connection:
        held = connection._platform_prepared = (connection.connection, set())  # type: ignore[attr-defined]
    return held[1]


class Compiled(Generic[M]):
    """A queryset of model rows, with `select_related`, `only`, annotations and row locks; no `prefetch_related`. It may
    not depend on anything but the values `given`."""

    def __init__(self, build: Callable[[], "models.QuerySet[M]"]) -> None:
        self._build = build

    @cached_property
    def _queryset(self) -> "models.QuerySet[M]":
        return self._build()

    @cached_property
    def _plan(self) -> _Plan:
        compiler: Any = self._queryset.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        chosen, info = compiler.select, compiler.klass_info
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        return _Plan(
            name=f"compiled_{next(_numbers)}",
            sql=sql,
            parameters=tuple(parameters),
            compiler=compiler,
            converters=compiler.get_converters([column for column, *_ in chosen]),
            fields=tuple(column.target.attname for column, *_ in chosen[first:last]),
            first=first,
            last=last,
            related=tuple(get_related_populators(info, chosen, connection.alias)),  # type: ignore[call-arg]
        )

    @property
    def locks(self) -> bool:
        return bool(self._queryset.query.select_for_update)

    def rows(self, **values: Any) -> list[M]:
        plan = self._plan
        found = plan.ask(values)
        if plan.converters:
            found = plan.compiler.apply_converters(found, plan.converters)
        return [self._made(plan, row) for row in found]

    def one(self, **values: Any) -> M:
        """Raises the model's DoesNotExist; the first when there are several."""
        found = self.rows(**values)
        if not found:
            raise self._queryset.model.DoesNotExist  # type: ignore[attr-defined]
        return found[0]

    def _made(self, plan: _Plan, row: Any) -> M:
        made = self._queryset.model.from_db(connection.alias, plan.fields, row[plan.first : plan.last])
        for populator in plan.related:
            populator.populate(row, made)
        for name, place in plan.compiler.annotation_col_map.items():
            setattr(made, name, row[place])
        return made
