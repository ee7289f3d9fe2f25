"""The supplier confirms an application before the city approves it, where the edition says so (T18/5.3.7)."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from python_calamine import load_workbook

from platform_site.accounts.queries import actor_for
from platform_site.audit.queries import trail_of
from platform_site.kit import clock
from platform_site.kit.findings import Finding, Refusal
from platform_site.messages.models import Message
from platform_site.outbox.domain import deliver_all
from platform_site.portals.queries.line import voucher_line
from platform_site.working_calendar.queries import deadline
from tests.vouchers.test_pages import sign_in
from tests.vouchers.world import World, apply, issue, make_enterprise, make_form, make_supplier, make_world
from vouchers import domain
from vouchers.models import SupplierAnswer, Voucher
from vouchers.queries import life_line
from vouchers.queries.supplier_answers import applications_for, supplier_word, supplier_words, unanswered


@pytest.fixture
def asking(db: None) -> World:
    return make_world(numbers={"supplier_confirms_application": True})


def applied(world: World) -> Voucher:
    enterprise, actor = make_enterprise(world)
    receipt = apply(world, enterprise, actor)
    deliver_all(at=clock.now())
    return Voucher.objects.select_related("enterprise", "supplier", "period").get(pk=receipt.voucher.pk)


def refused(command, **arguments) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as caught:
        command(**arguments)
    return [(finding.code, finding.clause) for finding in caught.value.findings]


def approve(world: World, voucher: Voucher, at=None):
    reviewer = world.city(voucher.city_id)["reviewer"]
    return domain.propose_decision(voucher=voucher, proposal="approve", by=reviewer, at=at or clock.now())


def test_where_the_edition_does_not_ask_the_city_goes_on_alone(world: World):
    """S19/5.3.8"""
    voucher = applied(world)
    assert supplier_word(voucher, clock.now()) is None
    assert list(applications_for(world.supplier_actor)) == []
    answer = {"voucher": voucher, "by": world.supplier_actor, "at": clock.now()}
    assert refused(domain.confirm_application, **answer) == [("supplier.not_asked", "T18/5.3.7")]
    assert issue(world, voucher).state == "issued"


def test_the_city_approves_only_after_the_supplier_has_confirmed(asking: World):
    """T18/5.3.7"""
    voucher = applied(asking)
    assert [row.pk for row in unanswered(applications_for(asking.supplier_actor))] == [voucher.pk]
    assert refused(approve, world=asking, voucher=voucher) == [("supplier.awaited", "T18/5.3.7")]
    domain.confirm_application(voucher=voucher, by=asking.supplier_actor, at=clock.now())
    assert list(unanswered(applications_for(asking.supplier_actor))) == []
    assert issue(asking, voucher).state == "issued"
    events = [entry.event for entry in trail_of(voucher)]
    assert events.index("voucher.supplier_confirmed") > events.index("voucher.issued")  # newest first


def test_while_it_is_awaited_the_line_says_whose_turn_it_is(asking: World):
    """T18/5.3.7"""
    voucher = applied(asking)
    actor = asking.city(voucher.city_id)["reviewer"]
    assert life_line(voucher, at=clock.now()).turn == "供应商"
    assert voucher_line(actor, voucher.number, clock.now()).turn.who == "供应商"
    domain.confirm_application(voucher=voucher, by=asking.supplier_actor, at=clock.now())
    voucher.refresh_from_db()
    assert life_line(voucher, at=clock.now()).turn == "市级主管部门"
    assert voucher_line(actor, voucher.number, clock.now()).turn.who == "地市主管部门"


def test_the_supplier_hears_of_it_once(asking: World):
    voucher = applied(asking)
    deliver_all(at=clock.now())
    told = Message.objects.filter(link=f"/supplier/applications/{voucher.pk}/")
    assert [message.title for message in told] == [f"请确认 {voucher.number} 的申领"]


def test_an_objection_stops_the_approval_and_a_correction_asks_again(asking: World):
    """T18/5.3.7 S19/6.2"""
    voucher = applied(asking)
    city, supplier = asking.city(voucher.city_id), asking.supplier_actor
    domain.object_to_application(voucher=voucher, reason="合同没有包含巡检模块。", by=supplier, at=clock.now())
    assert refused(approve, world=asking, voucher=voucher) == [("supplier.not_agreed", "T18/5.3.7")]
    reasons = [Finding("review.own", "T18/5.3.7", "模块和合同不一致。")]
    domain.return_application(voucher=voucher, findings=reasons, by=city["reviewer"], at=clock.now())
    assert refused(domain.confirm_application, voucher=voucher, by=supplier, at=clock.now()) == [
        ("supplier.not_asked", "T18/5.3.7")
    ]
    voucher = corrected(asking, voucher)
    assert refused(approve, world=asking, voucher=voucher) == [("supplier.awaited", "T18/5.3.7")]
    domain.confirm_application(voucher=voucher, by=supplier, at=clock.now())
    assert approve(asking, voucher).proposal == "approve"


def corrected(world: World, voucher: Voucher) -> Voucher:
    member = voucher.enterprise.organisation.memberships.get()
    from_form = make_form(world, _actor(member), contract_number=voucher.contract.number)
    return domain.resubmit(
        voucher=voucher, form=from_form, key=f"again-{voucher.pk}", by=_actor(member), at=clock.now()
    )


def _actor(membership):
    return actor_for(membership.user, membership)


def test_a_confirmation_does_not_outlive_a_correction(asking: World):
    """T18/5.3.7: what was confirmed is not what stands there now."""
    voucher = applied(asking)
    domain.confirm_application(voucher=voucher, by=asking.supplier_actor, at=clock.now())
    reasons = [Finding("review.own", "S19/6.2", "地址不全。")]
    reviewer = asking.city(voucher.city_id)["reviewer"]
    domain.return_application(voucher=voucher, findings=reasons, by=reviewer, at=clock.now())
    voucher = corrected(asking, voucher)
    assert voucher.supplier_confirmed_at is None
    assert refused(approve, world=asking, voucher=voucher) == [("supplier.awaited", "T18/5.3.7")]


def test_a_silent_supplier_holds_nobody_up(asking: World):
    """D/10: the enterprise's deadlines are kept."""
    voucher = applied(asking)
    word = supplier_word(voucher, clock.now())
    assert word.due == deadline(voucher.state_since, 5)
    late = word.due + timedelta(seconds=1)
    assert refused(approve, world=asking, voucher=voucher, at=word.due) == [("supplier.awaited", "T18/5.3.7")]
    assert approve(asking, voucher, at=late).proposal == "approve"
    approver = asking.city(voucher.city_id)["approver"]
    assert domain.decide_application(voucher=voucher, agree=True, by=approver, at=late).state == "issued"


