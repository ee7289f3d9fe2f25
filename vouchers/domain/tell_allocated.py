"""Tell enterprises what the allocator decided about their applications."""

from collections.abc import Iterable
from datetime import datetime

from platform_site.kit.command import command
from vouchers.domain.tell import ask_supplier, tell_enterprise
from vouchers.enums import VoucherState
from vouchers.models import Voucher

_NEWS = {
    VoucherState.UNDER_REVIEW: ("已转市级审核", "额度已为您留住，金额 {amount} 元。"),
    VoucherState.WAITING: ("进入候补", "额度暂时不够，名次已保留，额度够了自动转入审核。"),
    VoucherState.REFUSED: ("不能受理", "本企业本期的奖补余额已用完。"),
}


@command
def tell_allocated(*, voucher_ids: Iterable[int], at: datetime) -> None:
    """Once per voucher and state; vouchers that have moved on meanwhile are told what they are now."""
    for voucher in Voucher.objects.filter(pk__in=list(voucher_ids)).select_related("enterprise", "supplier"):
        news = _NEWS.get(VoucherState(voucher.state))
        if news is not None:
            body = news[1].format(amount=f"{voucher.current_amount:,.2f}")
            tell_enterprise(
                voucher, title=f"{voucher.number} {news[0]}", body=body, at=at, key=f"allocated-{voucher.state}"
            )
        if voucher.state == VoucherState.UNDER_REVIEW:
            ask_supplier(voucher, at=at)
