"""Registration, city review, province review (S19/5.2.3–5)."""

from datetime import timedelta

from django.utils import timezone

from platform_site.accounts.domain import impose_standing
from platform_site.accounts.models import Membership
from platform_site.accounts.queries import bureau_of
from platform_site.audit.queries import trail_of
from platform_site.files.queries import files_visible_to
from platform_site.kit.findings import Finding
from platform_site.messages.models import Message
from suppliers import domain
from suppliers.enums import Event
from suppliers.models import Review, Supplier
from suppliers.rules.profile import SupplierProfile
from tests.accounts import people
from tests.suppliers.refused import refused
from tests.suppliers.world import (
    AT,
    FOSHAN,
    GUANGZHOU,
    OUTSIDE,
    PROFILE,
    World,
    draft,
    listed,
    on_province_desk,
    organisation,
    submitted,
)

REASONS = [
    Finding(code="review.reason", clause="S19/6.2", reason="营业执照看不清", remedy="重新扫描"),
    Finding(code="review.reason", clause="S19/6.2", reason="简介没有写服务过的企业", remedy="补两个案例"),
]


def test_a_supplier_of_the_province_goes_to_its_city_first(world: World) -> None:
    """S19/5.2.4"""
    house = submitted(FOSHAN)
    assert (house.supplier.state, house.supplier.city_id) == ("city_review", FOSHAN)


def test_a_supplier_from_outside_goes_straight_to_the_province(world: World) -> None:
    """S19/5.2.5"""
    house = submitted(OUTSIDE)
    assert (house.supplier.state, house.supplier.city_id) == ("province_review", None)


def test_the_whole_way_ends_in_the_pool_with_every_step_on_record(world: World) -> None:
    house = listed(world)
    events = [entry.event for entry in reversed(trail_of(house.supplier))]
    assert house.supplier.state == "listed"
    assert events == [
        Event.SUPPLIER_REGISTERED,
        Event.SUPPLIER_FILE_ADDED,
        Event.SUPPLIER_SUBMITTED,
        Event.SUPPLIER_REVIEWED_BY_CITY,
        Event.SUPPLIER_PROPOSED,
        Event.SUPPLIER_SIGNED,
    ]


def test_each_review_tells_the_next_desk_and_the_supplier(world: World) -> None:
    house = listed(world)
    told = list(Message.objects.order_by("pk").values_list("user_id", "title"))
    name = house.supplier.name
    officers = sorted([world.officer.user_id, world.approver.user_id, world.second_approver.user_id])
    signers = sorted([world.approver.user_id, world.second_approver.user_id])
    assert told == [
        (world.reviewers[FOSHAN].user_id, f"供应商待审核：{name}"),
        *((user, f"供应商待审核：{name}") for user in officers),
        (house.member.user_id, "地市审核已通过，已转省里"),
        *((user, f"供应商意见待签发：{name}") for user in signers),
        (house.member.user_id, f"供应商审核结果：通过（{name}）"),
    ]


def test_submitting_names_everything_that_is_missing_at_once(world: World) -> None:
    house = draft(files=(), kind="platform", introduction="", contact_name="", contact_phone="", parent_uscc="X")
    with refused(
        "uscc.length",
        "supplier.introduction_missing",
        "supplier.contact_name_missing",
        "supplier.contact_phone_missing",
        "supplier.licence_missing",
        "supplier.platform_proof_missing",
        "supplier.group_proof_missing",
    ):
        domain.submit_supplier(supplier=house.supplier, by=house.by, at=AT)


def test_a_company_cannot_be_its_own_parent(world: World) -> None:
    house = draft(files=("licence", "group"))
    profile = SupplierProfile(**(PROFILE | {"parent_uscc": house.supplier.uscc}))
    domain.edit_supplier(supplier=house.supplier, profile=profile, by=house.by, at=AT)
    with refused("supplier.own_parent"):
        domain.submit_supplier(supplier=house.supplier, by=house.by, at=AT)


def test_registering_twice_is_refused(world: World) -> None:
    house = draft()
    with refused("supplier.already_registered"):
        domain.register_supplier(
            organisation=house.supplier.organisation, profile=SupplierProfile(**PROFILE), by=house.by, at=AT
        )


def test_strangers_neither_register_nor_edit_nor_submit(world: World) -> None:
    house, other = draft(), draft()
    profile = SupplierProfile(**PROFILE)
    with refused("permission.not_own"):
        domain.register_supplier(organisation=organisation()[0], profile=profile, by=other.by, at=AT)
    with refused("permission.not_own"):
        domain.edit_supplier(supplier=house.supplier, profile=profile, by=other.by, at=AT)
    with refused("permission.not_own"):
        domain.submit_supplier(supplier=house.supplier, by=other.by, at=AT)


def test_subsidiary_and_parent_are_not_both_suppliers(world: World) -> None:
    parent = listed(world)
    child = draft(files=("licence", "group"), parent_uscc=parent.supplier.uscc, parent_name=parent.supplier.name)
    with refused("supplier.group_registered"):
        domain.submit_supplier(supplier=child.supplier, by=child.by, at=AT)


def test_two_subsidiaries_of_one_parent_are_not_both_suppliers(world: World) -> None:
    parent = people.company_number(999)
    group = {"files": ("licence", "group"), "parent_uscc": parent}
    submitted(FOSHAN, **group)
    second = draft(GUANGZHOU, **group)
    with refused("supplier.group_registered"):
        domain.submit_supplier(supplier=second.supplier, by=second.by, at=AT)


