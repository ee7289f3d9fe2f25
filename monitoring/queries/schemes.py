"""Which scheme a voucher is judged by."""

from decimal import Decimal

from catalog.queries import lineage
from monitoring.models import Scheme, Source
from monitoring.rules.scheme import AdoptionTerms, terms_from_json
from suppliers.queries import item_of
from vouchers.models import Voucher


def terms_for(edition_code: str, item_number: int, per_device: Decimal | None) -> AdoptionTerms:
    """The scheme as it stands today, the edition's own or that of the one it follows. Raises Scheme.DoesNotExist when
    none of them has one for the item."""
    codes = lineage(edition_code)
    schemes = {row.edition_code: row for row in Scheme.objects.filter(edition_code__in=codes, item_number=item_number)}
    scheme = next((schemes[code] for code in codes if code in schemes), None)
    if scheme is None:
        raise Scheme.DoesNotExist
    names = [name for name in AdoptionTerms.__slots__ if name != "per_device"]
    return AdoptionTerms(**{name: getattr(scheme, name) for name in names}, per_device=per_device)


def terms_of(voucher: Voucher) -> AdoptionTerms:
    """As frozen on the voucher's source (set up at redemption); today's scheme as long as there is none."""
    frozen = Source.objects.filter(voucher=voucher).order_by("pk").values_list("scheme", flat=True).first()
    if frozen:
        return terms_from_json(frozen)
    item = item_of(voucher.product)
    return terms_for(voucher.edition.code, voucher.product.item_number, item.per_device if item else None)
