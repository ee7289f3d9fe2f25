"""Rules D: applications, quota, the queue (rule keys in each test)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from catalog.models import Period
from platform_site.accounts.queries import province_bureau
from platform_site.kit import clock
from platform_site.kit.actor import Actor, system_actor
from platform_site.kit.findings import Finding, Refusal
from suppliers import domain as suppliers
from tests.rules.test_b_enterprises import pairs, refused
from tests.vouchers.shared_world import base_world, world
from tests.vouchers.world import (
    FOSHAN,
    GUANGZHOU,
    World,
    apply,
    grant,
    issue,
    make_enterprise,
    make_form,
    make_product,
    make_supplier,
    official,
)
from vouchers import domain
from vouchers.models import QuotaBalance, Voucher
from vouchers.queries import ledger_differences, queue_position
from vouchers.rules.application import Cost

__all__ = ["base_world", "world"]
ITEMS = (4, 5, 7, 12)
YUAN = Decimal
SYSTEM = system_actor("期限检查")


@pytest.fixture
def foshan(world: World):
    return make_enterprise(world)


WRONG = {
    "contract before the earliest day": (
        {"signed_on": date(2018, 3, 19)}, [("contract.signed_too_early", "S19/5.3.6")]
    ),
    "contract of tomorrow": (
        {"signed_on": date(2099, 1, 1)}, [("contract.signed_in_future", "S19/5.3.6")]
    ),
    "no contract number": ({"contract_number": " -- "}, [("contract.number_missing", "S19/5.3.6")]),
    "supplier of another contract": ({"supplier_id": 0}, [("product.other_supplier", "S19/5.3.6")]),
    "module not of the product": (
        {"modules": ("能耗看板",)}, [("modules.not_listed", "S19/5.3.6")]
    ),
    "module typed beside": ({"other_modules": ("能耗看板",)}, [("modules.not_listed", "S19/5.3.6")]),
    "no modules": ({"modules": ()}, [("modules.missing", "S19/5.3.6")]),
    "cost lines differ from the total": (
        {"costs": (Cost("订阅", "application", YUAN("299999.99")),)}, [("costs.sum_differs", "S19/5.3.6")]
    ),
    "no cost lines": ({"costs": ()}, [("costs.missing", "S19/5.3.6")]),
    "unrelated above the total": (
        {
            "unrelated_amount": YUAN("300000.01"),
            "costs": (Cost("机床", "unrelated", YUAN("300000.01")), Cost("订阅", "application", YUAN("0.00"))),
        },
        [("costs.sum_differs", "S19/5.3.6"), ("contract.unrelated_above_total", "S19/5.3.6")],
    ),
    "unrelated part without its line": (
        {"unrelated_amount": YUAN("1000.00")}, [("costs.unrelated_differs", "S19/5.3.6")]
    ),
    "everything unrelated": (
        {"unrelated_amount": YUAN("300000.00"), "costs": (Cost("机床", "unrelated", YUAN("300000.00")),)},
        [("contract.nothing_related", "S19/5.3.6")],
    ),
    "outside the province": ({"place_city": ""}, [("place.outside", "S19/4.3")]),
    "a city that is none": ({"place_city": "110100"}, [("place.outside", "S19/4.3")]),
    "no place": ({"place": " "}, [("place.missing", "S19/4.3")]),
    "no contract file": ({"files": ()}, [("files.contract_missing", "S19/5.3.6")]),
    "no declaration": ({"declares_no_other_funds": False}, [("declaration.other_funds", "S19/4.1.3")]),
    "no commitment": ({"commits": False}, [("commitment.missing", "REF/2")]),
    "a pilot that does not run": ({"pilot_id": 999}, [("pilot.not_running", "S19/5.6.18")]),
}  # fmt: skip


def test_a_wrong_application_is_refused_with_clause_and_remedy(world: World, foshan):
    """T18/4.3"""
    forms = {name: make_form(world, foshan[1], **changes) for name, (changes, _) in WRONG.items()}
    found = {name: pairs(refused(apply, world, *foshan, form=form)) for name, form in forms.items()}
    assert found == {name: expected for name, (_, expected) in WRONG.items()}
    assert Voucher.objects.count() == 0


def test_d_7_a_contract_of_2018_03_20_counts(world: World, foshan):
    receipt = apply(world, *foshan, signed_on=date(2018, 3, 20))
    assert receipt.state == "under_review"


def test_everything_wrong_is_named_at_once(world: World, foshan):
    form = make_form(world, foshan[1], signed_on=date(2018, 1, 1), modules=(), place="", files=(), commits=False)
    codes = [code for code, _ in pairs(refused(apply, world, *foshan, form=form))]
    assert codes == [
        "modules.missing",
        "place.missing",
        "files.contract_missing",
        "commitment.missing",
        "contract.signed_too_early",
    ]


def test_s19_annex_4_an_item_may_ask_for_a_least_number_of_modules(world: World, foshan):
    form = make_form(world, foshan[1], item=4, modules=tuple(world.products[4].modules[:4]))
    assert pairs(refused(apply, world, *foshan, form=form)) == [("modules.too_few", "S19/annex.4")]


def test_s19_annex_5_an_item_paid_by_the_device_asks_for_their_number(world: World, foshan):
    form = make_form(world, foshan[1], item=5)
    assert pairs(refused(apply, world, *foshan, form=form)) == [("devices.missing", "S19/annex.5")]
    receipt = apply(world, *foshan, item=5, devices=60, total="150000.00")
    assert receipt.voucher.amount == YUAN("90000.00")


def test_s19_4_4_4_a_product_that_left_the_catalog_is_refused(world: World, foshan):
    form = make_form(world, foshan[1])
    product = world.products[7]
    proposal = suppliers.review_product(
        product=product, outcome="suspend", opinion="核查", by=world.officer, at=clock.now()
    )
    suppliers.sign_product_review(proposal=proposal, by=world.approver, at=clock.now())
    assert pairs(refused(apply, world, *foshan, form=form)) == [("product.not_listed", "S19/5.2.3")]


@pytest.mark.parametrize(
    ("shift", "code"),
    [(timedelta(days=-40), "window.closed"), (timedelta(days=2), "window.not_open")],
)
def test_s19_6_1_outside_the_window_nothing_arrives(world: World, foshan, shift: timedelta, code: str):
    """The period is moved instead of the clock: its end lies before now, or its beginning after."""
    period = world.period
    Period.objects.filter(pk=period.pk).update(
        apply_from=period.apply_from + shift, apply_to=period.apply_to + shift, redeem_from=period.redeem_from,
    )  # fmt: skip
    world.period.refresh_from_db()
    assert pairs(refused(apply, world, *foshan)) == [(code, "S19/6.1")]
    assert Voucher.objects.count() == 0


def test_s19_4_4_3_the_cap_is_consumed_in_the_order_of_arrival(world: World):
    enterprise, actor = make_enterprise(world, city=GUANGZHOU)
    first = apply(world, enterprise, actor, item=7, total="400000.00")
    second = apply(world, enterprise, actor, item=12, total="200000.00")
    assert (first.voucher.amount, second.voucher.amount) == (YUAN("250000.00"), YUAN("50000.00"))
    world.products[7] = make_product(world, 7)
    third = apply(world, enterprise, actor, item=7, total="100000.00")
    assert (third.state, third.voucher.amount) == ("refused", YUAN("0.00"))
    assert [(f["code"], f["clause"]) for f in third.voucher.findings] == [("cap.exhausted", "S19/annex.note3")]


def test_s19_4_4_3_what_an_earlier_one_leaves_lets_a_later_one_rise_but_not_an_issued_one(world: World):
    enterprise, actor = make_enterprise(world, city=GUANGZHOU)
    first = apply(world, enterprise, actor, item=7, total="400000.00").voucher
    second = apply(world, enterprise, actor, item=12, total="200000.00").voucher
    domain.withdraw(voucher=first, by=actor, at=clock.now())
    domain.allocate(period_id=world.period.pk)
    second.refresh_from_db()
    assert second.amount == second.prepared_amount == YUAN("100000.00")
    assert ledger_differences(world.period) == {}
    issue(world, second)
    with pytest.raises(Refusal):
        domain.withdraw(voucher=second, by=actor, at=clock.now())


def test_s19_7_2_without_quota_an_application_waits_and_is_served_in_order(world: World):
    grant(world, [(f"city:{FOSHAN}", YUAN("300000.00"))])
    people = [make_enterprise(world) for _ in range(4)]
    receipts = [apply(world, *one, total="200000.00") for one in people]
    assert [one.state for one in receipts] == ["under_review", "under_review", "waiting", "waiting"]
    assert [one.position.place if one.position else None for one in receipts] == [None, None, 1, 2]
    assert [one.sequence for one in receipts] == [1, 2, 3, 4]
    domain.withdraw(voucher=receipts[0].voucher, by=people[0][1], at=clock.now())
    states = [Voucher.objects.get(pk=one.voucher.pk).state for one in receipts]
    assert states == ["withdrawn", "under_review", "under_review", "waiting"]
    assert ledger_differences(world.period) == {}


def test_d_4_waiting_is_strict_in_the_lacking_dimension_and_free_in_others(world: World):
    """A large one waits for Foshan; a small one of Foshan stays behind it, one of Guangzhou does not."""
    grant(world, [(f"city:{FOSHAN}", YUAN("200000.00"))])
    large, small, other = make_enterprise(world), make_enterprise(world), make_enterprise(world, city=GUANGZHOU)
    assert apply(world, *large, total="300000.00").state == "waiting"
    held = apply(world, *small, total="10000.00")
    assert held.state == "waiting"
    assert [one.lacks for one in held.position.binding] == [False]
    assert apply(world, *other, total="300000.00").state == "under_review"
    grant(world, [(f"city:{FOSHAN}", YUAN("500000.00"))])
    assert Voucher.objects.filter(state="under_review").count() == 3


def test_n20_3_2_a_supplier_s_initial_limit_binds(world: World):
    supplier, actor = make_supplier(world.officer, world.approver, world.at)
    world.products[7] = make_product(world, 7, supplier=supplier, actor=actor)
    apply(world, *make_enterprise(world))
    balance = QuotaBalance.objects.get(dimension=f"supplier:{supplier.pk}")
    assert (balance.total, balance.reserved) == (YUAN("5000000.00"), YUAN("210000.00"))


def test_s19_7_3_a_transfer_moves_only_what_is_left_and_needs_two_people(world: World):
    apply(world, *make_enterprise(world))
    source, target = f"city:{FOSHAN}", f"city:{GUANGZHOU}"
    around = {"period": world.period, "reason": "进度", "by": world.approver}

    def moved(amount: str) -> list[tuple[str, Decimal]]:
        return [(source, -YUAN(amount)), (target, YUAN(amount))]

    refusal = refused(domain.reallocate_quota, lines=moved("4800000.00"), at=clock.now(), **around)
    assert pairs(refusal) == [("plan.not_enough", "S19/7.3")]
    plan = domain.reallocate_quota(lines=moved("4790000.00"), at=clock.now(), **around)
    same = refused(domain.sign_plan, plan=plan, by=world.approver, at=clock.now())
    assert pairs(same) == [("plan.same_person", "D/four_eyes")]
    domain.sign_plan(plan=plan, by=another_approver(), at=clock.now())
    domain.allocate(period_id=world.period.pk)
    totals = dict(QuotaBalance.objects.filter(dimension__startswith="city:").values_list("dimension", "total"))
    assert (totals[source], totals[target]) == (YUAN("210000.00"), YUAN("9790000.00"))
    assert ledger_differences(world.period) == {}


def another_approver() -> Actor:
    return official(province_bureau(), "province_approver")


def test_s19_6_2_a_return_carries_all_reasons_keeps_the_place_and_lapses_after_its_days(world: World, foshan):
    receipt = apply(world, *foshan)
    reviewer = world.city(FOSHAN)["reviewer"]
    at = clock.now()
    none = refused(domain.return_application, voucher=receipt.voucher, findings=[], by=reviewer, at=at)
    assert pairs(none) == [("review.no_reason", "S19/6.2")]
    reasons = [replace(none.findings[0], reason=text) for text in ("没有盖章", "明细不清")]
    returned = domain.return_application(voucher=receipt.voucher, findings=reasons, by=reviewer, at=at)
    assert [one["reason"] for one in returned.findings] == ["没有盖章", "明细不清"]
    assert QuotaBalance.objects.get(dimension=f"city:{FOSHAN}").reserved == YUAN("210000.00")
    assert domain.lapse_overdue(by=SYSTEM, at=returned.deadline_at) == 0
    assert domain.lapse_overdue(by=SYSTEM, at=returned.deadline_at + timedelta(seconds=1)) == 1
    lapsed = Voucher.objects.get(pk=returned.pk)
    assert (lapsed.state, lapsed.findings[0]["clause"]) == ("lapsed", "D/5")
    assert QuotaBalance.objects.get(dimension=f"city:{FOSHAN}").reserved == YUAN("0.00")


def test_d_5_a_correction_may_lower_the_amount_but_keeps_product_and_contract(world: World, foshan):
    enterprise, actor = foshan
    form = make_form(world, actor)
    receipt = apply(world, enterprise, actor, form=form)
    reviewer, at = world.city(FOSHAN)["reviewer"], clock.now()
    reason = [Finding("review.reason", "S19/6.2", "金额不符")]
    voucher = domain.return_application(voucher=receipt.voucher, findings=reason, by=reviewer, at=at)
    other = replace(form, contract_number="ANOTHER-1")
    refusal = refused(domain.resubmit, voucher=voucher, form=other, key="a", by=actor, at=at)
    assert pairs(refusal) == [("correction.contract_changed", "S19/5.3.7")]
    lower = replace(form, total=YUAN("200000.00"), costs=(Cost("订阅", "application", YUAN("200000.00")),))
    done = domain.resubmit(voucher=voucher, form=lower, key="b", by=actor, at=at)
    assert (done.state, done.amount) == ("under_review", YUAN("140000.00"))
    domain.allocate(period_id=world.period.pk)
    assert QuotaBalance.objects.get(dimension=f"city:{FOSHAN}").reserved == YUAN("140000.00")
    assert ledger_differences(world.period) == {}


def test_d_4_what_still_waits_when_the_period_closes_lapses(world: World, foshan):
    grant(world, [(f"city:{FOSHAN}", YUAN("100000.00"))])
    receipt = apply(world, *foshan)
    assert receipt.state == "waiting"
    assert domain.lapse_waiting_at_closing(by=SYSTEM, at=clock.now()) == 0
    assert domain.lapse_waiting_at_closing(by=SYSTEM, at=world.period.apply_to) == 1
    lapsed = Voucher.objects.get(pk=receipt.voucher.pk)
    assert (lapsed.state, lapsed.findings[0]["clause"], queue_position(lapsed)) == ("lapsed", "D/4", None)


def test_the_person_who_proposes_does_not_sign(world: World, foshan):
    receipt = apply(world, *foshan)
    both, at = world.city(FOSHAN)["both"], clock.now()
    domain.propose_decision(voucher=receipt.voucher, proposal="approve", by=both, at=at)
    refusal = refused(domain.decide_application, voucher=receipt.voucher, agree=True, by=both, at=at)
    assert pairs(refusal) == [("review.same_person", "D/four_eyes")]


def test_s19_6_2_a_refusal_names_its_reason_and_frees_the_quota(world: World, foshan):
    receipt = apply(world, *foshan)
    people, at = world.city(FOSHAN), clock.now()
    finding = Finding("review.reason", "S19/7.5.1", "合同价格明显高于市场价。")
    domain.propose_decision(
        voucher=receipt.voucher, proposal="refuse", findings=[finding], by=people["reviewer"], at=at
    )
    done = domain.decide_application(voucher=receipt.voucher, agree=True, by=people["approver"], at=at)
    assert (done.state, done.findings[0]["clause"]) == ("refused", "S19/7.5.1")
    assert QuotaBalance.objects.get(dimension=f"city:{FOSHAN}").reserved == YUAN("0.00")


def test_d_once_the_same_form_is_handed_in_once_and_another_body_is_refused(world: World, foshan):
    form = make_form(world, foshan[1])
    first = apply(world, *foshan, form=form, key="one")
    again = apply(world, *foshan, form=form, key="one")
    assert again.number == first.number
    refusal = refused(apply, world, *foshan, form=replace(form, place="别处"), key="one")
    assert pairs(refusal) == [("idempotency.other_body", "D/once")]


def test_s19_5_6_24_a_pilot_s_client_uses_its_budget_and_comes_first_among_the_waiting(world: World):
    """S19/5.6.22 S19/5.6.23 N20/1"""
    grant(world, [(f"city:{FOSHAN}", YUAN("5000000.00")), (f"supplier:{world.supplier.pk}", YUAN("200000.00"))])
    pilot = domain.register_pilot(
        name="五金集群",
        period=world.period,
        city_code=FOSHAN,
        lead_supplier=world.supplier,
        by=world.officer,
        at=clock.now(),
    )
    domain.review_pilot(pilot=pilot, by=world.officer, at=clock.now())
    domain.start_pilot(pilot=pilot, by=world.approver, at=clock.now())
    grant(world, [(f"pilot:{pilot.pk}", YUAN("1000000.00"))])
    client, plain = make_enterprise(world), make_enterprise(world)
    domain.admit_client(pilot=pilot, enterprise=client[0], cap=YUAN("1000000.00"), by=world.officer, at=clock.now())
    assert apply(world, *plain, total="300000.00").state == "waiting"
    first = apply(world, *client, total="300000.00", pilot_id=pilot.pk)
    assert (first.state, first.position.place) == ("waiting", 1)
    grant(world, [(f"supplier:{world.supplier.pk}", YUAN("240000.00"))])
    assert Voucher.objects.get(pk=first.voucher.pk).state == "under_review"
    assert QuotaBalance.objects.get(dimension=f"pilot:{pilot.pk}").reserved == YUAN("240000.00")
    assert QuotaBalance.objects.get(dimension=f"city:{FOSHAN}").reserved == YUAN("0.00")


def test_d_13_an_unreviewed_enterprise_gives_its_place_back_after_its_days(world: World):
    enterprise, actor = make_enterprise(world, approved=False)
    receipt = apply(world, enterprise, actor)
    reviewer = world.city(FOSHAN)["reviewer"]
    reason = Finding("review.reason", "S19/5.3.8", "执照过期")
    domain.review_enterprise(enterprise=enterprise, outcome="return", findings=[reason], by=reviewer, at=clock.now())
    assert domain.requeue_unreviewed(by=SYSTEM, at=clock.now() + timedelta(days=5)) == 0
    grant(world, [(f"city:{FOSHAN}", YUAN("210000.00"))])
    second = apply(world, *make_enterprise(world))
    assert second.state == "waiting"
    assert domain.requeue_unreviewed(by=SYSTEM, at=clock.now() + timedelta(days=30)) == 1
    domain.allocate(period_id=world.period.pk)
    states = [Voucher.objects.get(pk=one.voucher.pk).state for one in (receipt, second)]
    assert states == ["waiting", "under_review"]
    assert ledger_differences(world.period) == {}


def test_d_3_what_is_paid_is_consumed_and_the_rest_released(world: World, foshan):
    voucher = issue(world, apply(world, *foshan).voucher)
    domain.mark_redeeming(voucher=voucher, by=foshan[1], at=clock.now())
    domain.settle(voucher=voucher, paid_amount=YUAN("200000.00"), by=world.approver, at=clock.now())
    domain.allocate(period_id=world.period.pk)
    balance = QuotaBalance.objects.get(dimension=f"city:{FOSHAN}")
    assert (balance.reserved, balance.consumed) == (YUAN("0.00"), YUAN("200000.00"))
    assert ledger_differences(world.period) == {}