def test_an_agent_of_a_listed_supplier_does_not_register_itself(world: World) -> None:
    owner, agent = listed(world), draft()
    domain.list_agent(supplier=owner.supplier, name="代理", uscc=agent.supplier.uscc, kind="agent", by=owner.by, at=AT)
    with refused("supplier.is_agent"):
        domain.submit_supplier(supplier=agent.supplier, by=agent.by, at=AT)


def test_a_barred_company_is_refused_with_the_bars_own_clause(world: World) -> None:
    house = draft()
    impose_standing(
        subject_type="company",
        subject_key=house.supplier.uscc,
        bar="supply",
        from_day=AT.date() - timedelta(days=10),
        until_day=AT.date() + timedelta(days=10),
        ground="提供虚假合同",
        clause="S19/7.5.1",
        by=people.SETUP,
        at=AT,
    )
    with refused("supplier.barred"):
        domain.submit_supplier(supplier=house.supplier, by=house.by, at=AT)


def test_submitted_records_are_not_edited(world: World) -> None:
    house = submitted()
    with refused("edit.not_now"):
        domain.edit_supplier(supplier=house.supplier, profile=SupplierProfile(**PROFILE), by=house.by, at=AT)


def test_a_form_that_is_older_than_the_record_is_refused(world: World) -> None:
    house = draft()
    profile = SupplierProfile(**PROFILE)
    domain.edit_supplier(supplier=house.supplier, profile=profile, by=house.by, at=AT, version=1)
    with refused("stale"):
        domain.edit_supplier(supplier=house.supplier, profile=profile, by=house.by, at=AT, version=1)


def test_only_the_city_of_registration_reviews(world: World) -> None:
    house = submitted(FOSHAN)
    with refused("permission.other_city"):
        domain.review_supplier_by_city(supplier=house.supplier, outcome="pass", by=world.by_city(GUANGZHOU), at=AT)


def test_no_city_reviews_a_supplier_from_outside(world: World) -> None:
    """S19/5.2.5"""
    house = submitted(OUTSIDE)
    with refused("permission.outside_province"):
        domain.review_supplier_by_city(supplier=house.supplier, outcome="pass", by=world.by_city(FOSHAN), at=AT)


def test_entrusted_staff_decide_nothing(world: World) -> None:
    house = submitted(FOSHAN)
    bureau = bureau_of(FOSHAN)
    entrusted: Membership = people.domain.add_member(
        organisation=bureau,
        user=people.person("entrusted"),
        roles=["delegate", "city_reviewer"],
        until=AT.date() + timedelta(days=90),
        entrusted_to="某服务中心",
        scope=["supplier_review"],
        by=people.SETUP,
        at=AT,
    )
    with refused("permission.delegated"):
        domain.review_supplier_by_city(supplier=house.supplier, outcome="pass", by=people.actor(entrusted), at=AT)


def test_a_return_without_reasons_is_refused(world: World) -> None:
    house = submitted(FOSHAN)
    with refused("review.reasons_missing"):
        domain.review_supplier_by_city(supplier=house.supplier, outcome="return", by=world.by_city(FOSHAN), at=AT)


def test_a_refusal_without_ground_is_refused(world: World) -> None:
    house = submitted(FOSHAN)
    with refused("review.opinion_missing"):
        domain.review_supplier_by_city(supplier=house.supplier, outcome="refuse", by=world.by_city(FOSHAN), at=AT)


def test_a_return_carries_all_reasons_and_the_record_may_be_submitted_again(world: World) -> None:
    house = submitted(FOSHAN)
    domain.review_supplier_by_city(
        supplier=house.supplier, outcome="return", findings=REASONS, by=world.by_city(FOSHAN), at=AT
    )
    kept = Review.objects.get(supplier=house.supplier)
    assert [Finding(**one) for one in kept.findings] == REASONS
    house = house.fresh()
    assert house.supplier.state == "returned"
    domain.edit_supplier(supplier=house.supplier, profile=SupplierProfile(**PROFILE), by=house.by, at=AT)
    domain.submit_supplier(supplier=house.supplier, by=house.by, at=AT)
    assert house.fresh().supplier.state == "city_review"


def test_a_reviewed_record_is_not_reviewed_again(world: World) -> None:
    house = on_province_desk(world)
    with refused("state.not_possible"):
        domain.review_supplier_by_city(supplier=house.supplier, outcome="pass", by=world.by_city(FOSHAN), at=AT)


def test_a_refused_company_may_start_again_and_loses_nothing(world: World) -> None:
    house = submitted(FOSHAN)
    domain.review_supplier_by_city(
        supplier=house.supplier, outcome="refuse", opinion="不从事工业互联网", by=world.by_city(FOSHAN), at=AT
    )
    domain.start_supplier_again(supplier=house.supplier, by=house.by, at=AT)
    again = house.fresh().supplier
    assert (again.state, again.introduction, again.files.count()) == ("draft", PROFILE["introduction"], 1)


def test_the_city_may_read_the_evidence_only_after_the_submission(world: World) -> None:
    house = draft(FOSHAN)
    reader = world.by_city(FOSHAN)
    before = files_visible_to(reader).count()
    domain.submit_supplier(supplier=house.supplier, by=house.by, at=AT)
    assert (before, files_visible_to(reader).count(), files_visible_to(world.by_city(GUANGZHOU)).count()) == (0, 1, 0)


def test_search_finds_name_pinyin_initials_and_number(world: World) -> None:
    house = listed(world)
    text = Supplier.objects.get(pk=house.supplier.pk).search_text
    assert [word in text for word in ("机械", "jixie", "jx", house.supplier.uscc.lower())] == [True] * 4
    assert timezone.is_aware(house.supplier.listed_at)
