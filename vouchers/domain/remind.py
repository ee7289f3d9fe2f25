"""Reminders: before the opening for what is ready, and before the days for a correction are over."""

from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from catalog.enums import PeriodState
from platform_site.accounts.enums import ENTERPRISE
from platform_site.accounts.queries import day_of, member_ids
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.messages.domain import notify
from platform_site.working_calendar.queries import add_working_days, end_of_day
from vouchers import policies
from vouchers.domain.tell import tell_enterprise
from vouchers.enums import VoucherState
from vouchers.models import ApplicationDraft, Voucher
from vouchers.permissions import check_is_platform_or
from vouchers.queries.press import prepared_vouchers

# A service, no rule of the policy: how long before the opening, and how many working days before the end.
BEFORE_OPENING = (timedelta(days=1), timedelta(hours=1))
LAST_WORKING_DAYS = 1


def remind_before_opening(*, by: Actor, at: datetime, limit: int = 2000) -> int:
    """Those who have made something ready, a day and an hour before; a missed reminder is caught up once. Gives how
    many drafts."""
    check_is_platform_or(by, ())
    due = Q()
    for ahead in BEFORE_OPENING:
        untold = Q(reminded_at__isnull=True) | Q(reminded_at__lt=F("period__apply_from") - ahead)
        due |= Q(period__apply_from__lte=at + ahead) & untold
    rows = ApplicationDraft.objects.filter(due, prepared__isnull=False, period__apply_from__gt=at)
    found = rows.filter(period__state=PeriodState.PUBLISHED).select_related("period", "enterprise").order_by("pk")
    return sum(_remind_of_opening(draft=draft, at=at) for draft in found[:limit])


@command
def _remind_of_opening(*, draft: ApplicationDraft, at: datetime) -> int:
    voucher = prepared_vouchers().select_related("enterprise").filter(prepared_from=draft).first()
    if voucher is None:
        return 0
    found = [one for one in policies.at_the_press(voucher, voucher.enterprise, at) if one.severity == "bad"]
    opens = draft.period.apply_from
    body = f"合同 {voucher.contract.number} 已备好，到时打开页面一按就送达。"
    if found:
        body = f"合同 {voucher.contract.number} 备好以后有变化：{found[0].reason}{found[0].remedy}"
    organisation = draft.enterprise.organisation_id
    notify(
        user_ids=member_ids(organisation, *ENTERPRISE),
        organisation_id=organisation,
        title=f"{timezone.localtime(opens):%m-%d %H:%M} 开始受理",
        body=body,
        link=f"/enterprise/apply/{voucher.pk}/ready/",
        at=at,
    )
    return ApplicationDraft.objects.filter(pk=draft.pk, prepared=voucher).update(reminded_at=at)


def remind_of_corrections(*, by: Actor, at: datetime, limit: int = 2000) -> int:
    """Returned applications whose last working day for the correction has come (platform default 5). Gives how many
    stand there; each return is told of once."""
    check_is_platform_or(by, ())
    last = end_of_day(add_working_days(day_of(at), LAST_WORKING_DAYS))
    rows = Voucher.objects.filter(state=VoucherState.RETURNED, deadline_at__gt=at, deadline_at__lte=last)
    found = list(rows.select_related("enterprise").order_by("deadline_at")[:limit])
    for voucher in found:
        ends = voucher.deadline_at or last
        tell_enterprise(
            voucher,
            title=f"{voucher.number} 快到补正期限",
            body=f"{day_of(ends):%m-%d} 结束前没有重新提交，申请就失效，名次和额度都不再保留。",
            at=at,
            key=f"correction-ends-{day_of(ends).isoformat()}",
        )
    return len(found)
