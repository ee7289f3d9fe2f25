"""C. Suppliers and products: uniqueness, quota owner, what the catalog asks (S19/5.2.3, N20/5.1, P18/2.4)."""

import inspect

import pytest

from catalog.rules.item_requirements import ItemModules
from suppliers import filters, queries
from suppliers.rules.product_checks import ProductSheet, product_findings
from suppliers.rules.quota_owner import Offer, QuotaOwner, quota_owner
from suppliers.rules.uniqueness import (
    Company,
    ListedAgent,
    ProductName,
    agent_findings,
    company_findings,
    name_key,
    product_name_findings,
)

ITEM = ItemModules(5, "设备物联", "S19/annex.5", ("设备 OEE 分析", "实时产量"))
GOOD = ProductSheet(name="云", modules=("实时产量",), own_work=True, has_ownership_proof=True)
ANNA, BEN = Company(1, "甲公司", "A" * 18), Company(2, "乙公司", "B" * 18)


def codes(findings: list) -> list[str]:
    return [finding.code for finding in findings]


# -- S19/5.2.3(4): one product, one supplier ---------------------------------------------------------------------


@pytest.mark.parametrize("written", ["衡牧 MES V3", "衡牧ＭＥＳ（v3）", "衡牧-mes·v3"])
def test_names_are_compared_without_width_case_and_marks(written: str) -> None:
    assert name_key(written) == "衡牧mesv3"


def test_one_product_has_one_supplier() -> None:
    """S19/5.2.3(4)"""
    mine, theirs = ProductName(1, 1, "甲", "设备云"), ProductName(2, 2, "乙", "设备 云")
    assert codes(product_name_findings(mine, [theirs])) == ["product.offered_by_another"]


def test_platform_and_independent_partner_both_list_it() -> None:
    partner, beside = ProductName(2, 2, "乙", "设备云"), ProductName(1, 1, "甲", "设备云", origin_id=2)
    third = ProductName(3, 3, "丙", "设备云", origin_id=2)
    assert codes(product_name_findings(beside, [partner, third])) == []
    assert codes(product_name_findings(partner, [beside, third])) == []


def test_the_own_product_is_not_compared_with_itself() -> None:
    mine = ProductName(1, 1, "甲", "设备云")
    assert codes(product_name_findings(mine, [mine])) == []


def test_pool_suppliers_do_not_act_for_each_other() -> None:
    """S19/5.2.3(4)"""
    agent = ListedAgent(1, "甲公司", "乙公司", BEN.uscc)
    assert codes(agent_findings(agent, ANNA, [], [BEN], [])) == ["agent.is_supplier"]


def test_outsourcing_is_excluded_by_declaration() -> None:
    """S19/5.2.3(4)"""
    sheet = ProductSheet(name="云", modules=("实时产量",), has_ownership_proof=True)
    assert codes(product_findings(sheet, ITEM, pilot_only=False)) == ["product.outsourcing_not_excluded"]


# -- S19/5.2.3(1), (2): agents and groups ------------------------------------------------------------------------


def test_parent_and_subsidiary_exclude_each_other_both_ways() -> None:
    child = Company(3, "子公司", "C" * 18, ANNA.uscc)
    assert codes(company_findings(child, [ANNA], [])) == ["supplier.group_registered"]
    assert codes(company_findings(ANNA, [child], [])) == ["supplier.group_registered"]


def test_companies_without_a_group_do_not_exclude_each_other() -> None:
    assert codes(company_findings(ANNA, [BEN], [])) == []


def test_an_agent_is_not_a_supplier_of_its_own() -> None:
    entry = ListedAgent(2, "乙公司", "甲公司", ANNA.uscc)
    assert codes(company_findings(ANNA, [], [entry])) == ["supplier.is_agent"]


# -- S19/5.2.3(1)–(3): whose quota -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seller", "clause"),
    [
        ("owner", "S19/5.2.3"),
        ("agent", "S19/5.2.3(1)"),
        ("group_company", "S19/5.2.3(2)"),
        ("partner", "S19/5.2.3(3)"),
    ],
)
def test_who_has_no_registration_uses_the_listing_suppliers_quota(seller: str, clause: str) -> None:
    owner = quota_owner(Offer(listed_by=7, seller=seller))
    assert (owner.supplier_id, owner.clause) == (7, clause)


def test_an_independent_partner_uses_its_own_quota() -> None:
    owner = quota_owner(Offer(listed_by=7, seller="independent_partner", seller_supplier=9))
    assert owner == QuotaOwner(9, "S19/5.2.3(3)", "合作伙伴单独入库，使用自己的额度。")


def test_an_independent_partner_without_record_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="supplier record"):
        quota_owner(Offer(listed_by=7, seller="independent_partner"))


# -- the catalog's demands ---------------------------------------------------------------------------------------


def test_a_complete_product_has_no_findings() -> None:
    assert product_findings(GOOD, ITEM, pilot_only=False) == []


def test_the_pilot_item_is_open_to_pilots() -> None:
    sheet = ProductSheet(name="云", modules=("实时产量",), own_work=True, has_ownership_proof=True, in_pilot=True)
    assert codes(product_findings(GOOD, ITEM, pilot_only=True)) == ["product.only_in_pilot"]
    assert product_findings(sheet, ITEM, pilot_only=True) == []


def test_missing_ownership_proof_warns_and_does_not_stop() -> None:
    sheet = ProductSheet(name="云", modules=("实时产量",), own_work=True)
    found = [(finding.code, finding.severity) for finding in product_findings(sheet, ITEM, pilot_only=False)]
    assert found == [("product.ownership_proof_missing", "warn")]


# -- P18/2.4: no condition on the supplier's city ----------------------------------------------------------------


def test_no_list_can_be_narrowed_by_the_suppliers_city() -> None:
    forms = [member for _, member in inspect.getmembers(filters, inspect.isclass) if hasattr(member, "base_fields")]
    fields = {name for form in forms for name in form.base_fields}
    assert {name for name in fields if "city" in name or "area" in name or "region" in name} == set()


def test_no_reader_takes_a_city() -> None:
    readers = [member for _, member in inspect.getmembers(queries, inspect.isfunction)]
    own = [
        reader for reader in readers if reader.__module__ == "suppliers.queries" and reader.__name__ != "city_code_of"
    ]
    assert [reader.__name__ for reader in own if "city" in str(inspect.signature(reader))] == []
