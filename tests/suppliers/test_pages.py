"""The pages: forms reach the commands, refusals come back with nothing lost, foreign objects are 404."""

import io
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from platform_site.accounts.models import Membership
from suppliers.models import Product, Proposal, Supplier
from tests.accounts import people
from tests.suppliers.world import (
    FOSHAN,
    GUANGZHOU,
    PROFILE,
    World,
    draft,
    listed,
    listed_product,
    on_province_desk,
    organisation,
    paper,
    product,
    product_on_desk,
    submitted,
)

FORM = {**PROFILE, "founded_on": "2012-03-01", "action": "submit"}


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def codes(form: Any) -> list[str]:
    return [error.code for errors in form.errors.as_data().values() for error in errors]


# -- the supplier ------------------------------------------------------------------------------------------------


def test_a_supplier_registers_and_submits_on_one_page(world: World) -> None:
    own, member = organisation(FOSHAN)
    client = signed_in(member)
    assert client.get("/supplier/profile/").status_code == 200
    answer = client.post("/supplier/profile/", {**FORM, "licence": paper()})
    made = Supplier.objects.get(organisation=own)
    assert (answer.status_code, answer.url, made.state) == (302, "/supplier/profile/", "city_review")
    assert client.get("/supplier/profile/").status_code == 200


def test_a_refused_submission_keeps_what_was_typed_and_names_everything(world: World) -> None:
    own, member = organisation(FOSHAN)
    client = signed_in(member)
    answer = client.post("/supplier/profile/", {**FORM, "introduction": "", "address": "顺德区示例路 8 号"})
    assert answer.status_code == 422
    assert codes(answer.context["form"]) == ["supplier.introduction_missing", "supplier.licence_missing"]
    assert "顺德区示例路 8 号" in answer.content.decode()
    assert Supplier.objects.get(organisation=own).address == "顺德区示例路 8 号"


def test_a_product_is_written_checked_and_submitted(world: World) -> None:
    house = listed(world)
    client = signed_in(house.member)
    modules = ["数据测量", "数据传输", "数据导入", "方案设计"]
    form = {"item": "4", "name": "裁剪云", "modules": modules, "own_work": "on", "further_modules": "打版\n打版\n"}
    assert client.get("/supplier/products/new/").status_code == 200
    assert client.get("/supplier/products/new/?item=4").status_code == 200
    saved = client.post("/supplier/products/new/", {**form, "ownership_file": paper()})
    made = Product.objects.get(name="裁剪云")
    assert (saved.url, made.modules, made.state) == (f"/supplier/products/{made.pk}/", [*modules, "打版"], "draft")
    refused = client.post(f"/supplier/products/{made.pk}/submit/", {"version": made.version})
    assert (refused.status_code, refused.context["refusal"].codes()) == (422, ["product.too_few_modules"])
    form |= {"modules": [*modules, "生产报价"], "version": str(made.version)}
    assert client.post(f"/supplier/products/{made.pk}/edit/", form).status_code == 302
    assert client.post(f"/supplier/products/{made.pk}/submit/", {}).status_code == 302
    made.refresh_from_db()
    assert made.state == "province_review"
    assert client.get(f"/supplier/products/{made.pk}/").status_code == 200
    assert client.get("/supplier/products/").context["count"] == "1"


def test_evidence_is_taken_off_a_draft(world: World) -> None:
    house = draft()
    attached = house.supplier.files.get()
    answer = signed_in(house.member).post(f"/supplier/profile/files/{attached.pk}/remove/")
    assert (answer.status_code, house.supplier.files.count()) == (302, 0)


def test_agents_are_listed_and_removed(world: World) -> None:
    house = listed(world)
    client = signed_in(house.member)
    form = {"name": "某代理", "uscc": people.company_number(800), "kind": "agent"}
    assert client.post("/supplier/agents/", form).status_code == 302
    again = client.post("/supplier/agents/", form)
    assert (again.status_code, codes(again.context["form"])) == (422, ["agent.duplicate"])
    agent = house.supplier.agents.get()
    client.post(f"/supplier/agents/{agent.pk}/remove/")
    assert list(client.get("/supplier/agents/").context["agents"]) == []