def test_a_late_objection_still_stops_the_signature(asking: World):
    """T18/5.3.7"""
    voucher = applied(asking)
    late = supplier_word(voucher, clock.now()).due + timedelta(seconds=1)
    approve(asking, voucher, at=late)
    domain.object_to_application(voucher=voucher, reason="没有签过。", by=asking.supplier_actor, at=late)
    approver = asking.city(voucher.city_id)["approver"]
    found = refused(domain.decide_application, voucher=voucher, agree=True, by=approver, at=late)
    assert found == [("supplier.not_agreed", "T18/5.3.7")]


def test_only_the_supplier_of_the_contract_answers_once_and_with_a_reason(asking: World):
    voucher, now = applied(asking), clock.now()
    _, stranger = make_supplier(asking.officer, asking.approver, asking.at)
    with pytest.raises(PermissionDenied):
        domain.confirm_application(voucher=voucher, by=stranger, at=now)
    own = {"voucher": voucher, "by": asking.supplier_actor, "at": now}
    assert refused(domain.object_to_application, reason=" ", **own) == [("supplier.no_reason", "T18/5.3.7")]
    domain.confirm_application(**own)
    assert refused(domain.object_to_application, reason="不对", **own) == [("supplier.not_asked", "T18/5.3.7")]
    assert SupplierAnswer.objects.count() == 1


