"""Reminders of questions that nobody has answered: before their deadline and once it has passed (S19/5.4.12).

Each occasion is told once, however often this runs; nothing is counted, all comes from dates.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied

from monitoring.enums import AskedSide, QuestionState
from monitoring.models import SignQuestion
from monitoring.permissions import SYSTEM
from platform_site.accounts.queries import day_of, member_ids, province_bureau
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.messages.domain import notify
from platform_site.working_calendar.queries import add_working_days, end_of_day

# A service, no rule of the policy: on the last working day before the deadline ends.
LAST_WORKING_DAYS = 1


@command
def remind_of_questions(*, by: Actor, at: datetime) -> int:
    """Returns how many questions are near their end or past it."""
    if not by.has(SYSTEM):
        raise PermissionDenied
    soon = end_of_day(add_working_days(day_of(at), LAST_WORKING_DAYS))
    rows = SignQuestion.objects.filter(state=QuestionState.ASKED, due_at__lte=soon)
    found = list(rows.select_related("voucher__enterprise", "voucher__supplier").order_by("pk"))
    for question in found:
        if question.due_at > at:
            _tell_asked(question, "快到说明期限", f"请在 {day_of(question.due_at):%Y-%m-%d} 结束前说明。", at)
        else:
            _tell_asked(question, "说明期限已过", "现在仍可以补交说明；没有说明的，按现有情况处理。", at)
            _tell_asker(question, at)
    return len(found)


def _tell_asked(question: SignQuestion, title: str, body: str, at: datetime) -> None:
    voucher = question.voucher
    company = voucher.enterprise if question.side == AskedSide.ENTERPRISE else voucher.supplier
    notify(
        user_ids=member_ids(company.organisation_id),
        organisation_id=company.organisation_id,
        title=f"{voucher.number}：{title}",
        body=body,
        link=f"/{question.side}/questions/{question.pk}/",
        at=at,
        key=f"question:{question.pk}:{'soon' if question.due_at > at else 'over'}",
    )


def _tell_asker(question: SignQuestion, at: datetime) -> None:
    if question.asked_by is None:
        return
    notify(
        user_ids=[question.asked_by],
        organisation_id=province_bureau().pk,
        title=f"{question.voucher.number}：{question.get_side_display()}到期没有说明",
        body="可以按现有情况处理疑点，写明理由；对方以后补交的说明仍会收到。",
        link=f"/province/monitoring/{question.voucher.number}/",
        at=at,
        key=f"question:{question.pk}:silent",
    )
