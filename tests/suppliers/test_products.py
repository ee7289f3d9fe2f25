"""Products: what the catalog asks, whose they are, the province's review and class."""

from pathlib import Path

import pytest

from platform_site.kit.findings import Finding
from suppliers import domain
from suppliers.models import Product
from suppliers.queries import listed_products_of, may_take_part, quota_owner
from tests.accounts import people
from tests.suppliers.refused import refused
from tests.suppliers.world import (
    AT,
    FOSHAN,
    GUANGZHOU,
    House,
    World,
    draft,
    later_catalog,
    listed,
    listed_product,
    paper,
    platform,
    product,
    product_on_desk,
    sheet,
    submitted,
)


def submit(house: House, made: Product) -> None:
    domain.submit_product(product=made, by=house.by, at=AT)


@pytest.fixture
def house(world: World) -> House:
    return listed(world)


# -- what the item asks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("item", [*range(1, 25)])
def test_a_complete_product_of_every_ordinary_item_is_taken(world: World, house: House, item: int) -> None:
    assert product_on_desk(world, house, item).state == "province_review"


def test_item_4_needs_five_of_the_listed_modules(world: World, house: House) -> None:
    """S19/annex.4"""
    four = ("数据测量", "数据传输", "数据导入", "方案设计")
    with refused("product.too_few_modules"):
        submit(house, product(world, house, 4, modules=(*four, "自己想出来的模块")))
    submit(house, product(world, house, 4, modules=(*four, "生产报价")))


def test_a_product_without_modules_is_refused(world: World, house: House) -> None:
    with refused("product.too_few_modules"):
        submit(house, product(world, house, 5, modules=()))


def test_item_10_names_its_model(world: World, house: House) -> None:
    """S19/annex.10"""
    with refused("product.model_missing"):
        submit(house, product(world, house, 10, model_name="  "))


def test_item_22_names_three_situations_and_every_way_of_notice(world: World, house: House) -> None:
    """S19/annex.22"""
    with refused("product.situations_too_few", "product.channel_missing"):
        submit(house, product(world, house, 22, situations=("设备故障", "设备故障"), channels=("邮件",)))


def test_item_24_needs_base_interfaces_and_a_line_application(world: World, house: House) -> None:
    """S19/annex.24"""
    with refused("product.group_missing", "product.group_missing"):
        submit(house, product(world, house, 24, modules=("设备接入管理", "租户管理")))


def test_item_25_is_for_pilots_only(world: World, house: House) -> None:
    """S19/annex.25"""
    with refused("product.only_in_pilot"):
        submit(house, product(world, house, 25))


def test_a_number_outside_the_catalog_is_refused(world: World, house: House) -> None:
    made = domain.save_product(
        supplier=house.supplier,
        catalog_version=world.version,
        draft=domain.ProductDraft(item_number=26, name="无此项"),
        by=house.by,
        at=AT,
    )
    with refused("product.item_unknown"):
        submit(house, made)


def test_outsourcing_must_be_excluded(world: World, house: House) -> None:
    with refused("product.outsourcing_not_excluded"):
        submit(house, product(world, house, own_work=False))


def test_a_product_needs_a_name(world: World, house: House) -> None:
    with refused("product.name_missing"):
        product(world, house, name=" （） ")


# -- one product, one supplier -----------------------------------------------------------------------------------


def test_the_same_name_twice_at_one_supplier_is_refused(world: World, house: House) -> None:
    product(world, house, name="牧联设备云 V3")
    with refused("product.name_taken"):
        product(world, house, name="牧联设备云（Ｖ３）")


def test_another_suppliers_product_is_refused_however_it_is_written(world: World, house: House) -> None:
    listed_product(world, house, name="牧联设备云 V3")
    other = listed(world, GUANGZHOU)
    with refused("product.offered_by_another"):
        submit(other, product(world, other, name="牧联 设备云-v3"))


def test_a_platform_lists_an_independent_partners_product_with_proof_and_its_own_quota(
    world: World, house: House
) -> None:
    origin, provider = listed_product(world, house), platform(world)
    same = {"name": origin.name, "offer": "partner_listed", "origin": origin}
    with refused("product.cooperation_proof_missing"):
        submit(provider, product(world, provider, **same))
    Product.objects.filter(supplier=provider.supplier).delete()
    second = listed_product(world, provider, files=("cooperation",), **same)
    assert (quota_owner(origin), quota_owner(second)) == (house.supplier, provider.supplier)


def test_a_partner_without_registration_uses_the_platforms_quota(world: World) -> None:
    provider = platform(world)
    made = listed_product(
        world,
        provider,
        offer="partner",
        partner_name="某合作伙伴",
        partner_uscc=people.company_number(777),
        files=("cooperation",),
    )
    assert quota_owner(made) == provider.supplier


def test_only_platform_providers_offer_partners_products(world: World, house: House) -> None:
    with refused("product.not_platform"):
        submit(house, product(world, house, offer="partner", partner_name="某伙伴", files=("cooperation",)))


def test_a_partner_with_registration_submits_its_products_itself(world: World, house: House) -> None:
    provider = platform(world)
    made = product(
        world,
        provider,
        offer="partner",
        partner_name=house.supplier.name,
        partner_uscc=house.supplier.uscc,
        files=("cooperation",),
    )
    with refused("product.partner_is_supplier"):
        submit(provider, made)