def test_the_database_keeps_no_objection_without_a_reason(asking: World):
    voucher, person = applied(asking), asking.supplier_actor.user_id
    with pytest.raises(IntegrityError, match="supplier_objection_has_reason"), transaction.atomic():
        SupplierAnswer.objects.create(voucher=voucher, agrees=False, answered_by_id=person, answered_at=clock.now())


def test_the_supplier_answers_on_its_pages(asking: World):
    voucher, client = applied(asking), sign_in(asking.supplier_actor)
    place = f"/supplier/applications/{voucher.pk}/"
    assert place in client.get("/supplier/applications/").content.decode()
    page = client.get(place).content.decode()
    assert (voucher.contract.number in page, "确认无误" in page) == (True, True)
    told = client.post(place, {"action": "object", "reason": "", "version": voucher.version})
    assert (told.status_code, "不确认要写明理由" in told.content.decode()) == (422, True)
    stale = client.post(place, {"action": "object", "reason": "金额不对", "version": voucher.version + 7})
    assert (stale.status_code, "金额不对" in stale.content.decode()) == (422, True)
    assert client.post(place, {"action": "object", "reason": "金额不对", "version": voucher.version}).status_code == 302
    assert "金额不对" in client.get(place).content.decode()
    assert client.post(place, {"action": "confirm", "version": voucher.version}).status_code == 302
    assert [answer.agrees for answer in SupplierAnswer.objects.all()] == [False, True]
    assert place not in client.get("/supplier/applications/").content.decode()
    found = client.get("/supplier/applications/", {"view": "all", "q": voucher.number}).content.decode()
    assert place in found


def test_the_list_tells_until_when_and_what_was_answered_and_goes_to_excel(asking: World):
    """T18/5.3.7 D/10"""
    first, second, silent = applied(asking), applied(asking), applied(asking)
    actor, now = asking.supplier_actor, clock.now()
    domain.object_to_application(voucher=second, reason="台数多填了。", by=actor, at=now)
    Voucher.objects.filter(pk=silent.pk).update(state_since=now - timedelta(days=30))
    words = supplier_words([first, second, Voucher.objects.get(pk=silent.pk)], now)
    assert [words[row.pk].awaited for row in (first, second, silent)] == [True, False, False]
    assert (words[second.pk].says_no, words[silent.pk].silent) == (True, True)
    client = sign_in(actor)
    page = client.get("/supplier/applications/?view=all").content.decode()
    assert ("剩&nbsp;5&nbsp;个工作日" in page, "没有确认" in page, "逾期没有答复" in page) == (True, True, True)
    sheet = load_workbook(BytesIO(client.get("/supplier/applications/?export=1").content))
    rows = sheet.get_sheet_by_index(0).to_python()
    assert {row[1] for row in rows[1:]} == {first.number, silent.number}
    assert "经办人" not in rows[0]


def test_foreign_applications_are_not_there(asking: World):
    voucher = applied(asking)
    _, stranger = make_supplier(asking.officer, asking.approver, asking.at)
    client = sign_in(stranger)
    assert client.get(f"/supplier/applications/{voucher.pk}/").status_code == 404
    assert client.post(f"/supplier/applications/{voucher.pk}/", {"action": "confirm"}).status_code == 404
    assert str(voucher.number) not in client.get("/supplier/applications/?view=all").content.decode()


def test_the_city_reads_what_the_supplier_said(asking: World):
    voucher = applied(asking)
    client = sign_in(asking.city(voucher.city_id)["reviewer"])
    place = f"/city/applications/{voucher.pk}/"
    assert "等供应商确认" in client.get(place).content.decode()
    domain.object_to_application(voucher=voucher, reason="台数多填了。", by=asking.supplier_actor, at=clock.now())
    assert "台数多填了" in client.get(place).content.decode()


def test_the_list_asks_as_often_for_three_rows_as_for_one(asking: World, django_assert_max_num_queries):
    client = sign_in(asking.supplier_actor)
    counts = []
    for _ in range(2):
        for _ in range(1 + len(counts)):
            applied(asking)
        client.get("/supplier/applications/")
        with django_assert_max_num_queries(60) as asked:
            client.get("/supplier/applications/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
