"""Every list asks the database as often for three rows as for one, and seldom."""

import re
from collections import Counter
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from platform_site.accounts.models import User
from platform_site.kit.actor import Actor
from tests.architecture.crowded import Crowd
from tests.vouchers.shared_world import rolled_back

BACKEND = "platform_site.accounts.backends.SignInBackend"
MOST_QUERIES = 20
TO_DO = re.compile(r'class="n">([\d,]+)<')
VALUE, IN_LIST = re.compile(r"'[^']*'|\b\d+\b"), re.compile(r"\(\?(, \?)*\)")
LISTS = {
    "": ("/", "/catalog/", "/policy/", "/suppliers/", "/queue/", "/notices/", "/announcements/"),
    "enterprise": (
        "/enterprise/", "/enterprise/apply/", "/enterprise/vouchers/", "/enterprise/redemptions/", "/enterprise/staff/",
        "/enterprise/questions/", "/messages/",
    ),
    "supplier": (
        "/supplier/", "/supplier/products/", "/supplier/agents/", "/supplier/confirmations/",
        "/supplier/confirmations/?view=all", "/supplier/telemetry/", "/supplier/quota/", "/supplier/staff/", "/supplier/questions/",
        "/messages/",
    ),
    "reviewer": (
        "/city/", "/city/applications/", "/city/applications/?view=all", "/city/redemptions/",
        "/city/redemptions/?view=all", "/city/enterprises/", "/city/enterprises/?view=all", "/city/suppliers/",
        "/city/suppliers/?view=all", "/city/notice-lists/", "/city/objections/", "/city/batches/",
        "/city/batches/?view=all", "/city/quota/", "/city/announcements/", "/city/audit/", "/city/recoveries/",
        "/city/adoption/reviews/", "/messages/",
    ),
    "approver": ("/city/", "/city/applications/?view=sign", "/city/redemptions/?view=sign"),
    "city_admin": ("/city/staff/", "/city/audit/"),
    "officer": (
        "/province/", "/province/suppliers/", "/province/suppliers/?view=review", "/province/products/",
        "/province/products/?view=review", "/province/enterprises/", "/province/monitoring/", "/province/quota/", "/province/quota/movements/",
        "/province/quota/plans/suppliers/", "/province/quota/transfer/?kind=supplier",
        "/province/periods/", "/province/editions/", "/province/schemes/", "/province/catalog/", "/province/audit/",
        "/province/announcements/",
        "/province/recoveries/", "/province/dashboard/", "/province/dashboard/440600/", "/province/quota/what-if/",
    ),
    "province_admin": ("/province/staff/", "/province/bureaus/"),
    "treasurer": ("/finance/batches/", "/finance/batches/?view=all"),
    "operator": ("/operator/feed/",),
    "auditor": ("/auditor/vouchers/", "/auditor/audit/"),
}  # fmt: skip
STILL = {
    "/catalog/", "/policy/", "/province/dashboard/", "/", "/queue/", "/province/bureaus/", "/province/schemes/",
    "/city/adoption/reviews/",
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """One visit: queries asked, length of the page, and the sum of what its list of things to do counts."""

    queries: tuple[str, ...]
    length: int
    waiting: int


Looks = dict[tuple[str, str], list[Look]]


def client_of(actor: Actor | None) -> Client:
    client = Client()
    if actor is not None:
        client.force_login(User.objects.get(pk=actor.user_id), backend=BACKEND)
    return client


def look(client: Client, address: str) -> Look:
    """The second visit counts: the first fills caches."""
    assert client.get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address)
    waiting = sum(int(count.replace(",", "")) for count in TO_DO.findall(page.content.decode()))
    return Look(tuple(query["sql"] for query in asked), len(page.content), waiting)


def asked_more(one: Look, three: Look) -> list[str]:
    """Questions of the second look that the first did not ask as often, their values left out."""
    shapes = [Counter(IN_LIST.sub("(?)", VALUE.sub("?", sql)) for sql in seen.queries) for seen in (one, three)]
    return sorted(shapes[1] - shapes[0])


def look_at_everything(crowd: Crowd, looks: Looks) -> None:
    for person, addresses in LISTS.items():
        client = client_of(crowd.people.get(person))
        for address in addresses:
            looks.setdefault((person, address), []).append(look(client, address))


@pytest.fixture(scope="module")
def looks(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Looks:
    """Every list at one row and at three."""
    found: Looks = {}
    with django_db_blocker.unblock(), rolled_back():
        crowd = Crowd()
        crowd.grow()
        look_at_everything(crowd, found)
        crowd.grow()
        crowd.grow()
        look_at_everything(crowd, found)
    return found


@pytest.mark.parametrize(("person", "address"), [(who, address) for who, all_ in LISTS.items() for address in all_])
def test_a_list_asks_as_often_for_three_rows_as_for_one(looks: Looks, person: str, address: str) -> None:
    one, three = looks[person, address]
    assert asked_more(one, three) == []
    assert len(three.queries) == len(one.queries)
    assert len(one.queries) <= MOST_QUERIES


@pytest.mark.parametrize(("person", "address"), [(who, address) for who, all_ in LISTS.items() for address in all_])
def test_the_lists_did_grow(looks: Looks, person: str, address: str) -> None:
    one, three = looks[person, address]
    assert three.length > one.length or three.waiting > one.waiting or address in STILL
