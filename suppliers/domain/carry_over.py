"""Products that passed under one catalog version are listed in the next without review (N20/5.1)."""

from datetime import datetime

from catalog.models import CatalogVersion
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock
from suppliers.enums import Event, OfferKind
from suppliers.models import Product
from suppliers.permissions import check_may_carry_over
from suppliers.queries import item_numbers, to_carry_over

COPIED = (
    "supplier_id",
    "item_number",
    "name",
    "name_key",
    "product_class",
    "modules",
    "situations",
    "channels",
    "model_name",
    "introduction",
    "price_note",
    "offer",
    "partner_name",
    "partner_uscc",
    "own_work",
    "search_text",
)


@command
def carry_over(*, source: CatalogVersion, target: CatalogVersion, by: Actor, at: datetime) -> list[Product]:
    """Lists in `target` what is listed in `source`; repeating it lists only what is new.

    Left out: items that the target does not have, and cluster products, which go by their pilot's plan (N20/5.1).
    """
    check_may_carry_over(by)
    numbers = item_numbers(target)
    waiting = lock(Rank.SUPPLIER, to_carry_over(source, target).filter(item_number__in=numbers))
    own_first = sorted(waiting, key=lambda product: (product.offer == OfferKind.PARTNER_LISTED, product.pk))
    made = [_list_again(product, target, at) for product in own_first]
    for product in made:
        data = {"from": product.carried_from_id, "catalog": target.code}
        record(by=by, at=at, event=Event.PRODUCT_CARRIED_OVER, subject=product, data=data)
    return made


def _list_again(old: Product, target: CatalogVersion, at: datetime) -> Product:
    origin = (
        Product.objects.filter(catalog_version=target, carried_from_id=old.origin_id).first() if old.origin_id else None
    )
    copied = {name: getattr(old, name) for name in COPIED}
    fresh = Product.objects.create(
        **copied, catalog_version=target, origin=origin, carried_from=old, created_at=at, listed_at=at, state_since=at
    )
    return perform(fresh, "carry_over", at=at)
