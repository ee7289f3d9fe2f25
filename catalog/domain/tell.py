"""Who hears that a draft of the policy waits for the second person, was signed, or came back."""

from datetime import datetime

from catalog.models.two_people import TwoPeopleDraft
from platform_site.accounts.enums import Role
from platform_site.accounts.queries import member_ids, province_bureau
from platform_site.kit.actor import Actor
from platform_site.messages.domain import notify


def makers_of(row: TwoPeopleDraft) -> frozenset[int]:
    """Who drafted and who handed in; nobody where the platform loaded it. Sending back forgets the latter."""
    return frozenset(user_id for user_id in (row.drafted_by, row.handed_in_by) if user_id is not None)


def tell_signers(row: TwoPeopleDraft, *, by: Actor, at: datetime) -> None:
    """Every approver of the province who is not its maker."""
    bureau = province_bureau()
    people = {*member_ids(bureau.pk, Role.PROVINCE_APPROVER)} - makers_of(row) - {by.user_id}
    body = f"“{row}”由{by.label}提交。请对照以后复核。"
    _tell(people, f"有{row.called}待复核", body, row, bureau.pk, at)


def tell_makers(row: TwoPeopleDraft, people: frozenset[int], *, title: str, body: str, by: Actor, at: datetime) -> None:
    """`title` goes on after the kind of the draft. Whoever did it themselves need not be told."""
    _tell({*people} - {by.user_id}, f"{row.called}{title}", body, row, province_bureau().pk, at)


def _tell(people: set[int], title: str, body: str, row: TwoPeopleDraft, bureau_id: int, at: datetime) -> None:
    link = f"/province/{row.desk}/{row.pk}/"
    notify(user_ids=people, title=title, body=body, link=link, organisation_id=bureau_id, at=at)
