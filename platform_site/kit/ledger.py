"""Append-only tables: UPDATE, DELETE and TRUNCATE are refused by the database (`kit.guards`)."""

from django.db import models


class AppendOnly(models.Model):
    """Base of ledgers and logs. Corrections are new rows. sealed: the audit's seal covers its rows."""

    sealed = False

    class Meta:
        abstract = True


def append_only_models() -> list[type[AppendOnly]]:
    pending, found = [AppendOnly], []
    while pending:
        for child in pending.pop().__subclasses__():
            pending.append(child)
            if not child._meta.abstract and child not in found:
                found.append(child)
    return sorted(found, key=lambda model: model._meta.label)


def sealed_models() -> list[type[AppendOnly]]:
    """Those whose every change must be found."""
    return [model for model in append_only_models() if model.sealed]
