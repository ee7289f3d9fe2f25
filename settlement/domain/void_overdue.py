"""Vouchers that nobody redeemed in time are void (S19/6.1); a claim handed in in time is never touched (default 12)."""

from datetime import datetime

from django.db.models import QuerySet

from platform_site.kit.actor import Actor
from platform_site.kit.findings import Refusal
from settlement.permissions import check_is_platform
from settlement.queries.redemptions import unredeemed
from vouchers.domain import void as void_voucher
from vouchers.enums import VoidGround
from vouchers.models import Voucher

PER_RUN = 500
REASON = "兑现期内没有提出兑现。"


def overdue_vouchers(at: datetime) -> QuerySet[Voucher]:
    """Issued, the redemption window over, nothing handed in."""
    return unredeemed().filter(period__redeem_to__lte=at).order_by("pk")


def void_overdue(*, by: Actor, at: datetime, limit: int = PER_RUN) -> int:
    """One transaction per voucher: one that moved meanwhile stops nobody else. Returns how many are void now."""
    check_is_platform(by)
    done = 0
    for voucher in overdue_vouchers(at)[:limit]:
        try:
            void_voucher(voucher=voucher, ground=VoidGround.EXPIRED, reason=REASON, clause="S19/6.1", by=by, at=at)
        except Refusal:
            continue
        done += 1
    return done