def test_foreign_objects_are_not_found(world: World) -> None:
    mine, theirs = listed(world), draft(GUANGZHOU)
    foreign = product(world, theirs)
    client = signed_in(mine.member)
    addresses = [
        ("get", f"/supplier/products/{foreign.pk}/"),
        ("get", f"/supplier/products/{foreign.pk}/edit/"),
        ("post", f"/supplier/products/{foreign.pk}/submit/"),
        ("post", f"/supplier/profile/files/{theirs.supplier.files.get().pk}/remove/"),
        ("get", f"/suppliers/{theirs.supplier.pk}/"),
    ]
    assert [getattr(client, how)(address).status_code for how, address in addresses] == [404] * len(addresses)


# -- the city ----------------------------------------------------------------------------------------------------


def test_the_city_sees_and_passes_on_its_own_suppliers_only(world: World) -> None:
    house = submitted(FOSHAN)
    own, other = signed_in(world.reviewers[FOSHAN]), signed_in(world.reviewers[GUANGZHOU])
    assert [one.pk for one in own.get("/city/suppliers/").context["page"].rows] == [house.supplier.pk]
    assert other.get("/city/suppliers/?view=all").context["page"].rows == []
    address = f"/city/suppliers/{house.supplier.pk}/"
    assert (own.get(address).status_code, other.get(address).status_code) == (200, 404)
    answer = own.post(address, {"outcome": "pass", "version": house.supplier.version})
    assert (answer.status_code, house.fresh().supplier.state) == (302, "province_review")


def test_the_city_returns_with_every_reason_at_once(world: World) -> None:
    house = submitted(FOSHAN)
    client, address = signed_in(world.reviewers[FOSHAN]), f"/city/suppliers/{house.supplier.pk}/"
    form = {"outcome": "return", "version": house.supplier.version}
    empty = client.post(address, {**form, "reason": ["", ""], "remedy": ["", ""]})
    assert (empty.status_code, codes(empty.context["form"])) == (422, ["review.reasons_missing"])
    client.post(address, {**form, "reason": ["执照看不清", "", "没有案例"], "remedy": ["重新扫描", "", "补两个"]})
    kept = house.supplier.reviews.get().findings
    assert [(one["reason"], one["remedy"]) for one in kept] == [("执照看不清", "重新扫描"), ("没有案例", "补两个")]
    shown = signed_in(house.member).get("/supplier/profile/").content.decode()
    assert [word in shown for word in ("执照看不清", "没有案例", "补两个")] == [True] * 3


def test_a_stale_review_is_refused(world: World) -> None:
    house = submitted(FOSHAN)
    form = {"outcome": "pass", "version": house.supplier.version - 1}
    answer = signed_in(world.reviewers[FOSHAN]).post(f"/city/suppliers/{house.supplier.pk}/", form)
    assert (answer.status_code, codes(answer.context["form"])) == (422, ["stale"])


# -- the province ------------------------------------------------------------------------------------------------


def test_the_province_proposes_and_signs_a_supplier(world: World) -> None:
    house = on_province_desk(world)
    address = f"/province/suppliers/{house.supplier.pk}/"
    officer, approver = signed_in(world.officer), signed_in(world.approver)
    form = {"outcome": "pass", "quota_class": "national", "priority": "on", "version": house.supplier.version}
    assert officer.post(address, form).status_code == 302
    proposal = Proposal.objects.get()
    page = officer.get(address)
    assert (page.context["may_sign"], approver.get(address).context["may_sign"]) == (False, True)
    assert officer.post(f"/province/supply-proposals/{proposal.pk}/sign/", {"action": "sign"}).status_code == 403
    empty = approver.post(f"/province/supply-proposals/{proposal.pk}/sign/", {"action": "return"})
    assert (empty.status_code, codes(empty.context["sign_form"])) == (422, ["review.answer_missing"])
    approver.post(f"/province/supply-proposals/{proposal.pk}/sign/", {"action": "sign"})
    after = house.fresh().supplier
    assert (after.state, after.quota_class, after.priority) == ("listed", "national", True)
    assert approver.get(address).status_code == 200


