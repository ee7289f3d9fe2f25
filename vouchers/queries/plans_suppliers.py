"""Suppliers as the plan of their limits needs them."""

from dataclasses import dataclass
from decimal import Decimal

from catalog.models import Period
from catalog.queries import terms_of_period
from suppliers.queries import listed_suppliers
from vouchers.queries.quota import initial_limit
from vouchers.queries.what_if import totals_now
from vouchers.rules.dimensions import supplier_dimension


@dataclass(frozen=True, slots=True)
class PlannedSupplier:
    """base: yuan of its class in the edition (N20/3.2), 0.00 where the edition sets none. total: now."""

    pk: int
    name: str
    quota_class: str
    class_title: str
    base: Decimal
    total: Decimal
    excellent: bool


def planned_suppliers(period: Period) -> list[PlannedSupplier]:
    """Listed ones, the larger class first, then by name."""
    terms, rows = terms_of_period(period), list(listed_suppliers().order_by("quota_class", "name", "pk"))
    totals = totals_now(period, [supplier_dimension(row.pk) for row in rows])
    return [
        PlannedSupplier(
            pk=row.pk,
            name=row.name,
            quota_class=row.quota_class,
            class_title=row.get_quota_class_display(),
            base=initial_limit(row, terms),
            total=totals[supplier_dimension(row.pk)],
            excellent=row.priority,
        )
        for row in rows
    ]
