"""Messages that also reach the mailbox, as each person chose: one by one at once, or one letter a day."""

from datetime import datetime, timedelta

from platform_site.accounts.enums import MailChoice
from platform_site.accounts.queries.members import mailable_people
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.messages.domain import mark_mailed
from platform_site.messages.queries import unmailed_by_person
from platform_site.outbox.domain import enqueue

OLDEST = timedelta(days=7)  # what is older was seen here or no longer matters
PEOPLE = 500  # per call; the next call goes on


@command
def mail_messages(*, choice: MailChoice, by: Actor, at: datetime) -> int:
    """Hand the unread messages of people with this choice over to the mail, each message once. Returns how many people.

    The marks and the jobs are one transaction: a killed worker loses no letter and writes none twice.
    """
    waiting = unmailed_by_person(since=at - OLDEST)
    people = mailable_people(waiting, choice)[:PEOPLE]
    for user_id in people:
        ids = waiting[user_id]
        letters = [[one] for one in ids] if choice == MailChoice.AT_ONCE else [ids]
        for letter in letters:
            enqueue(task="accounts.mail_messages", kwargs={"user_id": user_id, "message_ids": letter}, at=at)
        mark_mailed(message_ids=ids, by=by, at=at)
    return len(people)
