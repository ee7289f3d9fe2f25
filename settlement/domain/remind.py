"""Reminders before something ends: the redemption window, a supplier's days to confirm, a reply, a repayment.

Each occasion is told once, however often this runs; nothing is counted, all comes from dates.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from catalog.models import Period
from platform_site.accounts.enums import ENTERPRISE
from platform_site.accounts.queries import day_of, member_ids
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.messages.domain import notify
from platform_site.notices.models import Objection
from platform_site.working_calendar.queries import add_working_days, end_of_day
from settlement.domain.reach import tell_enterprise, tell_supplier
from settlement.enums import ClawbackState, RedemptionState, ReplySide
from settlement.models import Clawback, Redemption
from settlement.permissions import check_is_platform
from settlement.queries.redemptions import unredeemed
from settlement.queries.replies import named_redemptions, open_objections, replies_of, reply_due

# A service, no rule of the policy: days before the window closes and before a repayment, working days before the rest.
WINDOW_DAYS = (30, 7, 1)
REPAYMENT_DAYS = (7, 1)
LAST_WORKING_DAYS = 1


@command
def remind_of_deadlines(*, by: Actor, at: datetime) -> int:
    """Returns how many occasions stand before their end, told now or before."""
    check_is_platform(by)
    soon = end_of_day(add_working_days(day_of(at), LAST_WORKING_DAYS))
    return (
        sum(_window(period, at) for period in _closing_periods(at))
        + sum(_confirmation(row, at) for row in _unconfirmed(at, soon))
        + sum(_replies(one, at) for one in open_objections() if at < reply_due(one) <= soon)
        + sum(_repayment(row, at) for row in _unpaid(day_of(at)))
    )


def _closing_periods(at: datetime) -> QuerySet[Period]:
    last = at + timedelta(days=max(WINDOW_DAYS))
    return Period.objects.filter(redeem_from__lte=at, redeem_to__gt=at, redeem_to__lte=last)


def _window(period: Period, at: datetime) -> int:
    """One message per enterprise, whatever the number of its vouchers (S19/6.1)."""
    lead = min(days for days in WINDOW_DAYS if period.redeem_to <= at + timedelta(days=days))
    owners = Counter(unredeemed().filter(period=period).values_list("enterprise__organisation_id", flat=True))
    ends = f"{day_of(period.redeem_to):%Y-%m-%d}"
    for organisation, number in sorted(owners.items()):
        notify(
            user_ids=member_ids(organisation, *ENTERPRISE),
            organisation_id=organisation,
            title=f"{number} 张服务券 {ends} 前要兑现",
            body="到期没有提交兑现，服务券作废。",
            link="/enterprise/redemptions/",
            at=at,
            key=f"redeem-by:{period.pk}:{ends}:{lead}",
        )
    return len(owners)


def _unconfirmed(at: datetime, soon: datetime) -> QuerySet[Redemption]:
    rows = Redemption.objects.filter(state=RedemptionState.SUBMITTED, supplier_due_at__gt=at, supplier_due_at__lte=soon)
    return rows.select_related("voucher__enterprise", "voucher__supplier").order_by("pk")


def _confirmation(redemption: Redemption, at: datetime) -> int:
    ends = day_of(redemption.supplier_due_at or at)
    tell_supplier(
        redemption,
        title=f"{redemption.number} 快到确认期限",
        body=f"{redemption.voucher.enterprise.name}的兑现请在 {ends:%m-%d} 结束前确认，逾期转给地市。",
        at=at,
        key=f"confirm-by:{redemption.pk}:{ends}",
    )
    return 1


def _replies(objection: Objection, at: datetime) -> int:
    """Whoever of the two sides has not spoken yet."""
    ends = day_of(reply_due(objection))
    spoken = set(replies_of(objection).values_list("redemption_id", "side"))
    body = f"请在 {ends:%m-%d} 结束前说明，市局答复时会看到。"
    key = f"reply-by:{objection.pk}:{ends}"
    told = 0
    for redemption, side in _silent(objection, spoken):
        tell, home = (tell_enterprise, "enterprise") if side == ReplySide.ENTERPRISE else (tell_supplier, "supplier")
        link = f"/{home}/objections/{objection.pk}/"
        tell(redemption, title="异议的说明快到期限", body=body, at=at, link=link, key=key)
        told += 1
    return told


def _silent(objection: Objection, spoken: set[tuple[int, str]]) -> Iterator[tuple[Redemption, ReplySide]]:
    for redemption in named_redemptions(objection).order_by("pk"):
        for side in ReplySide:
            if (redemption.pk, side) not in spoken:
                yield redemption, side


def _unpaid(today: date) -> QuerySet[Clawback]:
    last = today + timedelta(days=max(REPAYMENT_DAYS))
    rows = Clawback.objects.filter(state=ClawbackState.ORDERED, due_on__gte=today, due_on__lte=last)
    return rows.select_related("redemption__voucher__enterprise").order_by("pk")


def _repayment(clawback: Clawback, at: datetime) -> int:
    left = (clawback.due_on - day_of(at)).days
    lead = min(days for days in REPAYMENT_DAYS if left <= days)
    tell_enterprise(
        clawback.redemption,
        title=f"{clawback.number} 快到缴回期限",
        body=f"请在 {clawback.due_on:%Y-%m-%d} 前缴回。",
        at=at,
        key=f"repay-by:{clawback.pk}:{lead}",
    )
    return 1
