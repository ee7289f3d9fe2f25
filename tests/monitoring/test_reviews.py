"""A verdict in question: contested with evidence, or contradicted by the operators; the city answers."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from monitoring.domain import (
    answer_review,
    contest_verdict,
    deliver_feed,
    explain_disagreement,
    fold,
    freeze_verdict,
    judge_adoption,
    judge_on_demand,
    withdraw_contest,
)
from monitoring.models import Review
from monitoring.queries import doubts_of
from monitoring.queries.reviews import reviews_visible_to
from platform_site.accounts.enums import Role
from platform_site.accounts.queries import bureau_of
from platform_site.files.queries import files_visible_to
from platform_site.kit.findings import Refusal
from platform_site.messages.models import Message
from tests.accounts import people
from tests.monitoring import world
from tests.monitoring.world import AT, SYSTEM

TODAY = date(2020, 11, 12)


def _log() -> SimpleUploadedFile:
    return SimpleUploadedFile("log.csv", "时间,设备\n2020-11-01,A-1\n".encode())


def _judged(made):
    fold(at=AT)
    return judge_adoption(voucher=made.voucher, at=AT, by=SYSTEM)


def _contest(made, by, key="k-1", **more):
    given = {"statement": "网关十月断网，设备照常开机。", "evidence": _log(), **more}
    return contest_verdict(voucher=made.voucher, by=by, at=AT, key=key, **given)


def _codes(refused):
    return refused.value.codes()


@pytest.fixture
def city(reference):
    return people.member(bureau_of("440100"), "reviewer", Role.CITY_REVIEWER)


@pytest.fixture
def failed(few, send_days):
    """Five devices are needed, four were used."""
    send_days(few, TODAY - timedelta(days=30), 30, devices=few.devices[:4], hours=5)
    assert _judged(few).outcome == "failed"
    return few


def test_a_contest_with_good_reason_asks_for_a_persons_look_and_nothing_more(failed, city):
    review = _contest(failed, people.actor(failed.enterprise))
    assert (review.state, review.kind, review.seen["outcome"]) == ("open", "enterprise", "failed")
    by = people.actor(city)
    assert [file.name for file in files_visible_to(by)] == ["log.csv"]
    answer_review(review=review, upheld=True, answer="到厂核实，五台都在用。", by=by, at=AT)
    verdict = _judged(failed)
    assert (verdict.outcome, verdict.explanation["headline"]) == ("look", "异议理由成立，须人工核实")
    codes = [doubt["code"] for doubt in doubts_of(verdict)]
    assert codes == ["adoption.too_few_devices", "adoption.review_upheld"]


def test_a_rejected_contest_changes_nothing_and_both_sides_are_told(failed, city):
    review = _contest(failed, failed.by)
    answer_review(review=review, upheld=False, answer="日志与设备编号对不上。", by=people.actor(city), at=AT)
    assert _judged(failed).outcome == "failed"
    told = Message.objects.filter(title__endswith="监测复核已答复：理由不成立")
    assert sorted(told.values_list("user_id", flat=True)) == sorted(
        [failed.enterprise.user_id, failed.supplier.user_id]
    )


def test_a_contest_needs_reason_evidence_and_a_verdict_that_is_not_passed(failed):
    with pytest.raises(Refusal) as refused:
        _contest(failed, failed.by, statement=" ", evidence=None)
    assert _codes(refused) == ["review.no_reason", "review.no_evidence"]
    _contest(failed, failed.by)
    with pytest.raises(Refusal) as refused:
        _contest(failed, failed.by, key="k-2")
    assert _codes(refused) == ["review.open"]
    _contest(failed, people.actor(failed.enterprise), key="k-3")
    other = world.monitored(serial=2, devices=1)
    with pytest.raises(Refusal) as refused:
        _contest(other, other.by)
    assert _codes(refused) == ["review.nothing"]


def test_the_same_form_twice_is_one_contest(failed):
    assert _contest(failed, failed.by).pk == _contest(failed, failed.by).pk
    assert Review.objects.count() == 1


def test_after_the_citys_decision_nothing_can_be_contested(failed):
    freeze_verdict(voucher=failed.voucher, by=SYSTEM, at=AT)
    with pytest.raises(Refusal) as refused:
        _contest(failed, failed.by)
    assert _codes(refused) == ["verdict.frozen"]


def test_only_the_two_sides_contest_and_only_their_city_answers(failed, city):
    other = world.monitored(serial=2, devices=1)
    for stranger in (other.by, people.actor(other.enterprise), people.actor(city)):
        with pytest.raises(PermissionDenied):
            _contest(failed, stranger)
    review = _contest(failed, failed.by)
    foreign = people.actor(people.member(bureau_of("440600"), "foshan", Role.CITY_REVIEWER))
    for stranger in (failed.by, foreign):
        with pytest.raises(PermissionDenied):
            answer_review(review=review, upheld=True, answer="好", by=stranger, at=AT)
    assert [one.pk for one in reviews_visible_to(people.actor(city))] == [review.pk]
    assert list(reviews_visible_to(foreign)) == list(reviews_visible_to(other.by)) == []


def test_whoever_contested_may_withdraw_and_an_answer_needs_words(failed, city):
    review = _contest(failed, failed.by)
    with pytest.raises(PermissionDenied):
        withdraw_contest(review=review, by=people.actor(failed.enterprise), at=AT)
    with pytest.raises(Refusal) as refused:
        answer_review(review=review, upheld=True, answer=" ", by=people.actor(city), at=AT)
    assert _codes(refused) == ["review.no_answer"]
    assert withdraw_contest(review=review, by=failed.by, at=AT).state == "withdrawn"
    with pytest.raises(IntegrityError, match="review_contest_with_evidence"), transaction.atomic():
        Review.objects.create(voucher=failed.voucher, ground="contest", kind="supplier", statement="x", opened_at=AT)


@pytest.fixture
def contradicted(few, send_days):
    """The supplier sends thirty days of all six; the operators saw two of them idle for twenty days."""
    send_days(few, TODAY - timedelta(days=30), 30, hours=5)
    operator = world.operator()
    days = [TODAY - timedelta(days=step) for step in range(1, 21)]
    rows = [f"{few.voucher.number},{device},{day},," for device in few.devices[:2] for day in days]
    content = "\n".join(["券号,设备编号,开始,结束,地址", *rows]).encode()
    deliver_feed(organisation=operator.organisation, name="f.csv", content=content, by=people.actor(operator), at=AT)
    return few


def test_ref_the_operators_win_and_their_contradiction_opens_a_review_once(contradicted, city):
    verdict = _judged(contradicted)
    assert (verdict.outcome, verdict.numbers["reached"]) == ("failed", 4)
    (review,) = Review.objects.all()
    assert (review.ground, review.kind, review.opened_by_id) == ("disagreement", "", None)
    assert (
        Message.objects.filter(user_id=contradicted.supplier.user_id, title__endswith="两个来源不一致，请说明").count()
        == 1
    )
    _judged(contradicted)
    explain_disagreement(review=review, explanation="两台换了网卡。", evidence=_log(), by=contradicted.by, at=AT)
    with pytest.raises(Refusal) as refused:
        explain_disagreement(review=review, explanation="再说一次", evidence=None, by=contradicted.by, at=AT)
    assert _codes(refused) == ["review.explained"]
    answer_review(review=review, upheld=False, answer="以运营商为准。", by=people.actor(city), at=AT)
    assert (_judged(contradicted).outcome, Review.objects.count()) == ("failed", 1)


def test_the_pages_of_the_two_sides_and_of_the_city(failed, city, now):
    clients = [Client() for _ in range(3)]
    for client, member in zip(clients, (failed.enterprise, failed.supplier, city), strict=True):
        client.force_login(member.user)
    enterprise, supplier, bureau = clients
    number = failed.voucher.number
    path = f"/enterprise/adoption/{number}/contest/"
    assert path in enterprise.get(f"/enterprise/adoption/{number}/").content.decode()
    assert enterprise.post(path, {"statement": "", "idempotency_key": "a"}).status_code == 422
    sent = enterprise.post(path, {"statement": "断网", "evidence": _log(), "idempotency_key": "b"})
    (review,) = Review.objects.all()
    assert sent["Location"] == f"/enterprise/adoption/reviews/{review.pk}/"
    assert number in bureau.get("/city/adoption/reviews/").content.decode()
    page = f"/city/adoption/reviews/{review.pk}/"
    assert bureau.post(page, {"result": "uphold", "answer": ""}).status_code == 422
    assert bureau.post(page, {"result": "uphold", "answer": "已到厂核实"}).status_code == 302
    for client, portal in ((enterprise, "enterprise"), (supplier, "supplier")):
        assert "已到厂核实" in client.get(f"/{portal}/adoption/reviews/{review.pk}/").content.decode()
    stranger = Client()
    stranger.force_login(world.monitored(serial=2, devices=1).supplier.user)
    assert stranger.get(f"/supplier/adoption/reviews/{review.pk}/").status_code == 404
    assert supplier.post(f"/supplier/telemetry/{number}/judge/").status_code == 302


def test_the_supplier_has_new_data_counted_and_judged_at_once(few, send_days):
    send_days(few, TODAY - timedelta(days=30), 30, hours=5)
    assert judge_on_demand(source=few.source, by=few.by, at=AT).outcome == "passed"
    with pytest.raises(PermissionDenied):
        judge_on_demand(source=few.source, by=world.monitored(serial=2, devices=1).by, at=AT)


def test_old_data_that_pass_ask_for_a_look(few, send_days):
    """D/8"""
    send_days(few, TODAY - timedelta(days=30), 30, hours=5)
    assert _judged(few).outcome == "passed"
    verdict = judge_adoption(voucher=few.voucher, at=AT + timedelta(days=60), by=SYSTEM)
    assert (verdict.outcome, [one["code"] for one in doubts_of(verdict)]) == ("look", ["adoption.data_old"])
