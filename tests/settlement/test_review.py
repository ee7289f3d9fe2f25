"""Two signatures, and what each needs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from platform_site.kit.findings import Finding
from settlement import domain
from settlement.models import Invoice, Redemption
from tests.settlement.test_claim import hand_in, refused
from tests.settlement.world import Case, approved, checked, confirmed, later, ticks, watched
from tests.vouchers.world import FOSHAN
from vouchers.models import Voucher

REASON = Finding("review.reason", "S19/5.4.9", "验收报告缺第 3 页。", "请补传。")


def decide(case: Case, by=None, **changes: object):
    return domain.decide_redemption(redemption=case.fresh(), by=by or case.city["approver"], at=later(case), **changes)


def test_the_same_person_cannot_sign_twice(case: Case):
    watched(case)
    both = case.city["both"]
    row, at = case.fresh(), later(case)
    domain.check_redemption(redemption=row, opinion="approve", checked=ticks(row, at), by=both, at=at)
    assert refused(lambda: decide(case, both)) == ["signature.same_person"]


def test_the_database_refuses_the_same_person_too(case: Case):
    approved(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        Redemption.objects.filter(pk=case.redemption.pk).update(decided_by=case.redemption.checked_by)


def test_a_delegate_cannot_approve(case: Case):
    checked(case)
    entrusted = replace(case.city["approver"], delegated=True)
    assert refused(lambda: decide(case, entrusted)) == ["signature.delegate"]


def test_a_reviewer_alone_cannot_approve(case: Case):
    checked(case)
    second = case.world.cities[FOSHAN]["reviewer"]
    other = replace(second, user_id=case.city["both"].user_id)
    assert refused(lambda: decide(case, other)) == ["signature.not_approver"]


def test_officials_of_another_city_see_nothing_to_sign(case: Case):
    checked(case)
    stranger = replace(case.city["approver"], area_code="440100")
    with pytest.raises(PermissionDenied):
        decide(case, stranger)
    assert case.fresh().state == "under_review"


def test_a_decision_needs_the_form_check(case: Case):
    watched(case)
    domain.take_up_redemption(redemption=case.redemption, by=case.city["reviewer"], at=later(case))
    assert "decision.no_form_check" in refused(lambda: decide(case))


def test_agreeing_needs_every_line_ticked(case: Case):
    watched(case)
    row, at = case.fresh(), later(case)
    step = lambda: domain.check_redemption(  # noqa: E731
        redemption=row, opinion="approve", checked={}, by=case.city["reviewer"], at=at
    )
    assert refused(step) == ["check.not_ticked"]


def test_a_failed_verdict_cannot_be_approved(case: Case):
    """S19/5.4.13 T18/5.4.11"""
    watched(case, quiet=9)
    checked(case)
    assert refused(lambda: decide(case)) == ["decision.verdict_not_passed"]


def test_approving_freezes_verdict_and_inputs(case: Case):
    row = approved(case)
    assert (row.state, row.verdict.frozen_at) == ("approved", later(case))
    assert domain.recheck(row) is True


def test_a_return_carries_all_reasons_and_the_correction_goes_on_after_the_window(case: Case):
    checked(case, opinion="return", checked={}, findings=[REASON, replace(REASON, code="review.second")])
    assert decide(case).state == "returned"
    assert [finding["code"] for finding in case.fresh().findings] == ["review.reason", "review.second"]
    after = case.world.period.redeem_to + timedelta(days=2)
    again = hand_in(case, at=after)
    assert (again.state, again.checked_by, again.sequence) == ("under_review", None, 1)


def test_a_return_without_reasons_is_refused(case: Case):
    watched(case)
    step = lambda: checked(case, opinion="return", checked={})  # noqa: E731
    assert refused(step) == ["check.no_reasons"]


def test_a_refusal_makes_the_voucher_void_and_frees_its_invoices(case: Case):
    checked(case, opinion="refuse", checked={}, findings=[REASON], fault="enterprise")
    assert decide(case).state == "refused"
    voucher = Voucher.objects.get(pk=case.voucher.pk)
    assert (voucher.state, voucher.void_ground) == ("void", "enterprise_fault")
    assert list(Invoice.objects.values_list("live", flat=True)) == [False]


def test_the_approver_may_send_it_back_to_the_reviewer(case: Case):
    checked(case)
    domain.send_back_to_reviewer(
        redemption=case.redemption, note="再看第二张", by=case.city["approver"], at=later(case)
    )
    assert (case.fresh().state, case.redemption.checked_by) == ("under_review", None)
    assert checked(case).opinion == "approve"


def test_changed_evidence_stops_the_approval(case: Case):
    checked(case)
    Redemption.objects.filter(pk=case.redemption.pk).update(bank_account="6222000000000000")
    assert refused(lambda: decide(case)) == ["evidence.changed"]


def test_a_held_claim_goes_on_where_it_stood(case: Case):
    """D/11"""
    confirmed(case)
    reviewer = case.city["reviewer"]
    domain.hold_redemption(redemption=case.redemption, reason="核查", by=reviewer, at=later(case))
    assert case.fresh().state == "held"
    domain.release_redemption(redemption=case.redemption, by=reviewer, at=later(case))
    assert case.fresh().state == "confirmed"
