"""Objections: who, with what, until when, and what the public never sees (S19/6.3, P18/annex1.9)."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from platform_site.accounts.queries import bureau_of
from platform_site.audit.queries import trail_of
from platform_site.files.queries import files_visible_to
from platform_site.kit import clock
from platform_site.kit.actor import ANONYMOUS, Actor
from platform_site.messages.models import Message
from platform_site.notices.domain import answer_objection, file_objection, publish_notice
from platform_site.notices.models import Objection, PublicNotice
from platform_site.notices.queries import (
    is_undisputed,
    objections_visible_to,
    unanswered_lines,
    upheld_lines,
)
from platform_site.outbox.models import Job
from tests.accounts import people
from tests.suppliers.refused import refused
from tests.suppliers.world import paper

AT = datetime(2020, 9, 22, 2, 0, tzinfo=UTC)
LATE = datetime(2020, 9, 29, 2, 0, tzinfo=UTC)
LINES = {"SQ2020-000318": "佛山市甲机械有限公司 设备云 60,000.00 元", "SQ2020-000319": "佛山市乙机械有限公司"}
TEXT = {"name": "佛山市丙五金有限公司", "contact": "13900001111", "statement": "该设备没有联网。"}


@pytest.fixture
def city(db: None) -> Actor:
    people.set_up()
    return people.actor(people.member(bureau_of("440600"), "approver", "city_approver"))


@pytest.fixture
def notice(city: Actor) -> PublicNotice:
    return publish_notice(
        subject=("settlement.noticelist", "7"),
        title="兑现清单公示",
        days=7,
        lines=LINES,
        on_objection="settlement.note_objection",
        by=city,
        at=datetime(2020, 9, 21, 2, 0, tzinfo=UTC),
    )


def object_to(notice: PublicNotice, line: str = "SQ2020-000318", **more: object) -> Objection:
    values = {**TEXT, "evidence": paper(), "by": ANONYMOUS, "at": AT, **more}
    return file_objection(notice=notice, line_key=line, **values)


def test_anybody_may_object_and_gets_a_receipt(notice: PublicNotice) -> None:
    objection = object_to(notice)
    expected = f"YY2020-{objection.key.hex[:8].upper()}"
    assert (objection.state, objection.receipt_no, objection.filed_by) == ("filed", expected, None)


def test_everything_missing_is_named_at_once(notice: PublicNotice) -> None:
    with refused(
        "objection.name_missing",
        "objection.contact_missing",
        "objection.statement_missing",
        "objection.evidence_missing",
    ):
        object_to(notice, name=" ", contact="", statement="", evidence=None)


def test_after_the_last_day_it_is_too_late(notice: PublicNotice) -> None:
    with refused("objection.too_late"):
        object_to(notice, at=LATE)


def test_a_line_that_the_notice_does_not_have_is_refused(notice: PublicNotice) -> None:
    with refused("objection.line_unknown"):
        object_to(notice, "SQ2020-999999")


def test_the_publisher_is_told_and_its_owner_gets_a_job(notice: PublicNotice, city: Actor) -> None:
    objection = object_to(notice)
    assert list(Message.objects.values_list("user_id", "title")) == [(city.user_id, f"收到异议 {objection.receipt_no}")]
    job = Job.objects.get(task="settlement.note_objection")
    assert job.kwargs == {"notice_id": notice.pk, "objection_id": objection.pk}


def test_the_same_form_sent_twice_is_one_objection(notice: PublicNotice) -> None:
    first, second = object_to(notice, key="k1"), object_to(notice, key="k1")
    assert (first, Objection.objects.count()) == (second, 1)


def test_only_the_publishing_bureau_reads_objections_and_evidence(notice: PublicNotice, city: Actor) -> None:
    objection = object_to(notice)
    other = people.actor(people.member(bureau_of("440100"), "other", "city_approver"))
    company = people.actor(people.company(3)[1])
    seen = [list(objections_visible_to(actor)) for actor in (city, other, company, ANONYMOUS)]
    assert seen == [[objection], [], [], []]
    assert [files_visible_to(actor).count() for actor in (city, other, company)] == [1, 0, 0]


def test_an_unanswered_objection_disputes_its_line_only(notice: PublicNotice, city: Actor) -> None:
    objection = object_to(notice)
    lines = sorted(LINES)
    assert [is_undisputed([notice], line) for line in lines] == [False, True]
    answer_objection(objection=objection, upheld=False, answer="已核实，设备在线。", by=city, at=LATE)
    assert [is_undisputed([notice], line) for line in lines] == [True, True]


def test_an_objection_to_the_whole_disputes_every_line(notice: PublicNotice) -> None:
    object_to(notice, "")
    assert [is_undisputed([notice], line) for line in sorted(LINES)] == [False, False]


def test_upheld_lines_are_known(notice: PublicNotice, city: Actor) -> None:
    answer_objection(objection=object_to(notice), upheld=True, answer="情况属实。", by=city, at=LATE)
    assert (upheld_lines([notice]), unanswered_lines([notice])) == ({"SQ2020-000318"}, set())


def test_an_answer_has_words_and_comes_from_the_publishers_approver(notice: PublicNotice, city: Actor) -> None:
    objection = object_to(notice)
    other = people.actor(people.member(bureau_of("440100"), "other", "city_approver"))
    reviewer = people.actor(people.member(bureau_of("440600"), "reviewer", "city_reviewer"))
    for stranger in (other, reviewer):
        with refused("permission.answer"):
            answer_objection(objection=objection, upheld=False, answer="x", by=stranger, at=LATE)
    with refused("objection.answer_missing"):
        answer_objection(objection=objection, upheld=False, answer=" ", by=city, at=LATE)


def test_an_answered_objection_is_not_answered_again(notice: PublicNotice, city: Actor) -> None:
    objection = object_to(notice)
    answer_objection(objection=objection, upheld=False, answer="不属实。", by=city, at=LATE)
    with refused("state.not_possible"):
        answer_objection(objection=objection, upheld=True, answer="改判。", by=city, at=LATE)


def test_the_database_refuses_an_answer_without_words(notice: PublicNotice) -> None:
    objection = object_to(notice)
    with pytest.raises(IntegrityError, match="objection_answered_with_words"), transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(state="upheld")


def test_the_audit_names_no_person_of_the_objection(notice: PublicNotice) -> None:
    written = [str(entry.data) + entry.actor_label for entry in trail_of(object_to(notice))]
    assert [word in text for text in written for word in TEXT.values()] == [False] * 3


# -- pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def now_open(notice: PublicNotice, monkeypatch: pytest.MonkeyPatch) -> PublicNotice:
    monkeypatch.setattr(clock, "now", lambda: AT)
    return notice


def test_the_form_is_filed_and_the_receipt_shows_no_personal_data(now_open: PublicNotice, client: Client) -> None:
    address = f"/objections/new/{now_open.pk}/SQ2020-000318/"
    assert LINES["SQ2020-000318"] in client.get(address).content.decode()
    empty = client.post(address, {"name": "某人"})
    assert empty.status_code == 422
    assert "某人" in empty.content.decode()
    answer = client.post(address, {**TEXT, "evidence": paper()})
    objection = Objection.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/objections/{objection.key}/")
    shown = client.get(answer.url).content.decode()
    found = [word in shown for word in (objection.receipt_no, *TEXT.values())]
    assert found == [True, False, False, False]


def test_unknown_notices_lines_and_receipts_are_not_found(now_open: PublicNotice, client: Client) -> None:
    addresses = [
        "/objections/new/999999/",
        f"/objections/new/{now_open.pk}/SQ2020-999999/",
        "/objections/00000000-0000-4000-8000-000000000000/",
    ]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


def test_after_the_period_the_page_says_so_instead_of_a_form(notice: PublicNotice, client: Client) -> None:
    page = client.get(f"/objections/new/{notice.pk}/")
    assert (page.status_code, page.context["open"], "<textarea" in page.content.decode()) == (200, False, False)
