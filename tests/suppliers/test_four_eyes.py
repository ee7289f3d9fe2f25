"""The province decides with two people; the database refuses one person twice (guard 12)."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from platform_site.kit.actor import system_actor
from suppliers import domain
from suppliers.models import Product, Proposal
from tests.accounts import people
from tests.suppliers.refused import refused
from tests.suppliers.world import (
    AT,
    FOSHAN,
    World,
    listed,
    listed_product,
    on_province_desk,
    platform,
    product_on_desk,
)


def propose(world: World, house: Any, outcome: str = "pass", **more: Any) -> Proposal:
    by = more.pop("by", world.by_officer)
    return domain.review_supplier_by_province(supplier=house.supplier, outcome=outcome, by=by, at=AT, **more)


def test_a_proposal_alone_changes_nothing(world: World) -> None:
    house = on_province_desk(world)
    propose(world, house)
    assert house.fresh().supplier.state == "province_review"


def test_the_proposer_may_not_sign(world: World) -> None:
    house = on_province_desk(world)
    both = people.actor(world.second_approver)
    proposal = propose(world, house, by=both)
    with refused("review.same_person"):
        domain.sign_supplier_review(proposal=proposal, by=both, at=AT)


def test_the_officer_may_not_sign(world: World) -> None:
    proposal = propose(world, on_province_desk(world))
    with refused("permission.approver_only"):
        domain.sign_supplier_review(proposal=proposal, by=world.by_officer, at=AT)


def test_the_database_refuses_the_same_person_twice(world: World) -> None:
    proposal = propose(world, on_province_desk(world))
    with pytest.raises(IntegrityError, match="proposal_two_people"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(signed_by=proposal.proposed_by)


def test_the_database_refuses_a_signed_proposal_without_signature(world: World) -> None:
    proposal = propose(world, on_province_desk(world))
    with pytest.raises(IntegrityError, match="proposal_signed_by_somebody"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(state="signed")


def test_the_database_refuses_a_listed_product_without_class(world: World) -> None:
    listed_one = listed_product(world, listed(world))
    with pytest.raises(IntegrityError, match="product_listed_has_class"), transaction.atomic():
        Product.objects.filter(pk=listed_one.pk).update(product_class="")


def test_only_one_proposal_waits_at_a_time(world: World) -> None:
    house = on_province_desk(world)
    propose(world, house)
    with refused("review.waiting_for_signature"):
        propose(world, house)


def test_cities_and_suppliers_do_not_propose(world: World) -> None:
    house = on_province_desk(world)
    with refused("permission.province_only"):
        propose(world, house, by=world.by_city(FOSHAN))
    with refused("permission.province_only"):
        propose(world, house, by=house.by)


def test_a_proposal_sent_back_needs_a_reason_and_frees_the_desk(world: World) -> None:
    house = on_province_desk(world)
    proposal = propose(world, house)
    with refused("review.answer_missing"):
        domain.sign_supplier_review(proposal=proposal, agree=False, by=world.by_approver, at=AT)
    domain.sign_supplier_review(proposal=proposal, agree=False, answer="补看案例", by=world.by_approver, at=AT)
    again = propose(world, house)
    assert (house.fresh().supplier.state, again.state) == ("province_review", "open")


def test_limits_and_marks_come_into_force_with_the_signature(world: World) -> None:
    house = on_province_desk(world)
    proposal = propose(world, house, quota_class="national", priority=True)
    before = (house.fresh().supplier.quota_class, house.fresh().supplier.priority)
    domain.sign_supplier_review(proposal=proposal, by=world.by_approver, at=AT)
    after = house.fresh().supplier
    assert (before, (after.quota_class, after.priority)) == (("other", False), ("national", True))


def test_the_kind_of_supplier_does_not_set_its_limit(world: World) -> None:
    assert platform(world).supplier.quota_class == "other"


def test_a_platform_provider_needs_the_review_of_its_capability(world: World) -> None:
    house = on_province_desk(world, kind="platform", files=("licence", "platform_capability"))
    with refused("supplier.platform_capability_unchecked"):
        propose(world, house)


def test_marks_of_a_listed_supplier_change_with_two_people(world: World) -> None:
    house = listed(world)
    proposal = propose(world, house, "classify", quota_class="national", priority=True)
    domain.sign_supplier_review(proposal=proposal, by=world.by_approver, at=AT)
    after = house.fresh().supplier
    assert (after.state, after.quota_class, after.priority) == ("listed", "national", True)


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        (("suspend",), "suspended"),
        (("suspend", "relist"), "listed"),
        (("suspend", "delist"), "delisted"),
        (("suspend", "drop"), "dropped"),
        (("delist",), "delisted"),
        (("drop",), "dropped"),
    ],
)
def test_suspending_restoring_and_ending_take_two_people(world: World, outcomes: tuple[str, ...], state: str) -> None:
    """D/two_people"""
    house = listed(world)
    for outcome in outcomes:
        proposal = propose(world, house.fresh(), outcome, opinion="抽查发现问题")
        domain.sign_supplier_review(proposal=proposal, by=world.by_approver, at=AT)
    assert house.fresh().supplier.state == state


def test_suspending_says_why(world: World) -> None:
    with refused("review.opinion_missing"):
        propose(world, listed(world), "suspend")


def test_outcomes_follow_the_state(world: World) -> None:
    house = listed(world)
    with refused("review.not_possible"):
        propose(world, house, "pass")
    with refused("review.not_possible"):
        propose(world, house, "relist", opinion="没有暂停过")


def test_a_person_cannot_impose_what_two_people_decide(world: World) -> None:
    house = listed(world)
    with refused("permission.platform_only"):
        domain.impose_on_supplier(
            supplier=house.supplier, outcome="suspend", ground="欺诈", by=world.by_approver, at=AT
        )


def test_a_decision_of_a_higher_floor_is_imposed_by_the_platform(world: World) -> None:
    house = listed(world)
    made = listed_product(world, house)
    by = system_actor("处理决定")
    domain.impose_on_supplier(supplier=house.supplier, outcome="suspend", ground="欺诈", by=by, at=AT)
    domain.impose_on_product(product=made, outcome="suspend", ground="功能不符", by=by, at=AT)
    made.refresh_from_db()
    assert (house.fresh().supplier.state, made.state) == ("suspended", "suspended")


def test_a_products_proposer_may_not_sign_either(world: World) -> None:
    made = product_on_desk(world, listed(world))
    both = people.actor(world.second_approver)
    proposal = domain.review_product(product=made, outcome="pass", product_class="A", by=both, at=AT)
    with refused("review.same_person"):
        domain.sign_product_review(proposal=proposal, by=both, at=AT)
    domain.sign_product_review(proposal=proposal, by=world.by_approver, at=AT)
    made.refresh_from_db()
    assert (made.state, made.product_class) == ("listed", "A")
