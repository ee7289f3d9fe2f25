"""Rules B: who may apply (rule keys in each test)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from platform_site.accounts.domain import impose_standing
from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from tests.vouchers.shared_world import base_world, world
from tests.vouchers.world import SHENZHEN, World, apply, issue, make_enterprise, make_form, make_product
from vouchers import domain, policies
from vouchers.enums import VoidGround
from vouchers.models import Enterprise

__all__ = ["base_world", "world"]
ITEMS = (7, 22)


def refused(call, *args, **kwargs) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    for finding in caught.value.findings:
        assert finding.clause
        assert finding.reason
        assert finding.remedy
    return caught.value


def pairs(refusal: Refusal) -> list[tuple[str, str]]:
    return [(finding.code, finding.clause) for finding in refusal.findings]


def test_s19_4_1_1_a_wrong_company_number_is_named(world: World):
    enterprise, _ = make_enterprise(world, submitted=False)
    enterprise.uscc = enterprise.uscc[:-1] + ("0" if enterprise.uscc[-1] != "0" else "1")
    found = policies.enterprise_submission(enterprise, date(2020, 6, 1))
    assert [(one.code, one.clause) for one in found] == [("uscc.check_digit", "S19/4.1.1")]


def test_n20_2_an_enterprise_of_shenzhen_is_refused_in_2020(world: World):
    enterprise, actor = make_enterprise(world, city=SHENZHEN)
    assert pairs(refused(apply, world, enterprise, actor)) == [("city.excluded", "N20/2")]


def test_s19_4_1_2_and_4_1_3_the_declarations_are_asked_for(world: World):
    enterprise, actor = make_enterprise(
        world, submitted=False, declared_no_violation=False, declared_no_other_funds=False
    )
    refusal = refused(domain.submit_enterprise, enterprise=enterprise, by=actor, at=clock.now())
    assert pairs(refusal) == [
        ("enterprise.declared_no_violation", "S19/4.1.2"),
        ("enterprise.declared_no_other_funds", "S19/4.1.3"),
    ]


def test_s19_5_3_6_a_manufacturing_enterprise_has_an_industry_code_of_section_c(world: World):
    enterprise, actor = make_enterprise(world, submitted=False, industry_code="6510")
    refusal = refused(domain.submit_enterprise, enterprise=enterprise, by=actor, at=clock.now())
    assert pairs(refusal) == [("enterprise.not_manufacturing", "S19/5.3.6")]


def test_s19_5_3_6_a_maintenance_enterprise_needs_its_brand_authorisation(world: World):
    enterprise, actor = make_enterprise(world, submitted=False, kind="maintenance", industry_code="")
    refusal = refused(domain.submit_enterprise, enterprise=enterprise, by=actor, at=clock.now())
    assert pairs(refusal) == [("enterprise.authorisation_missing", "S19/5.3.6")]


def test_s19_5_3_6_a_maintenance_enterprise_applies_for_post_sale_items_only(world: World):
    enterprise, actor = make_enterprise(world, approved=False)
    Enterprise.objects.filter(pk=enterprise.pk).update(kind="maintenance")
    enterprise.refresh_from_db()
    assert pairs(refused(apply, world, enterprise, actor)) == [("enterprise.maintenance_item", "S19/5.3.6")]
    receipt = apply(world, enterprise, actor, item=22, total="50000.00", devices=30)
    assert receipt.state == "under_review"


def test_s19_5_3_8_an_enterprise_hands_its_profile_in_before_it_applies(world: World):
    enterprise, actor = make_enterprise(world, submitted=False)
    assert pairs(refused(apply, world, enterprise, actor)) == [("enterprise.not_submitted", "S19/5.3.8")]


def test_ref_an_application_before_the_enterprise_s_review_is_not_approved_before_it(world: World):
    enterprise, actor = make_enterprise(world, approved=False)
    receipt = apply(world, enterprise, actor)
    people, voucher = world.city(enterprise.city_id), receipt.voucher
    domain.propose_decision(voucher=voucher, proposal="approve", by=people["reviewer"], at=clock.now())
    refusal = refused(domain.decide_application, voucher=voucher, agree=True, by=people["approver"], at=clock.now())
    assert pairs(refusal) == [("enterprise.not_approved", "REF/1")]
    domain.review_enterprise(enterprise=enterprise, outcome="approve", by=people["reviewer"], at=clock.now())
    done = domain.decide_application(voucher=voucher, agree=True, by=people["approver"], at=clock.now())
    assert done.state == "issued"


def test_d_13_an_unreviewed_enterprise_keeps_few_applications_open(world: World):
    enterprise, actor = make_enterprise(world, approved=False)
    for _ in range(2):
        world.products[7] = make_product(world, 7)
        apply(world, enterprise, actor)
    world.products[7] = make_product(world, 7)
    assert pairs(refused(apply, world, enterprise, actor)) == [("enterprise.open_limit", "D/13")]


@pytest.mark.parametrize("clause", ["S19/7.5.1", "T18/8.5"])
def test_s19_7_5_1_a_barred_enterprise_is_refused_with_the_ground(world: World, clause: str):
    enterprise, actor = make_enterprise(world)
    impose_standing(
        subject_type="company", subject_key=enterprise.uscc, bar="all", from_day=date(2020, 1, 1),
        ground="提供虚假合同", clause=clause, by=world.approver, at=clock.now(),
    )  # fmt: skip
    refusal = refused(apply, world, enterprise, actor)
    assert pairs(refusal) == [("enterprise.barred", clause)]
    assert "提供虚假合同" in refusal.findings[0].reason


def test_s19_7_5_2_two_unredeemed_vouchers_bar_the_next_application_but_not_the_supplier_s_fault(world: World):
    enterprise, actor = make_enterprise(world)
    for ground in (VoidGround.SUPPLIER_FAULT, VoidGround.EXPIRED):
        voucher = issue(world, apply(world, enterprise, actor, total="50000.00").voucher)
        domain.void(voucher=voucher, ground=ground, reason="过期", clause="S19/6.1", by=world.approver, at=clock.now())
    voucher = issue(world, apply(world, enterprise, actor, total="50000.00").voucher)
    domain.give_up(voucher=voucher, by=actor, at=clock.now())
    assert pairs(refused(apply, world, enterprise, actor)) == [("enterprise.unredeemed", "S19/7.5.2")]


def test_s19_4_1_4_a_contract_serves_one_voucher_and_a_withdrawn_one_frees_it(world: World):
    enterprise, actor = make_enterprise(world)
    form = make_form(world, actor)
    first = apply(world, enterprise, actor, form=form)
    again = replace(form, contract_number=f"  {form.contract_number.lower()} ")
    refusal = refused(apply, world, enterprise, actor, form=again)
    assert pairs(refusal) == [("contract.used_in_period", "S19/5.3.7"), ("product.open_already", "S19/5.3.7")]
    domain.withdraw(voucher=first.voucher, by=actor, at=clock.now())
    assert apply(world, enterprise, actor, form=again).state == "under_review"


def test_s19_5_3_8_only_the_own_city_reviews(world: World):
    enterprise, _ = make_enterprise(world, approved=False)
    with pytest.raises(PermissionDenied):
        domain.review_enterprise(
            enterprise=enterprise, outcome="approve", by=world.city("440100")["reviewer"], at=clock.now()
        )


def test_s19_6_2_a_return_of_the_profile_carries_every_reason(world: World):
    enterprise, actor = make_enterprise(world, approved=False)
    reviewer = world.city(enterprise.city_id)["reviewer"]
    refusal = refused(
        domain.review_enterprise, enterprise=enterprise, outcome="return", findings=(), by=reviewer, at=clock.now()
    )
    assert pairs(refusal) == [("review.no_reason", "S19/6.2")]
    wrong = replace(refusal.findings[0], code="review.reason", reason="营业执照看不清")
    returned = domain.review_enterprise(
        enterprise=enterprise, outcome="return", findings=[wrong], by=reviewer, at=clock.now()
    )
    assert (returned.state, returned.findings[0]["reason"]) == ("returned", "营业执照看不清")
    assert domain.submit_enterprise(enterprise=returned, by=actor, at=clock.now()).state == "submitted"
    assert timedelta(0) < returned.created_at - clock.now() + timedelta(days=1)
