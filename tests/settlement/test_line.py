"""The straight way, from claim to payment."""

from decimal import Decimal

from settlement.domain import recheck
from settlement.queries import paid_of_batch, sum_of_batch
from tests.settlement.world import Case, claimed, confirmed, pay, payable, signed_batch, treasurer
from vouchers.models import Voucher
from vouchers.queries import ledger_differences


def test_a_claim_goes_to_the_supplier(case: Case):
    """S19/5.4.10 T18/5.4.10"""
    redemption = claimed(case)
    assert (redemption.state, redemption.sequence, redemption.number) == ("submitted", 1, "DX2020-000001")
    assert Voucher.objects.get(pk=case.voucher.pk).state == "redeeming"


def test_the_suppliers_confirmation_makes_a_key(case: Case):
    """S19/5.4.10 T18/5.4.10"""
    assert confirmed(case).state == "confirmed"
    assert case.set_up.secret != ""


def test_the_whole_line_ends_with_a_settled_voucher_and_agreeing_sums(case: Case):
    redemption = payable(case)
    assert redemption.state == "payable"
    batch = signed_batch(case)
    pay(batch, treasurer(), case)
    batch.refresh_from_db(fields=["total", "version"])
    redemption = case.fresh()
    assert redemption.state == "paid"
    assert recheck(redemption) is True
    version = redemption.notice_list.versions.get()
    assert version.total == sum_of_batch(batch) == paid_of_batch(batch) == batch.total == Decimal("10500.00")
    voucher = Voucher.objects.get(pk=case.voucher.pk)
    assert (voucher.state, voucher.paid_amount) == ("settled", Decimal("10500.00"))
    assert redemption.notice_list.state == "settled"
    assert ledger_differences(case.world.period) == {}
