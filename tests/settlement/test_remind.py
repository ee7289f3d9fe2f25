"""Who must act hears of it before it is too late, once per occasion, and nobody hears who has acted."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from platform_site.messages.models import Message
from platform_site.working_calendar.queries import end_of_day
from settlement.domain import remind_of_deadlines, reply_to_objection
from settlement.queries.replies import reply_due
from tests.settlement.test_clawback import ordered
from tests.settlement.test_money import objected
from tests.settlement.world import PLATFORM, Case, approved, claimed, pay, payable, published, signed_batch, treasurer


def told(key: str) -> list[tuple[int, str]]:
    """Person and title of the messages of one kind, in their order."""
    found = Message.objects.filter(key__startswith=key).order_by("pk")
    return list(found.values_list("user_id", "title"))


def remind(at: datetime) -> None:
    """Twice: the second time says nothing new."""
    remind_of_deadlines(by=PLATFORM, at=at)
    remind_of_deadlines(by=PLATFORM, at=at + timedelta(minutes=5))


def test_a_voucher_nobody_redeems_is_told_of_30_7_and_1_days_before_the_window_closes(case: Case, other: Case):
    """S19/6.1"""
    closes = case.world.period.redeem_to
    claimed(other)
    for days in (31, 30, 8, 7, 6, 1):
        remind(closes - timedelta(days=days))
    people = [user for user, _ in told("redeem-by:")]
    assert people == [case.actor.user_id] * 3
    assert {title[:6] for _, title in told("redeem-by:")} == {"1 张服务券"}
    remind(closes)
    assert len(told("redeem-by:")) == 3


def test_the_supplier_hears_of_it_on_the_last_working_day_before_its_days_are_over(case: Case):
    """D/10"""
    redemption = claimed(case)
    due = redemption.supplier_due_at
    remind(due - timedelta(days=6))
    assert told("confirm-by:") == []
    remind(due - timedelta(hours=20))
    supplier = case.world.supplier_actor.user_id
    assert told("confirm-by:") == [(supplier, f"{redemption.number} 快到确认期限")]


def test_only_the_side_that_has_not_spoken_is_told_that_the_days_for_its_reply_end(case: Case, other: Case):
    """S19/6.3"""
    approved(case)
    approved(other)
    objection = objected(case, published(case))
    due = reply_due(objection)
    reply_to_objection(objection=objection, text="设备都在。", by=case.actor, at=due - timedelta(days=3))
    remind(due - timedelta(hours=20))
    assert told("reply-by:") == [(case.world.supplier_actor.user_id, "异议的说明快到期限")]


def test_a_repayment_is_told_of_7_days_and_1_day_before(case: Case):
    """S19/7.5.1"""
    payable(case)
    pay(signed_batch(case), treasurer(), case)
    case.fresh()
    clawback = ordered(case)
    for days in (8, 7, 3, 1, -1):
        remind(end_of_day(clawback.due_on - timedelta(days=days)) - timedelta(hours=3))
    assert told("repay-by:") == [(case.actor.user_id, f"{clawback.number} 快到缴回期限")] * 2


def test_only_the_platform_reminds(case: Case):
    with pytest.raises(PermissionDenied):
        remind_of_deadlines(by=case.actor, at=case.at)