def test_partner_and_origin_must_be_named(world: World) -> None:
    provider = platform(world)
    with refused("product.partner_missing"):
        submit(provider, product(world, provider, offer="partner", files=("cooperation",)))
    with refused("product.origin_missing"):
        submit(provider, product(world, provider, offer="partner_listed", files=("cooperation",)))


# -- the supplier's steps ----------------------------------------------------------------------------------------


def test_a_supplier_that_has_not_submitted_itself_submits_no_product(world: World) -> None:
    early = draft()
    with refused("product.supplier_not_submitted"):
        submit(early, product(world, early))


def test_foreign_products_are_neither_saved_nor_submitted(world: World, house: House) -> None:
    other, made = listed(world, GUANGZHOU), product(world, house)
    with refused("permission.not_own"):
        submit(other, made)
    with pytest.raises(Product.DoesNotExist):
        domain.save_product(
            supplier=other.supplier,
            catalog_version=world.version,
            draft=sheet(world),
            product=made,
            by=other.by,
            at=AT,
        )


def test_evidence_of_a_submitted_product_stays_as_it_was(world: World, house: House) -> None:
    made = product_on_desk(world, house)
    with refused("edit.not_now"):
        domain.add_product_file(product=made, upload=paper(), kind="other", by=house.by, at=AT)


def test_disguised_uploads_are_refused(world: World, house: House) -> None:
    made, trick = product(world, house), paper("证书.pdf")
    trick.file.write(b"MZ\x90\x00" + b"\0" * 200)
    trick.seek(0)
    with pytest.raises(Exception) as caught:  # noqa: PT011  the code is looked at below
        domain.add_product_file(product=made, upload=trick, kind="other", by=house.by, at=AT)
    assert caught.value.codes()[0].startswith("upload.")
    assert made.files.count() == 0


# -- the province's review ---------------------------------------------------------------------------------------


def test_passing_needs_the_class(world: World, house: House) -> None:
    """D/1"""
    made = product_on_desk(world, house)
    with refused("review.class_missing"):
        domain.review_product(product=made, outcome="pass", by=world.by_officer, at=AT)


def test_a_product_is_not_listed_before_its_supplier(world: World) -> None:
    early = submitted(FOSHAN)
    made = product_on_desk(world, early)
    with refused("product.supplier_not_listed"):
        domain.review_product(product=made, outcome="pass", product_class="A", by=world.by_officer, at=AT)


def test_class_b_is_set_by_the_province(world: World, house: House) -> None:
    made = listed_product(world, house, product_class="B")
    assert (made.state, made.product_class, made.listed_at) == ("listed", "B", AT)


def test_a_returned_product_carries_all_reasons_and_comes_back(world: World, house: House) -> None:
    made = product_on_desk(world, house)
    reasons = [Finding(code="review.reason", clause="S19/6.2", reason=text, remedy="补") for text in ("一", "二")]
    with refused("review.reasons_missing"):
        domain.review_product(product=made, outcome="return", by=world.by_officer, at=AT)
    proposal = domain.review_product(product=made, outcome="return", findings=reasons, by=world.by_officer, at=AT)
    domain.sign_product_review(proposal=proposal, by=world.by_approver, at=AT)
    made.refresh_from_db()
    assert (made.state, [Finding(**one) for one in made.reviews.get().findings]) == ("returned", reasons)
    submit(house, made)
    made.refresh_from_db()
    assert made.state == "province_review"


def test_a_refused_product_frees_its_name(world: World, house: House) -> None:
    made = product_on_desk(world, house, name="牧联设备云")
    proposal = domain.review_product(
        product=made, outcome="refuse", opinion="不是工业 SaaS", by=world.by_officer, at=AT
    )
    domain.sign_product_review(proposal=proposal, by=world.by_approver, at=AT)
    other = listed(world, GUANGZHOU)
    assert product_on_desk(world, other, name="牧联设备云").state == "province_review"


def test_products_of_a_suspended_supplier_are_not_offered(world: World, house: House) -> None:
    listed_product(world, house)
    before = listed_products_of(world.version).count()
    proposal = domain.review_supplier_by_province(
        supplier=house.supplier, outcome="suspend", opinion="抽查", by=world.by_officer, at=AT
    )
    domain.sign_supplier_review(proposal=proposal, by=world.by_approver, at=AT)
    supplier = house.fresh().supplier
    assert (before, listed_products_of(world.version).count(), may_take_part(supplier, AT)) == (1, 0, False)


# -- carry-over --------------------------------------------------------------------------------------------------


def test_products_passed_in_2019_are_listed_in_2020_without_review(world: World, house: House, tmp_path: Path) -> None:
    """N20/5.1"""
    kept, gone = listed_product(world, house, 5), listed_product(world, house, 6, product_class="B")
    product_on_desk(world, house, 7)
    provider = platform(world)
    beside = listed_product(
        world, provider, files=("cooperation",), name=kept.name, offer="partner_listed", origin=kept
    )
    target = later_catalog(tmp_path, without=gone.item_number)
    made = domain.carry_over(source=world.version, target=target, by=world.by_approver, at=AT)
    found = [(one.carried_from, one.state, one.product_class, one.catalog_version) for one in made]
    assert found == [(kept, "listed", "A", target), (beside, "listed", "A", target)]
    assert made[1].origin == made[0]
    assert domain.carry_over(source=world.version, target=target, by=world.by_approver, at=AT) == []


def test_carry_over_is_the_approvers(world: World) -> None:
    with refused("permission.approver_only"):
        domain.carry_over(source=world.version, target=world.version, by=world.by_officer, at=AT)
