"""Verdicts in question."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import QuerySet

from monitoring.enums import ReviewState
from monitoring.models import Review
from platform_site.kit.actor import Actor
from platform_site.kit.compiled import one_of
from vouchers.models import Voucher
from vouchers.queries import vouchers_visible_to


def reviews_visible_to(actor: Actor) -> QuerySet[Review]:
    """Of the vouchers the person may see; newest first."""
    found = Review.objects.filter(voucher__in=vouchers_visible_to(actor))
    return found.select_related("voucher__enterprise", "voucher__supplier", "voucher__product")


def reviews_of(voucher: Voucher) -> list[Review]:
    return list(Review.objects.filter(voucher=voucher))


def open_reviews_of(voucher: Voucher) -> list[Review]:
    """They keep the city from deciding."""
    return list(Review.objects.filter(voucher=voucher, state=ReviewState.OPEN))


def upheld_reasons(voucher_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """By voucher, what the city answered where it found the reasons good."""
    upheld = Review.objects.filter(one_of("voucher_id", voucher_ids), state=ReviewState.UPHELD).order_by("pk")
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for voucher_id, answer in upheld.values_list("voucher_id", "answer"):
        found[voucher_id] += (answer,)
    return found
