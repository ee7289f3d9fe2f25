"""The right of reply: enterprise and supplier are heard before an objection is upheld, and nobody learns who objected."""

from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, override_settings
from django.urls import reverse

from platform_site.accounts.models import User
from platform_site.kit.actor import Actor
from platform_site.messages.models import Message
from platform_site.notices.models import Objection
from settlement import domain
from settlement.models import NoticeList, ObjectionReply
from settlement.queries import published_version
from settlement.queries.replies import may_still_reply, objections_about, outcomes_of, reply_due
from tests.settlement.test_claim import refused
from tests.settlement.test_money import objected
from tests.settlement.world import Case, approved, later, published


@pytest.fixture
def made(case: Case, other: Case) -> NoticeList:
    approved(case)
    approved(other)
    return published(case)


@pytest.fixture
def objection(case: Case, made: NoticeList) -> Objection:
    return objected(case, made)


def reply(objection: Objection, by: Actor, at: datetime, text: str = "设备都在，欢迎现场核查。") -> ObjectionReply:
    return domain.reply_to_objection(objection=objection, text=text, by=by, at=at)


def uphold(objection: Objection, case: Case, at: datetime) -> Objection:
    return domain.settle_objection(
        objection=objection, upheld=True, follow="postpone", answer="情况属实。", by=case.city["approver"], at=at
    )


def test_both_sides_are_invited_with_the_deadline_and_without_the_objector(case: Case, objection: Objection):
    """S19/6.3"""
    found = Message.objects.filter(title__contains=objection.receipt_no, title__startswith=case.redemption.number)
    assert {message.user_id for message in found} == {case.actor.user_id, case.world.supplier_actor.user_id}
    assert all("没有安装这套系统" in message.body for message in found)
    assert not [message for message in found if "王某" in message.body or "13800000000" in message.body]


def test_upheld_only_when_both_have_spoken_or_the_days_are_over(case: Case, objection: Objection):
    soon = later(case, 44)
    assert refused(lambda: uphold(objection, case, soon)) == ["objection.reply_open"]
    reply(objection, case.actor, soon)
    assert may_still_reply(objection, soon) is True
    reply(objection, case.world.supplier_actor, soon)
    assert may_still_reply(objection, soon) is False
    uphold(objection, case, soon)
    assert case.fresh().state == "postponed"


def test_after_the_deadline_it_may_be_upheld_unheard_and_a_late_reply_is_refused(case: Case, objection: Objection):
    over = later(case, 55)
    assert over > reply_due(objection)
    assert refused(lambda: reply(objection, case.actor, over)) == ["reply.late"]
    uphold(objection, case, over)
    assert case.fresh().state == "postponed"


def test_an_objection_may_be_rejected_at_once(case: Case, objection: Objection):
    domain.settle_objection(
        objection=objection, upheld=False, answer="已核查。", by=case.city["approver"], at=later(case, 44)
    )
    assert refused(lambda: reply(objection, case.actor, later(case, 44))) == ["reply.answered"]


def test_each_side_speaks_once_and_with_words(case: Case, objection: Objection):
    assert refused(lambda: reply(objection, case.actor, later(case, 44), " ")) == ["reply.empty"]
    reply(objection, case.actor, later(case, 44))
    assert refused(lambda: reply(objection, case.actor, later(case, 44))) == ["reply.twice"]


def test_strangers_neither_see_nor_answer_it(case: Case, other: Case, objection: Objection):
    assert list(objections_about(case.actor)) == [objection]
    assert list(objections_about(other.actor)) == []
    with pytest.raises(PermissionDenied):
        reply(objection, other.actor, later(case, 44))


def test_the_outcome_is_public_and_names_nobody(case: Case, made: NoticeList, objection: Objection, client: Client):
    domain.settle_objection(
        objection=objection, upheld=False, answer="王某所说不实。", by=case.city["approver"], at=later(case, 44)
    )
    outcome = outcomes_of(published_version(made))[0]
    assert (outcome.line_no, outcome.result) == (1, "异议不成立")
    page = client.get(reverse("public:notice", args=[made.number])).content.decode()
    assert "已答复的异议" in page
    assert "王某" not in page
    assert "13800000000" not in page


def test_the_pages_of_both_sides_and_the_officers(case: Case, other: Case, objection: Objection, client: Client):
    for portal, actor in (("enterprise", case.actor), ("supplier", case.world.supplier_actor)):
        client.force_login(User.objects.get(pk=actor.user_id))
        assert objection.receipt_no in client.get(reverse(f"{portal}:objections")).content.decode()
        page = client.get(reverse(f"{portal}:objection", args=[objection.pk])).content.decode()
        assert "没有安装这套系统" in page
        assert "王某" not in page
    reply(objection, case.actor, later(case, 44))
    client.force_login(User.objects.get(pk=case.city["approver"].user_id))
    assert "欢迎现场核查" in client.get(reverse("city:objection", args=[objection.pk])).content.decode()
    client.force_login(User.objects.get(pk=other.actor.user_id))
    assert client.get(reverse("enterprise:objection", args=[objection.pk])).status_code == 404


def test_objections_have_a_pace_of_their_own(made: NoticeList, client: Client):
    address = reverse("public:objection_whole", args=[made.notice_id])
    with override_settings(OBJECTIONS_PER_HOUR=2):
        answers = [client.post(address, {"name": "甲"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert "提交太频繁" in answers[2].content.decode()
    assert 'value="甲"' in answers[2].content.decode()
