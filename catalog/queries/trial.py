"""Numbers to try on real applications: an edition's, published or not, with some of them changed by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from msgspec import structs

from catalog.models import CatalogVersion, Edition, Period
from catalog.queries.editions import parameters_of, period_parameters
from catalog.queries.items import catalog_used_by, item_terms, items_of
from catalog.rules.terms import ItemTerms, Parameter


def trial_parameters(period: Period, edition: Edition, values: Mapping[str, Any] | None = None) -> list[Parameter]:
    """`edition`'s numbers. Where it says the same as the period's edition, the period's own value stands; `values` (key
    to JSON value) come on top."""
    present = {row.key: row for row in period_parameters(period)}
    written = {row.key: row.value for row in parameters_of(period.edition)}
    rows = [
        present[row.key] if row.key in present and row.value == written[row.key] else row
        for row in parameters_of(edition)
    ]
    changed = values or {}
    return [replace(row, value=changed[row.key]) if row.key in changed else row for row in rows]


def trial_catalog(period: Period, edition: Edition) -> CatalogVersion:
    """The period's own as long as the edition names the same catalog as the period's edition.
    Raises CatalogVersion.DoesNotExist."""
    if edition.catalog_code == period.edition.catalog_code:
        return period.catalog_version
    found = catalog_used_by(edition)
    if found is None:
        raise CatalogVersion.DoesNotExist(edition.catalog_code)
    return found


def trial_items(
    catalog: CatalogVersion, amounts: Mapping[int, Mapping[str, Decimal | None]], *, only_changed: bool
) -> dict[int, ItemTerms]:
    """By number; `amounts`: cap and per_device of items that are to have others."""
    wanted = _wanted(catalog, amounts, only_changed=only_changed)
    return {item.number: _with(item, amounts.get(item.number, {})) for item in wanted}


def _with(item: ItemTerms, facts: Mapping[str, Decimal | None]) -> ItemTerms:
    return structs.replace(item, cap=facts.get("cap") or item.cap, per_device=facts.get("per_device", item.per_device))


def _wanted(catalog: CatalogVersion, amounts: Mapping[int, Any], *, only_changed: bool) -> Iterable[ItemTerms]:
    rows = items_of(catalog)
    return map(item_terms, rows.filter(number__in=list(amounts)) if only_changed else rows)
