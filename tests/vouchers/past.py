"""A crowd's applications all handed in and decided, by the allocator, without the web between."""

from decimal import Decimal

from django.db import connection

from platform_site.kit import clock
from platform_site.kit.fsm import bulk_perform
from tests.concurrency.crowd import Crowd, give_quota
from vouchers import domain
from vouchers.models import Voucher

_NUMBERED = """
UPDATE vouchers_voucher SET number = 'SQ' || id, receipt_no = 'HZ' || id, arrived_at = now() WHERE id = ANY(%s)
"""
_ARRIVALS = """
INSERT INTO vouchers_quotaevent (period_id, kind, arrived_at, voucher_id, payload)
SELECT period_id, 'arrive', clock_timestamp() + %s, id, '{}' FROM vouchers_voucher WHERE id = ANY(%s)
ORDER BY id %% 997, id
"""


def hand_in(pks: list[int]) -> None:
    """All of them arrive, shuffled over cities and suppliers."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERED, [pks])
        bulk_perform(Voucher, pks, "arrive", at=clock.now())
        cursor.execute(_ARRIVALS, [clock.offset(), pks])


def decide_all(crowd: Crowd, share: Decimal = Decimal(1)) -> None:
    """`share`: how much of what is asked for is granted."""
    give_quota(crowd, share)
    hand_in(crowd.voucher_ids)
    domain.allocate(period_id=crowd.world.period.pk)
