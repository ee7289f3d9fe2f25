"""Work left behind for the resource pool."""

from catalog.queries import published_catalog
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.outbox.domain import handles
from suppliers.domain import carry_over


@handles("suppliers.carry_over")
def carry(*, source: str, target: str) -> None:
    """List again under a new catalog what passed under an earlier one (N20/5.1)."""
    by, versions = system_actor("沿用产品"), (published_catalog(source), published_catalog(target))
    carry_over(source=versions[0], target=versions[1], by=by, at=clock.now())
