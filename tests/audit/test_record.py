"""What is written down, and who reads it."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from platform_site.audit.domain import record, record_many
from platform_site.audit.models import Entry
from platform_site.audit.queries import entries_visible_to, search_entries, trail_of
from platform_site.kit.actor import ANONYMOUS, Actor
from platform_site.kit.command import command, current_operation
from tests.accounts.people import AT, SETUP
from tests.kit.stateful_things import organisation

pytestmark = pytest.mark.django_db
REVIEWER = Actor(user_id=7, label="佛山·何女士", organisation_id=3, roles=frozenset({"city_reviewer"}))
THING = ("tests.thing", "1")


@command
def write(event: str = "voucher.issued", *, by: Actor = REVIEWER, subject=THING, **data: object) -> uuid.UUID:
    record(by=by, at=AT, event=event, subject=subject, data=data)
    return current_operation()


def test_an_entry_says_who_did_what_to_which_thing_under_which_operation() -> None:
    """S19/5.1.2"""
    made = organisation()
    operation = write(subject=made, amount=Decimal("12.30"), at=AT)
    assert Entry.objects.filter(op=operation).values().get() == {
        "id": Entry.objects.latest("id").pk,
        "op": operation,
        "at": AT,
        "actor_user_id": 7,
        "actor_label": "佛山·何女士",
        "organisation_id": 3,
        "event": "voucher.issued",
        "subject_type": "accounts.organisation",
        "subject_id": str(made.pk),
        "data": {"amount": "12.30", "at": "2020-06-01T02:00:00Z"},
    }


def test_an_entry_reads_as_chinese_with_the_persons_note() -> None:
    write("voucher.issued")
    write("voucher.refused", reason="合同日期不符")
    assert [entry.text for entry in trail_of(THING)] == ["不予发券：合同日期不符", "发券"]


def test_the_platform_itself_has_a_name_and_no_number() -> None:
    write(by=SETUP)
    assert Entry.objects.values_list("actor_user_id", "actor_label").get() == (None, "平台·tests")


def test_the_trail_of_several_things_is_one_story_newest_first() -> None:
    write("a", subject=("tests.thing", "1"))
    write("b", subject=("tests.other", "1"))
    write("c", subject=("tests.thing", "2"))
    write("d", subject=("tests.thing", "1"))
    assert [entry.event for entry in trail_of(("tests.thing", "1"), ("tests.other", "1"))] == ["d", "b", "a"]


def test_the_trail_of_nothing_is_empty() -> None:
    write()
    assert trail_of() == []


def test_the_trail_of_an_object_is_the_trail_of_its_key() -> None:
    made = organisation()
    assert trail_of(made) == trail_of(("accounts.organisation", str(made.pk)))
    assert [entry.event for entry in trail_of(made)] == ["accounts.organisation_created"]


def test_many_entries_of_one_command_share_its_operation() -> None:
    made = [organisation(name) for name in "甲乙"]

    @command
    def write_both() -> int:
        return record_many(by=REVIEWER, at=AT, entries=[("voucher.lapsed", row, {"row": row.name}) for row in made])

    assert write_both() == 2
    written = Entry.objects.filter(event="voucher.lapsed").order_by("id")
    assert [entry.data for entry in written] == [{"row": "甲"}, {"row": "乙"}]
    assert len({entry.op for entry in written}) == 1


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (Actor(user_id=1, organisation_id=9, roles=frozenset({"auditor"})), ["a", "b", "c"]),
        (Actor(user_id=1, organisation_id=9, roles=frozenset({"province_officer"})), ["a", "b", "c"]),
        (REVIEWER, ["a"]),
        (Actor(user_id=1, organisation_id=4, roles=frozenset({"enterprise_admin"})), ["b"]),
        (Actor(user_id=1), []),
        (ANONYMOUS, []),
    ],
)
def test_an_organisation_reads_what_its_members_did_and_the_auditor_everything(actor: Actor, seen: list[str]) -> None:
    write("a")
    write("b", by=Actor(user_id=8, organisation_id=4))
    write("c", by=SETUP)
    assert [entry.event for entry in entries_visible_to(actor).order_by("id")] == seen


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("refused", ["voucher.refused"]),
        ("不予", ["voucher.refused"]),
        ("何女士", ["voucher.refused"]),
        ("17", ["voucher.issued"]),
        ("没有", []),
    ],
)
def test_the_record_is_searched_by_event_person_and_thing(text: str, found: list[str]) -> None:
    write("voucher.issued", by=SETUP, subject=("vouchers.voucher", "17"))
    write("voucher.refused")
    assert [entry.event for entry in search_entries(Entry.objects.all(), text, None)] == found


def test_the_record_is_searched_by_operation() -> None:
    write("a")
    wanted = write("b")
    assert [entry.event for entry in search_entries(Entry.objects.all(), "", wanted)] == ["b"]


def test_time_is_what_the_command_was_told() -> None:
    @command
    def late() -> Entry:
        return record(by=SETUP, at=AT + timedelta(days=3), event="a", subject=THING)

    assert late().at == AT + timedelta(days=3)
