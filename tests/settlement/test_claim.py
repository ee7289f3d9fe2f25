"""The claim and the supplier's answer: every finding at once, one invoice once, times to the second."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from platform_site.kit.findings import Refusal
from settlement import domain
from settlement.models import Invoice, Redemption
from tests.settlement.world import (
    PLATFORM,
    Case,
    checked,
    claim_of,
    claimed,
    confirmed,
    draft,
    file,
    invoice_picture,
    issued,
    later,
    ticks,
    watched,
    window_opens,
)
from tests.vouchers.world import FOSHAN
from vouchers.models import Voucher

QR = "01,10,044002099111,00318207,55849.06,20200812,12345678901234418206,AB12"


def refused(step) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        step()
    return refusal.value.codes()


def hand_in(case: Case, at=None, **changes: object):
    row = case.redemption or draft(case)
    return domain.claim_redemption(redemption=row, claim=claim_of(case, **changes), by=case.actor, at=at or case.at)


def test_a_claim_before_the_window_is_refused_and_the_draft_stays(case: Case):
    draft(case)
    assert refused(lambda: hand_in(case, at=window_opens(case.world) - timedelta(seconds=1))) == ["claim.too_early"]
    assert case.fresh().state == "draft"
    assert Voucher.objects.get(pk=case.voucher.pk).state == "issued"


def test_a_claim_at_the_closing_second_is_refused(case: Case):
    draft(case)
    closing = case.world.period.redeem_to
    assert refused(lambda: hand_in(case, at=closing)) == ["claim.too_late"]
    assert hand_in(case, at=closing - timedelta(seconds=1)).state == "submitted"


def test_paid_one_cent_below_90_percent_is_refused_and_90_percent_is_taken(case: Case):
    draft(case)
    assert refused(lambda: hand_in(case, paid="13499.99")) == ["payment.share_low"]
    assert hand_in(case, paid="13500.00").state == "submitted"


def test_all_findings_come_at_once(case: Case):
    draft(case, papers=())
    assert refused(lambda: hand_in(case, paid="9000.00")) == [
        "payment.share_low",
        "paid.below_voucher",
        "acceptance.missing",
        "file.invoice_missing",
        "file.payment_missing",
    ]


def test_an_invoice_of_a_live_claim_is_taken_nowhere_else(case: Case, other: Case):
    claimed(case, number="20442000000012345678")
    draft(other)
    assert refused(lambda: hand_in(other, number="20442000000012345678")) == ["invoice.used_elsewhere"]


def test_the_database_refuses_a_second_live_invoice(case: Case, other: Case):
    claimed(case, number="20442000000012345678")
    claimed(other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.filter(redemption=other.redemption).update(key="20442000000012345678")


def test_a_claim_above_the_voucher_is_refused(case: Case):
    draft(case)
    assert refused(lambda: hand_in(case, claimed_amount=Decimal("10500.01"))) == ["claim.amount"]


def test_handing_in_twice_is_refused(case: Case):
    claimed(case)
    assert refused(lambda: hand_in(case)) == ["claim.not_editable"]


def test_an_invoice_picture_is_read_and_tied_to_its_row(case: Case):
    draft(case)
    paper = file(case.actor, "fp.png", invoice_picture(QR), "image/png")
    row = domain.attach_file(redemption=case.redemption, file=paper, kind="invoice", by=case.actor, at=case.at)
    assert (row.readout["number"], row.readout["amount_without_tax"]) == ("00318207", "55849.06")
    invoice = replace(
        claim_of(case).invoices[0], number="318207", code="044002099111", amount_without_tax=Decimal("1.00")
    )
    hand_in(case, invoices=(invoice,))
    stored = case.fresh().invoices.get()
    assert (stored.key, stored.file_id) == ("044002099111:00318207", row.pk)


def test_only_one_claim_holds_the_bonus(case: Case):
    draft(case, papers=("invoice", "payment", "acceptance", "bonus"))
    hand_in(case, bonus_claimed=True)
    assert case.fresh().bonus_holder == case.enterprise.uscc


def test_a_stranger_cannot_claim(case: Case, other: Case):
    draft(case)
    with pytest.raises(PermissionDenied):
        domain.claim_redemption(redemption=case.redemption, claim=claim_of(case), by=other.actor, at=case.at)
    assert case.fresh().state == "draft"


def test_a_stale_form_is_refused(case: Case):
    draft(case)
    claim = claim_of(case)
    stale = lambda: domain.claim_redemption(  # noqa: E731
        redemption=case.redemption, claim=claim, by=case.actor, at=case.at, version=99
    )
    assert refused(stale) == ["stale"]


def test_a_rejected_claim_comes_back_and_keeps_its_place(case: Case):
    claimed(case)
    domain.reject_delivery(
        redemption=case.redemption, reason="少两台", by=case.world.supplier_actor, at=case.at + timedelta(days=1)
    )
    assert (case.fresh().state, case.redemption.supplier_reason) == ("rejected", "少两台")
    again = hand_in(case, at=case.at + timedelta(days=2))
    assert (again.state, again.sequence, again.submitted_at) == ("submitted", 1, case.redemption.submitted_at)


def test_a_silent_supplier_is_escalated_after_its_working_days_and_may_still_confirm(case: Case):
    row = claimed(case)
    early = domain.escalate_silent(redemption=row, by=PLATFORM, at=row.supplier_due_at)
    late = domain.escalate_silent(redemption=row, by=PLATFORM, at=row.supplier_due_at + timedelta(seconds=1))
    again = domain.escalate_silent(redemption=row, by=PLATFORM, at=row.supplier_due_at + timedelta(seconds=2))
    assert (early, late, again) == (False, True, False)
    assert case.fresh().state == "escalated"
    assert confirmed(case).state == "confirmed"


def test_too_few_devices_fail_until_the_claim_is_lowered(case: Case):
    """S19/annex.note2, D/3: 10,500 ÷ 1,500 = 7 devices needed; six are really used."""
    row = watched(case, quiet=4)
    assert row.verdict.outcome == "failed"
    at = later(case)
    check = lambda: domain.check_redemption(  # noqa: E731
        redemption=case.fresh(), opinion="approve", checked=ticks(row, at), by=case.city["reviewer"], at=at
    )
    domain.take_up_redemption(redemption=row, by=case.city["reviewer"], at=at)
    domain.lower_claim(redemption=case.fresh(), amount=Decimal("9000.00"), by=case.actor, at=at)
    check()
    done = domain.decide_redemption(redemption=case.fresh(), by=case.city["approver"], at=at)
    assert (done.state, done.approved_amount) == ("approved", Decimal("9000.00"))
    assert domain.recheck(done) is True


def test_a_claim_cannot_be_raised_again_nor_changed_after_the_first_signature(case: Case):
    checked(case)
    lower = lambda amount: domain.lower_claim(  # noqa: E731
        redemption=case.fresh(), amount=Decimal(amount), by=case.actor, at=later(case)
    )
    assert refused(lambda: lower("9000.00")) == ["claim.not_lowered"]


def test_what_nobody_redeemed_is_void_and_what_was_handed_in_is_not(case: Case, other: Case):
    """S19/6.1 D/12"""
    claimed(case)
    closing = case.world.period.redeem_to
    assert domain.void_overdue(by=PLATFORM, at=closing - timedelta(seconds=1)) == 0
    assert domain.void_overdue(by=PLATFORM, at=closing) == 1
    assert domain.void_overdue(by=PLATFORM, at=closing) == 0
    states = dict(Voucher.objects.values_list("pk", "state"))
    assert states == {case.voucher.pk: "redeeming", other.voucher.pk: "void"}


def test_one_live_claim_per_voucher(case: Case):
    claimed(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        Redemption.objects.create(
            voucher=case.voucher,
            period=case.world.period,
            city_id=FOSHAN,
            voucher_amount=1,
            claimed_amount=1,
            created_at=case.at,
        )


def test_drafts_of_two_vouchers_number_on_without_gaps(case: Case):
    second = issued(case.world)
    assert [claimed(case).number, claimed(second).number] == ["DX2020-000001", "DX2020-000002"]