def test_the_province_proposes_and_signs_a_product(world: World) -> None:
    made = product_on_desk(world, listed(world))
    address = f"/province/products/{made.pk}/"
    officer, approver = signed_in(world.officer), signed_in(world.approver)
    form = {"outcome": "pass", "version": made.version}
    empty = officer.post(address, form)
    assert (empty.status_code, codes(empty.context["form"])) == (422, ["review.class_missing"])
    officer.post(address, {**form, "product_class": "B"})
    assert approver.get(address).status_code == 200
    proposal = Proposal.objects.get(product=made)
    approver.post(f"/province/supply-proposals/{proposal.pk}/sign/", {"action": "sign"})
    made.refresh_from_db()
    assert (made.state, made.product_class) == ("listed", "B")


def test_drafts_are_not_shown_to_the_province(world: World) -> None:
    house = draft()
    client = signed_in(world.officer)
    assert client.get("/province/suppliers/").context["page"].rows == []
    assert client.get(f"/province/suppliers/{house.supplier.pk}/").status_code == 404
    assert client.get(f"/province/products/{product(world, house).pk}/").status_code == 404


def test_lists_are_narrowed_by_the_address(world: World) -> None:
    first, second = listed(world), on_province_desk(world)
    client = signed_in(world.officer)
    cases = {
        "": [second, first],
        "?view=review": [second],
        "?state=listed": [first],
        "?kind=platform": [],
        "?quota_class=other": [second, first],
        f"?q={first.supplier.uscc.lower()}": [first],
        "?q=jixie": [second, first],
        "?q=nichtda": [],
    }
    found = {query: client.get(f"/province/suppliers/{query}").context["page"].rows for query in cases}
    assert {query: [one.pk for one in rows] for query, rows in found.items()} == {
        query: [house.supplier.pk for house in houses] for query, houses in cases.items()
    }


def test_pages_are_turned_by_key(world: World) -> None:
    houses = [on_province_desk(world) for _ in range(25)]
    newest = [house.supplier.pk for house in reversed(houses)]
    client = signed_in(world.officer)
    first = client.get("/province/suppliers/").context["page"]
    second = client.get(f"/province/suppliers/?after={first.next_cursor}").context["page"]
    back = client.get(f"/province/suppliers/?before={second.previous_cursor}").context["page"]
    assert [one.pk for one in first.rows] == newest[:20]
    assert ([one.pk for one in second.rows], second.next_cursor) == (newest[20:], None)
    assert ([one.pk for one in back.rows], back.previous_cursor) == (newest[:20], None)


def test_exported_cells_never_start_as_formulas(world: World) -> None:
    house = listed(world)
    listed_product(world, house, name="=HYPERLINK(1)云")
    answer = signed_in(world.officer).get("/province/products/?export=1")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert (rows[1][0], rows[1][1]) == ("=HYPERLINK(1)云", house.supplier.name)
    assert b"<f>" not in answer.content
    assert signed_in(world.officer).get("/province/suppliers/?export=1").status_code == 200
    assert signed_in(world.reviewers[FOSHAN]).get("/city/suppliers/?view=all&export=1").status_code == 200


# -- the public --------------------------------------------------------------------------------------------------


def test_the_directory_shows_listed_suppliers_and_their_products(world: World, client: Client) -> None:
    house, hidden = listed(world), on_province_desk(world, GUANGZHOU)
    made = listed_product(world, house, 5)
    found = {
        query: [one.pk for one in client.get(f"/suppliers/{query}").context["page"].rows]
        for query in ("", "?q=jx", "?item=5", "?item=6", "?view=priority", "?kind=service")
    }
    mine = [house.supplier.pk]
    assert found == {
        "": mine,
        "?q=jx": mine,
        "?item=5": mine,
        "?item=6": [],
        "?view=priority": [],
        "?kind=service": mine,
    }
    page = client.get(f"/suppliers/{house.supplier.pk}/")
    assert list(page.context["products"]) == [made]
    assert "13800000000" not in page.content.decode()
    assert client.get(f"/suppliers/{hidden.supplier.pk}/").status_code == 404


@pytest.mark.parametrize("address", ["/province/suppliers/", "/province/products/", "/suppliers/"])
def test_lists_ask_as_much_for_three_rows_as_for_one(
    world: World, address: str, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(world.officer)
    counts = []
    for wanted in (1, 3):
        while Product.objects.count() < wanted:
            listed_product(world, listed(world))
        client.get(address)
        with django_assert_max_num_queries(60) as seen:
            client.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1]
