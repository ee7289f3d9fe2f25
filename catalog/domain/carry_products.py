"""Products that passed under an earlier edition are listed under a new catalog without review (N20/5.1).

The catalog knows no products: it leaves the job behind for the floor above. Repeating it lists only what is new.
"""

from datetime import datetime

from catalog.models import CatalogVersion, Edition
from catalog.queries import parameters_of
from platform_site.outbox.domain import enqueue


def carry_products(*, edition: Edition, target: CatalogVersion, at: datetime) -> None:
    """Into `target`, from the catalog of the edition that the parameter names; nothing where it names none."""
    named = next((row.value for row in parameters_of(edition) if row.key == "products_carried_from"), None)
    earlier = Edition.objects.filter(code=named).first() if named else None
    if earlier is None or earlier.catalog_code == target.code:
        return
    enqueue(task="suppliers.carry_over", kwargs={"source": earlier.catalog_code, "target": target.code}, at=at)
