"""Reading editions and their numbers. Published ones are public; drafts are seen by the province alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from catalog.enums import EditionState
from catalog.models import Edition, EditionParameter, Period
from catalog.rules.terms import EditionTerms, Parameter, edition_terms
from platform_site.kit.actor import Actor

SEES_DRAFTS = ("province_officer", "province_approver", "auditor", "system")


def editions_visible_to(actor: Actor) -> QuerySet[Edition]:
    if actor.has(*SEES_DRAFTS):
        return Edition.objects.all()
    return Edition.objects.filter(state=EditionState.PUBLISHED)


def published_edition(code: str) -> Edition:
    """Raises Edition.DoesNotExist."""
    return Edition.objects.get(code=code, state=EditionState.PUBLISHED)


def published_editions() -> QuerySet[Edition]:
    """Newest first."""
    return Edition.objects.filter(state=EditionState.PUBLISHED).order_by("-code")


def parameters_of(edition: Edition) -> list[Parameter]:
    return [as_parameter(row) for row in edition.parameters.all()]


def as_parameter(row: EditionParameter) -> Parameter:
    return Parameter(row.key, row.value, row.clause_id, row.note, row.assumed, row.may_vary)


def terms_for(edition: Edition, period: Period | None = None) -> EditionTerms:
    """The edition's numbers, typed; with a period, its own values where the edition lets them vary.
    Raises ValueError when the edition's data is not complete."""
    return edition_terms(edition.code, _with_own(edition, period))


def period_parameters(period: Period) -> list[Parameter]:
    """The numbers in force in a period."""
    return _with_own(period.edition, period)


def _with_own(edition: Edition, period: Period | None) -> list[Parameter]:
    own = period.parameters if period else {}
    return [_varied(row, own.get(row.key)) for row in parameters_of(edition)]


def terms_of_period(period: Period) -> EditionTerms:
    return terms_for(period.edition, period)


def _varied(row: Parameter, own: dict[str, Any] | None) -> Parameter:
    if own is None or not row.may_vary:
        return row
    return Parameter(row.key, own["value"], row.clause, own.get("note", ""), assumed=False, may_vary=True)


def editions_with(key: str) -> QuerySet[Edition]:
    """Editions in which this number, one that no period may vary, is "true"."""
    return Edition.objects.filter(parameters__key=key, parameters__value=True)


def varying_parameters(edition: Edition) -> list[Parameter]:
    """Those a period may set for itself."""
    return [row for row in parameters_of(edition) if row.may_vary]


def assumed_parameters(edition: Edition) -> list[Parameter]:
    """Those the province confirms when it opens a period (N20/5.1)."""
    return [row for row in parameters_of(edition) if row.assumed]


def compare_editions(editions: Iterable[Edition]) -> list[tuple[str, list[Parameter | None]]]:
    """One row per parameter key, one cell per edition, in the data's order."""
    columns = [{row.key: row for row in parameters_of(edition)} for edition in editions]
    keys = dict.fromkeys(key for column in columns for key in column)
    return [(key, [column.get(key) for column in columns]) for key in keys]


def parents_of_editions() -> dict[str, str | None]:
    """By code, the code of the edition it follows where it is silent itself."""
    return dict(Edition.objects.values_list("code", "parent__code"))


def lineage(code: str, parents: Mapping[str, str | None] | None = None) -> list[str]:
    """The edition's code and those it follows where it is silent itself, nearest first. `parents`: read already."""
    parents = parents_of_editions() if parents is None else parents
    found = [code]
    while (parent := parents.get(found[-1])) and parent not in found:
        found.append(parent)
    return found
