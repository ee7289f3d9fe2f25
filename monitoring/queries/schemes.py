"""Which scheme a voucher is judged by."""

from decimal import Decimal

from monitoring.models import Scheme, Source
from monitoring.rules.scheme import AdoptionTerms, terms_from_json
from suppliers.queries import item_of
from vouchers.models import Voucher


def terms_for(edition_code: str, item_number: int, per_device: Decimal | None) -> AdoptionTerms:
    """The scheme as it stands today. Raises Scheme.DoesNotExist when the edition has none for the item."""
    scheme = Scheme.objects.get(edition_code=edition_code, item_number=item_number)
    names = [name for name in AdoptionTerms.__slots__ if name != "per_device"]
    return AdoptionTerms(**{name: getattr(scheme, name) for name in names}, per_device=per_device)


def terms_of(voucher: Voucher) -> AdoptionTerms:
    """As frozen on the voucher's source (set up at redemption); today's scheme as long as there is none."""
    frozen = Source.objects.filter(voucher=voucher).order_by("pk").values_list("scheme", flat=True).first()
    if frozen:
        return terms_from_json(frozen)
    item = item_of(voucher.product)
    return terms_for(voucher.edition.code, voucher.product.item_number, item.per_device if item else None)
