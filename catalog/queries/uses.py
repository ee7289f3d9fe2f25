"""Who rests on an edition or a catalog version: periods, applications, whatever points to it, on any floor above."""

from dataclasses import dataclass

from django.db import models

NAMED = 3


@dataclass(frozen=True, slots=True)
class Use:
    """`count` rows of one kind; `named`: the first few as they are called."""

    kind: str
    count: int
    named: tuple[str, ...]

    def __str__(self) -> str:
        more = " 等" if self.count > len(self.named) else ""
        return f"{self.kind} {self.count} 件（{'、'.join(self.named)}{more}）"


def uses_of(row: models.Model, *, leaving_out: tuple[type[models.Model], ...] = ()) -> list[Use]:
    """Everything in use that a change of the row would touch. The floors above are not imported: their foreign keys
    are asked for where they arrive."""
    found = []
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or issubclass(relation.related_model, leaving_out):
            continue
        model = relation.related_model
        rows = model._base_manager.filter(**{relation.field.name: row}).order_by("pk")
        if count := rows.count():
            found.append(Use(str(model._meta.verbose_name), count, tuple(_name(one) for one in rows[:NAMED])))
    return found


def _name(row: models.Model) -> str:
    return str(getattr(row, "number", None) or row)
