"""Find a voucher by whatever is at hand."""

from django.db.models import Q

from platform_site.kit.actor import Actor
from settlement.queries import redemptions_visible_to
from vouchers.models import Voucher
from vouchers.queries import vouchers_visible_to

MOST = 50


def found_by(actor: Actor, text: str) -> list[Voucher]:
    """Vouchers the actor may see, newest first; an exact number wins over everything that merely contains the words."""
    if not text:
        return []
    rows = vouchers_visible_to(actor).select_related("enterprise", "product", "supplier", "city")
    number = text.upper()
    claimed = redemptions_visible_to(actor).filter(number=number).values("voucher_id")
    exact = list(rows.filter(Q(number=number) | Q(receipt_no=number) | Q(pk__in=claimed))[:MOST])
    if exact:
        return exact
    return list(rows.filter(contract__search_text__contains=text.lower()).order_by("-pk")[:MOST])
