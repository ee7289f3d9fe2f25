"""Messages in the mailbox: as each person chose, once, and nothing to who did not prove the mailbox."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import PermissionDenied

from platform_site.accounts import tasks
from platform_site.accounts.domain import change_profile, mail_messages
from platform_site.accounts.enums import MailChoice
from platform_site.accounts.models import User
from platform_site.kit.actor import Actor
from platform_site.messages.domain import mark_mailed, mark_read, notify
from platform_site.messages.models import Message
from platform_site.outbox.domain import deliver_all
from tests.accounts.people import AT, SETUP, person

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(minutes=5)


def chose(name: str, choice: MailChoice) -> User:
    user = person(name)
    change_profile(name=user.name, phone="", mail_choice=choice, by=Actor(user_id=user.pk), at=AT)
    return user


def told(user: User, *titles: str) -> None:
    for title in titles:
        notify(user_ids=[user.pk], title=title, body="请在 5 个工作日内改好", link="/enterprise/vouchers/", at=AT)


def letters(choice: MailChoice) -> list[tuple[list[str], str]]:
    mail.outbox.clear()
    mail_messages(choice=choice, by=SETUP, at=SOON)
    deliver_all(at=SOON)
    return [(letter.to, letter.subject) for letter in mail.outbox]


def test_one_letter_a_day_names_everything_unread():
    user = chose("lin", MailChoice.DAILY)
    told(user, "退回补正", "额度不足，候补中")
    assert letters(MailChoice.AT_ONCE) == []
    assert letters(MailChoice.DAILY) == [(["lin@example.com"], "您有 2 条未读消息")]
    body = mail.outbox[0].body
    assert [text in body for text in ("退回补正", "额度不足，候补中", "/enterprise/vouchers/")] == [True] * 3


def test_each_message_at_once_is_a_letter_of_its_own():
    told(chose("he", MailChoice.AT_ONCE), "已发券", "可以兑现了")
    assert [subject for _, subject in letters(MailChoice.AT_ONCE)] == ["已发券", "可以兑现了"]


def test_no_message_is_in_two_letters_and_none_after_never():
    told(chose("chen", MailChoice.DAILY), "退回补正")
    told(chose("wu", MailChoice.NEVER), "退回补正")
    assert letters(MailChoice.DAILY) == [(["chen@example.com"], "退回补正")]
    assert letters(MailChoice.DAILY) + letters(MailChoice.AT_ONCE) == []


def test_what_was_read_meanwhile_is_left_out():
    user = chose("zhao", MailChoice.DAILY)
    told(user, "退回补正", "已发券")
    mail_messages(choice=MailChoice.DAILY, by=SETUP, at=SOON)
    first = Message.objects.filter(user_id=user.pk).earliest("id")
    mark_read(message_ids=[first.pk], by=Actor(user_id=user.pk), at=SOON)
    deliver_all(at=SOON)
    assert [letter.subject for letter in mail.outbox] == ["已发券"]


def test_an_unproven_mailbox_and_old_messages_get_no_letter():
    stranger, late = chose("qian", MailChoice.DAILY), chose("sun", MailChoice.DAILY)
    EmailAddress.objects.filter(user=stranger).update(verified=False)
    told(stranger, "退回补正")
    notify(user_ids=[late.pk], title="旧消息", at=AT - timedelta(days=8))
    assert letters(MailChoice.DAILY) == []


def test_only_the_platform_marks_messages_as_mailed():
    with pytest.raises(PermissionDenied):
        mark_mailed(message_ids=[1], by=Actor(user_id=1), at=AT)


def test_the_daily_letter_goes_at_eight():
    planned = tasks.SCHEDULE["accounts-mail-daily"]["schedule"]
    assert (planned.hour, planned.minute) == ({8}, {0})
