"""The notification centre: told once, read by the person alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from platform_site.accounts.models import Membership
from platform_site.kit.actor import ANONYMOUS, Actor
from platform_site.messages.domain import mark_read, notify
from platform_site.messages.models import Message
from platform_site.messages.queries import messages_visible_to, unread_count
from tests.accounts.people import AT, actor, company, set_up

pytestmark = pytest.mark.django_db
ME, YOU = Actor(user_id=7), Actor(user_id=8)
LATER = AT + timedelta(hours=1)


def tell(*user_ids: int, title: str = "请补正", key: str = "") -> int:
    return notify(user_ids=user_ids, title=title, at=AT, body="缺少合同第 3 页", link="/enterprise/", key=key)


def titles(actor: Actor) -> list[str]:
    return [message.title for message in messages_visible_to(actor)]


def test_every_person_gets_a_message_of_their_own() -> None:
    assert tell(7, 8, 7) == 2
    assert (titles(ME), titles(YOU), titles(Actor(user_id=9)), titles(ANONYMOUS)) == (["请补正"], ["请补正"], [], [])


def test_telling_nobody_is_no_error() -> None:
    assert (tell(), Message.objects.count()) == (0, 0)


def test_one_occasion_is_told_once_to_each_person() -> None:
    tell(7, key="returned:5:1")
    tell(7, 8, key="returned:5:1", title="又一次")
    tell(7, key="returned:5:2", title="第二次退回")
    assert (titles(ME), titles(YOU)) == (["第二次退回", "请补正"], ["又一次"])


def test_without_an_occasion_nothing_is_held_back() -> None:
    tell(7)
    tell(7)
    assert titles(ME) == ["请补正", "请补正"]


def test_a_long_title_is_cut_to_the_column() -> None:
    tell(7, title="很" * 200)
    assert titles(ME) == ["很" * 120]


def test_reading_counts_down_and_keeps_the_first_time() -> None:
    tell(7)
    tell(7)
    first, second = messages_visible_to(ME)
    counted = [unread_count(ME)]
    assert mark_read(message_ids=[first.pk], by=ME, at=LATER) == 1
    counted.append(unread_count(ME))
    assert mark_read(message_ids=[first.pk, second.pk], by=ME, at=LATER + timedelta(hours=1)) == 1
    counted.append(unread_count(ME))
    assert counted == [2, 1, 0]
    assert Message.objects.get(pk=first.pk).read_at == LATER


def test_nobody_marks_the_messages_of_somebody_else() -> None:
    tell(7)
    message = messages_visible_to(ME).get()
    marked = [mark_read(message_ids=[message.pk], by=actor, at=LATER) for actor in (YOU, ANONYMOUS)]
    assert (marked, unread_count(ME)) == ([0, 0], 1)


# -- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def person() -> Membership:
    set_up()
    return company()[1]


@pytest.fixture
def browser(person: Membership) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def shown(answer: Any) -> list[str]:
    return [message.title for message in answer.context["messages_shown"]]


def test_the_inbox_turns_its_pages_by_key(browser: Client, person: Membership) -> None:
    for number in range(35):
        tell(person.user.pk, title=f"第 {number} 条")
    first = browser.get("/messages/")
    second = browser.get("/messages/", {"before": first.context["next_before"]})
    assert shown(first) == [f"第 {number} 条" for number in range(34, 4, -1)]
    assert (shown(second), second.context["next_before"]) == ([f"第 {number} 条" for number in range(4, -1, -1)], None)


def test_the_inbox_shows_own_messages_with_their_link_and_time(browser: Client, person: Membership) -> None:
    tell(person.user.pk)
    tell(person.user.pk + 1, title="别人的事")
    page = browser.get("/messages/").content.decode()
    assert [word in page for word in ("请补正", "缺少合同第 3 页", 'href="/enterprise/"', "别人的事")] == [
        True,
        True,
        True,
        False,
    ]


def test_the_inbox_can_be_narrowed_to_what_is_unread(browser: Client, person: Membership) -> None:
    tell(person.user.pk, title="旧")
    mark_read(message_ids=messages_visible_to(actor(person)).values_list("pk", flat=True), by=actor(person), at=LATER)
    tell(person.user.pk, title="新")
    answers = browser.get("/messages/"), browser.get("/messages/", {"unread": "1"})
    assert ([shown(answer) for answer in answers], answers[0].context["unread"]) == ([["新", "旧"], ["新"]], 1)


def test_one_message_or_all_are_marked_as_read(browser: Client, person: Membership) -> None:
    for title in "甲乙丙":
        tell(person.user.pk, title=title)
    chosen = messages_visible_to(actor(person))[0]
    answer = browser.post("/messages/read/", {"id": [chosen.pk]})
    after_one = unread_count(actor(person))
    browser.post("/messages/read/")
    assert (answer["Location"], after_one, unread_count(actor(person))) == ("/messages/", 2, 0)


@pytest.mark.parametrize("text", ["²", "9" * 40, "-1", "x", ""])
def test_nonsense_in_address_or_form_is_no_error(browser: Client, text: str) -> None:
    answers = browser.get("/messages/", {"before": text}), browser.post("/messages/read/", {"id": text})
    assert [answer.status_code for answer in answers] == [200, 302]


def test_a_visitor_has_no_inbox() -> None:
    assert Client().get("/messages/")["Location"] == "/account/login/?next=/messages/"
