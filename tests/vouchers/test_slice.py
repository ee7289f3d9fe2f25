"""Apply, review, issue: the straight way."""

from decimal import Decimal

from tests.vouchers.world import World, apply, issue, make_enterprise
from vouchers.queries import ledger_differences


def test_an_application_with_quota_goes_to_the_city_and_becomes_a_voucher(world: World):
    enterprise, actor = make_enterprise(world)
    receipt = apply(world, enterprise, actor)
    assert (receipt.state, receipt.sequence, receipt.position) == ("under_review", 1, None)
    assert receipt.voucher.amount == Decimal("210000.00")
    voucher = issue(world, receipt.voucher)
    assert voucher.state == "issued"
    assert ledger_differences(world.period) == {}
