"""Background work of the accounts floor."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from platform_site.accounts.domain import invitation_token, mail_messages
from platform_site.accounts.enums import MailChoice
from platform_site.accounts.policies import invitation_findings
from platform_site.accounts.queries import invitation_by_id
from platform_site.accounts.queries.members import mailable_people, person_by_id
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.messages.queries import messages_of_letter
from platform_site.outbox.domain import handles

SCHEDULE: dict[str, Any] = {
    "accounts-mail-at-once": {"task": "accounts.mail_at_once", "schedule": 120.0},
    "accounts-mail-daily": {"task": "accounts.mail_daily", "schedule": crontab(hour=8, minute=0)},
}


@shared_task(name="accounts.mail_at_once")
def mail_at_once() -> int:
    """Letters of those who want each message in the mailbox."""
    return mail_messages(choice=MailChoice.AT_ONCE, by=system_actor("邮件提醒"), at=clock.now())


@shared_task(name="accounts.mail_daily")
def mail_daily() -> int:
    """One letter a day with what is still unread."""
    return mail_messages(choice=MailChoice.DAILY, by=system_actor("邮件提醒"), at=clock.now())


@handles("accounts.mail_messages")
def mail(*, user_id: int, message_ids: list[int]) -> None:
    """Write one letter. Nothing is sent to who left, or of what was read meanwhile."""
    person = person_by_id(user_id)
    rows = messages_of_letter(user_id, message_ids)
    if person is None or not mailable_people([user_id], MailChoice(person.mail_choice)) or not rows:
        return
    context = {"person": person, "rows": rows, "site": settings.SITE_URL}
    subject = " ".join(rows[0].title.split()) if len(rows) == 1 else f"您有 {len(rows)} 条未读消息"
    body = render_to_string("emails/messages.txt", context)
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [person.email])


@handles("accounts.send_invitation")
def send_invitation(*, invitation_id: int) -> None:
    """Nothing is sent when the letter was withdrawn, replaced or accepted meanwhile."""
    letter = invitation_by_id(invitation_id)
    if letter is None or invitation_findings(letter, clock.now()):
        return
    link = settings.SITE_URL + reverse("accounts:invitation", args=[invitation_token(letter)])
    context = {"letter": letter, "link": link}
    subject = render_to_string("emails/account_invitation_subject.txt", context).strip()
    body = render_to_string("emails/account_invitation.txt", context)
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [letter.email])
