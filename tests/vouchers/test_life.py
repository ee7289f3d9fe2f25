"""Around the queue: a correction that asks for more, a second return, reminders, the closing."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import Period
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.kit.findings import Finding, Refusal
from platform_site.messages.models import Message
from tests.vouchers.test_pages import sign_in
from tests.vouchers.test_prepare import bar, opens, prepared
from tests.vouchers.world import FOSHAN, World, apply, grant, issue, make_enterprise, make_form
from vouchers import domain
from vouchers.models import QuotaBalance, Voucher, WaitingClaim
from vouchers.queries import ledger_differences

JOB = system_actor("test")
REASON = Finding("review.reason", "S19/6.2", "合同第 2 页没有盖章", "请补盖章。")
NEW = Finding("review.reason", "S19/6.2", "附件与合同不一致", "请补传。")


@pytest.fixture
def enterprise(world: World):
    return make_enterprise(world)


def returned(world: World, voucher: Voucher, *reasons: Finding, **more) -> Voucher:
    reviewer = world.city(FOSHAN)["reviewer"]
    return domain.return_application(
        voucher=voucher, findings=reasons or (REASON,), by=reviewer, at=clock.now(), **more
    )


def corrected(world: World, enterprise, voucher: Voucher, total: str) -> Voucher:
    form = make_form(world, enterprise[1], total=total, contract_number=voucher.contract.number)
    return domain.resubmit(voucher=voucher, form=form, key=f"again{total}", by=enterprise[1], at=clock.now())


def reserved(world: World) -> Decimal:
    return QuotaBalance.objects.get(period=world.period, dimension=f"city:{FOSHAN}").reserved


# -- a correction that raises the amount (platform default 5) ---------------------------------------------------------


def test_a_correction_that_asks_for_more_gets_the_difference_where_there_is_quota(world: World, enterprise):
    voucher = apply(world, *enterprise, total="200000.00").voucher
    assert voucher.amount == Decimal("140000.00")
    corrected(world, enterprise, returned(world, voucher), "300000.00")
    voucher = Voucher.objects.get()
    assert (voucher.state, voucher.amount, reserved(world)) == ("under_review", Decimal("210000.00"), voucher.amount)
    assert ledger_differences(world.period) == {}


def test_without_quota_the_difference_waits_behind_others_and_place_and_reservation_stay(world: World, enterprise):
    grant(world, [(f"city:{FOSHAN}", Decimal("150000.00"))])
    voucher = apply(world, *enterprise, total="200000.00").voucher
    other = make_enterprise(world)
    waiting = apply(world, *other, total="200000.00").voucher
    done = corrected(world, enterprise, returned(world, voucher), "300000.00")
    voucher = Voucher.objects.get(pk=done.pk)
    assert (voucher.state, voucher.amount, voucher.sequence) == ("under_review", Decimal("140000.00"), 1)
    claims = WaitingClaim.objects.order_by("arrived_at").values_list("voucher_id", "amount", "rises")
    assert list(claims) == [(waiting.pk, Decimal("140000.00"), False), (voucher.pk, Decimal("70000.00"), True)]
    page = sign_in(enterprise[1]).get(f"/enterprise/vouchers/{voucher.pk}/").content.decode()
    assert "差额 70,000.00" in page
    grant(world, [(f"city:{FOSHAN}", Decimal("400000.00"))])
    voucher = Voucher.objects.get(pk=done.pk)
    assert (voucher.amount, reserved(world)) == (Decimal("210000.00"), Decimal("350000.00"))
    assert ledger_differences(world.period) == {}


def test_an_issue_drops_the_difference_that_still_waits(world: World, enterprise):
    grant(world, [(f"city:{FOSHAN}", Decimal("150000.00"))])
    voucher = apply(world, *enterprise, total="200000.00").voucher
    corrected(world, enterprise, returned(world, voucher), "300000.00")
    issue(world, Voucher.objects.get())
    domain.allocate(period_id=world.period.pk)
    assert (Voucher.objects.get().amount, WaitingClaim.objects.count()) == (Decimal("140000.00"), 0)


def test_a_correction_that_asks_for_less_gives_back_at_once(world: World, enterprise):
    voucher = apply(world, *enterprise, total="300000.00").voucher
    corrected(world, enterprise, returned(world, voucher), "200000.00")
    assert (Voucher.objects.get().amount, reserved(world)) == (Decimal("140000.00"), Decimal("140000.00"))


# -- a second return (S19/6.2) ----------------------------------------------------------------------------------------


def test_a_second_return_names_only_what_is_new_or_marked_as_still_open(world: World, enterprise):
    voucher = returned(world, apply(world, *enterprise).voucher)
    voucher = corrected(world, enterprise, voucher, "300000.00")
    with pytest.raises(Refusal) as refused:
        returned(world, voucher, REASON, NEW)
    assert refused.value.codes() == ["return.repeated"]
    assert Voucher.objects.get().state == "under_review"
    again = returned(world, voucher, REASON, NEW, still_open={"review.reason"})
    assert [one["title"] for one in again.findings] == ["仍未解决：", "仍未解决："]


def test_the_reviewer_marks_it_on_the_page(world: World, enterprise):
    voucher = returned(world, apply(world, *enterprise).voucher)
    reviewer = sign_in(world.city(FOSHAN)["reviewer"])
    address = f"/city/applications/{voucher.pk}/"
    corrected(world, enterprise, voucher, "300000.00")
    assert "own_open" in reviewer.get(address).content.decode()
    again = {"action": "return", "own": REASON.reason}
    refused = reviewer.post(address, again)
    assert refused.status_code == 422
    assert "理由与上次重复" in refused.content.decode()
    assert reviewer.post(address, again | {"own_open": "on"}).status_code == 302
    assert Voucher.objects.get().state == "returned"


# -- reminders --------------------------------------------------------------------------------------------------------


def told(actor) -> list[str]:
    return list(Message.objects.filter(user_id=actor.user_id).order_by("pk").values_list("title", flat=True))


def test_what_is_ready_is_reminded_of_a_day_and_an_hour_before_and_not_more_often(world: World, enterprise):
    voucher = prepared(world, enterprise)
    opening = clock.now() + timedelta(days=3)
    opens(world, apply_from=opening)
    before = len(told(enterprise[1]))
    hours = (48, 23, 22, 2, 0.9, 0.5, -1)
    counts = [domain.remind_before_opening(by=JOB, at=opening - timedelta(hours=h)) for h in hours]
    assert counts == [0, 1, 0, 0, 1, 0, 0]
    assert len(told(enterprise[1])) == before + 2
    message = Message.objects.filter(user_id=enterprise[1].user_id).latest("pk")
    assert message.link == f"/enterprise/apply/{voucher.pk}/ready/"
    assert "一按就送达" in message.body


def test_a_worker_that_was_down_catches_one_reminder_up(world: World, enterprise):
    prepared(world, enterprise)
    opening = clock.now() + timedelta(days=3)
    opens(world, apply_from=opening)
    counts = [domain.remind_before_opening(by=JOB, at=opening - timedelta(minutes=m)) for m in (30, 25)]
    assert counts == [1, 0]


def test_the_reminder_says_what_has_changed_since(world: World, enterprise):
    prepared(world, enterprise)
    opening = clock.now() + timedelta(hours=20)
    opens(world, apply_from=opening)
    bar(enterprise[0].uscc, "apply")
    domain.remind_before_opening(by=JOB, at=clock.now())
    assert "备好以后有变化" in Message.objects.filter(user_id=enterprise[1].user_id).latest("pk").body


def test_a_correction_is_reminded_of_once_on_its_last_working_day(world: World, enterprise):
    voucher = returned(world, apply(world, *enterprise).voucher)
    before = len(told(enterprise[1]))
    ends = voucher.deadline_at
    assert domain.remind_of_corrections(by=JOB, at=ends - timedelta(days=6)) == 0
    for minutes in (600, 300):
        domain.remind_of_corrections(by=JOB, at=ends - timedelta(minutes=minutes))
    assert told(enterprise[1])[before:] == [f"{voucher.number} 快到补正期限"]
    assert domain.remind_of_corrections(by=JOB, at=ends + timedelta(minutes=1)) == 0


# -- the closing (platform default 4) ---------------------------------------------------------------------------------


def test_at_closing_the_waiting_lapse_and_the_returned_may_still_be_corrected(world: World, enterprise):
    voucher = returned(world, apply(world, *enterprise, total="200000.00").voucher)
    grant(world, [(f"city:{FOSHAN}", Decimal("150000.00"))])
    waiting = apply(world, *make_enterprise(world), total="200000.00").voucher
    closed = clock.now()
    Period.objects.filter(pk=world.period.pk).update(apply_to=closed)
    assert domain.lapse_waiting_at_closing(by=JOB, at=closed) == 1
    states = dict(Voucher.objects.values_list("pk", "state"))
    assert states == {voucher.pk: "returned", waiting.pk: "lapsed"}
    assert Voucher.objects.get(pk=waiting.pk).findings[0]["code"] == "application.still_waiting"
    assert corrected(world, enterprise, Voucher.objects.get(pk=voucher.pk), "200000.00").state == "under_review"
