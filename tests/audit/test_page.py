"""The record of operations as a page."""

from typing import Any

import pytest
from django.test import Client

from platform_site.accounts.models import Organisation
from platform_site.audit.domain import record
from platform_site.audit.models import Entry
from platform_site.kit.command import command
from tests.accounts.people import AT, SETUP, member, set_up
from tests.kit.stateful_things import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor() -> Client:
    set_up()
    membership = member(Organisation.objects.get(kind="province"), "auditor", "auditor")
    client = Client()
    client.force_login(membership.user)
    return client


@command
def write(number: int) -> None:
    for serial in range(number):
        record(by=SETUP, at=AT, event="voucher.issued", subject=("tests.thing", str(serial)))


def shown(answer: Any) -> list[str]:
    return [entry.subject_id for entry in answer.context["entries"]]


def test_the_record_turns_its_pages_by_key(auditor: Client) -> None:
    write(60)
    first = auditor.get("/auditor/audit/")
    assert shown(first) == [str(serial) for serial in range(59, 9, -1)]
    second = auditor.get("/auditor/audit/", {"before": first.context["next_before"], "q": "voucher.issued"})
    assert shown(second) == [str(serial) for serial in range(9, -1, -1)]
    assert second.context["next_before"] is None


def test_the_record_can_be_asked_for_one_operation(auditor: Client) -> None:
    write(2)
    organisation()
    asked = auditor.get("/auditor/audit/", {"q": str(Entry.objects.get(event="voucher.issued", subject_id="0").op)})
    assert shown(asked) == ["1", "0"]


@pytest.mark.parametrize("asked", [{"before": "²"}, {"before": "9" * 40}, {"before": "x"}, {"q": "a\0b"}])
def test_nonsense_in_the_address_is_no_error(auditor: Client, asked: dict[str, str]) -> None:
    assert auditor.get("/auditor/audit/", asked).status_code == 200
