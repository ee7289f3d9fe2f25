"""Editions and catalog versions in the browser: drafted, compared, signed by another, published; papers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog import queries
from catalog.models import CatalogVersion, Edition
from platform_site.kit import clock
from tests.catalog.test_pages import FORM, as_person

__all__ = ["as_person"]
SignIn = Callable[..., Client]


def typed(page: Any) -> dict[str, Any]:
    """What the form of a page would send unchanged."""
    data: dict[str, Any] = {"version": str(page.context["edition"].version)}
    for field in page.context["form"]:
        value = field.value()
        if value is not None and value is not False and value != "":
            data[field.html_name] = "on" if value is True else value
    return data


def drafted(officer: Client, code: str = "2031") -> Edition:
    answer = officer.post(
        reverse("province:edition_new"), {"parent": "2020", "code": code, "title": f"{code} 年", "notes": ""}
    )
    edition = Edition.objects.get(code=code)
    assert answer["Location"] == reverse("province:edition", args=[edition.pk])
    return edition


def step(client: Client, name: str, edition: Edition, **data: Any) -> int:
    edition = Edition.objects.get(pk=edition.pk)
    answer = client.post(reverse(f"province:edition_{name}", args=[edition.pk]), {"version": edition.version, **data})
    return answer.status_code


def test_a_new_edition_is_made_in_the_browser_without_touching_code(as_person: SignIn) -> None:
    """S19/9 S19/4.4.4 D/four_eyes"""
    officer, approver = as_person("province_officer", "jingban"), as_person("province_approver", "shenpi")
    edition = drafted(officer)
    rates = reverse("province:edition_edit_group", args=[edition.pk, "rates"])
    saved = officer.post(
        rates, typed(officer.get(rates)) | {"rates__0__rate": "75", "rates__1__rate": "60", "rates__2__rate": "75"}
    )
    assert saved.status_code == 302
    items = reverse("province:edition_edit_group", args=[edition.pk, "items"])
    assert "起草随附的目录" in officer.get(items).content.decode()
    assert step(officer, "bring_catalog", edition) == 302
    page = officer.get(items)
    amounts = typed(page) | {"version": str(page.context["brought"].version), "cap_5": "120,000.00"}
    assert officer.post(items, amounts).status_code == 302
    compared = officer.get(reverse("province:edition", args=[edition.pk]))
    changed = [
        (row["label"], row["old"]["value"], row["new"]["value"])
        for g in compared.context["groups"]
        for row in g["rows"]
    ]
    assert changed == [("奖补比例", "集群试点 80%，珠三角 70%，粤东西北 80%", "集群试点 75%，珠三角 60%，粤东西北 75%")]
    cells = [(row["number"], cell["old"], cell["new"]) for row in compared.context["items"] for cell in row["cells"]]
    assert cells == [(5, "100,000.00\u00a0元", "120,000.00\u00a0元")]
    assert step(officer, "hand_in", edition) == 302
    assert step(officer, "sign", edition) == 403
    assert step(approver, "sign", edition) == 302
    today = clock.now().date() + timedelta(days=1)
    assert step(approver, "publish", edition, effective_from=today.isoformat()) == 302
    done = Edition.objects.get(pk=edition.pk)
    assert (done.state, done.effective_from, queries.catalog_of(done).code) == ("published", today, "2031")
    period = FORM | {"edition": "2031", "catalog_version": "2031", "code": "2031-1"}
    assert officer.post(reverse("province:period_new"), period).status_code == 302
    told = Client().get(
        reverse("public:calculator"),
        {"edition": "2031", "city": "440100", "item": "5", "contract_amount": "250000", "devices": "200"},
    )
    assert str(told.context["assessment"].amount) == "120000.00"


def test_a_bad_value_is_named_at_its_field_and_nothing_typed_is_lost(as_person: SignIn) -> None:
    """S19/annex.note3"""
    officer = as_person("province_officer", "jingban")
    edition = drafted(officer)
    caps = reverse("province:edition_edit_group", args=[edition.pk, "caps"])
    sent = typed(officer.get(caps)) | {"enterprise_cap": "0", "bonus_amount": "12x"}
    page = officer.post(caps, sent)
    text = page.content.decode()
    assert page.status_code == 422
    assert 'href="#id_bonus_amount"' in text
    assert 'value="12x"' in text
    again = officer.post(caps, sent | {"bonus_amount": "120000", "bonus_amount__said": "新写的说明"})
    findings = [error.params["finding"] for error in again.context["form"].errors["enterprise_cap"].as_data()]
    assert [(f.code, f.clause) for f in findings] == [("edition.bad_value", "S19/annex.note3")]
    assert "新写的说明" in again.content.decode()
    assert queries.terms_for(Edition.objects.get(code="2031")).bonus_amount == 100_000


def test_every_group_of_the_editor_opens_and_saves_unchanged(as_person: SignIn) -> None:
    officer = as_person("province_officer", "jingban")
    edition = drafted(officer)
    tabs = officer.get(reverse("province:edition_edit", args=[edition.pk])).context["tabs"]
    before = queries.parameters_of(edition)
    for tab in tabs[:-1]:
        address = reverse("province:edition_edit_group", args=[edition.pk, tab["key"]])
        page = officer.get(address)
        assert page.status_code == 200
        assert officer.post(address, typed(page)).status_code == 302, tab["key"]
    assert queries.parameters_of(Edition.objects.get(pk=edition.pk)) == before
    assert officer.get(reverse("province:edition_edit_group", args=[edition.pk, "nowhere"])).status_code == 404


def test_who_drafted_sees_why_they_cannot_sign_and_the_second_can_send_back(as_person: SignIn) -> None:
    """D/four_eyes"""
    one, other = as_person("province_approver", "shenpi"), as_person("province_approver", "fuhe")
    edition = drafted(one)
    step(one, "hand_in", edition)
    page = one.get(reverse("province:edition", args=[edition.pk]))
    assert ([f.code for f in page.context["signing"]], page.context["may_sign"]) == (["policy.same_person"], False)
    assert step(one, "sign", edition) == 422
    assert step(other, "send_back", edition, reason="") == 422
    assert step(other, "send_back", edition, reason="再核对比例") == 302
    assert "再核对比例" in one.get(reverse("province:edition", args=[edition.pk])).content.decode()
    assert step(one, "withdraw", edition, reason="不做了") == 302


def heard(client: Client) -> list[tuple[str, str]]:
    """Title and link of what this person has been told, newest first."""
    return [(row.title, row.link) for row in client.get(reverse("messages:inbox")).context["messages_shown"]]


def desk(client: Client) -> list[tuple[str, int]]:
    return [(item.label, item.count) for item in client.get(reverse("province:todo")).context["items"]]


def test_the_second_person_hears_of_it_and_the_drafter_what_became_of_it(as_person: SignIn) -> None:
    """S19/9 D/four_eyes"""
    officer, approver = as_person("province_officer", "jingban"), as_person("province_approver", "shenpi")
    edition, auditor = drafted(officer), as_person("auditor", "shenji")
    link = reverse("province:edition", args=[edition.pk])
    step(officer, "bring_catalog", edition)
    step(officer, "hand_in", edition)
    assert (heard(approver), heard(officer), heard(auditor)) == ([("有政策版本待复核", link)], [], [])
    assert desk(approver) == [("政策版本等复核或公布", 1)]
    step(approver, "send_back", edition, reason="再核对比例")
    step(officer, "hand_in", edition)
    step(approver, "sign", edition)
    assert heard(officer) == [("政策版本已复核", link), ("政策版本被退回", link)]
    assert "再核对比例" in officer.get(reverse("messages:inbox")).content.decode()


def test_a_catalog_that_goes_alone_is_told_of_alone(as_person: SignIn) -> None:
    """S19/annex.note1 D/four_eyes"""
    one, other = as_person("province_approver", "shenpi"), as_person("province_approver", "fuhe")
    one.post(reverse("province:catalog_new"), {"origin": "2019", "code": "2019b", "title": "修订"})
    catalog = CatalogVersion.objects.get(code="2019b")
    link = reverse("province:catalog_version", args=[catalog.pk])
    one.post(reverse("province:catalog_hand_in", args=[catalog.pk]))
    assert (heard(one), heard(other)) == ([], [("有产品目录待复核", link)])
    assert desk(other) == [("产品目录等复核或公布", 1)]


def test_a_published_edition_opens_no_editor(as_person: SignIn) -> None:
    """S19/4.4.4"""
    officer = as_person("province_officer", "jingban")
    edition = queries.published_edition("2020")
    page = officer.get(reverse("province:edition_edit_group", args=[edition.pk, "caps"]))
    assert page["Location"] == reverse("province:edition", args=[edition.pk])
    whole = officer.get(reverse("province:edition", args=[edition.pk]), {"view": "all"})
    assert sum(len(group["rows"]) for group in whole.context["groups"]) == len(queries.parameters_of(edition))


def test_the_auditor_reads_drafts_and_changes_nothing(as_person: SignIn) -> None:
    edition = drafted(as_person("province_officer", "jingban"))
    auditor = as_person("auditor", "shenji")
    page = auditor.get(reverse("province:edition", args=[edition.pk]))
    assert (page.status_code, page.context["may_edit"], page.context["may_hand_in"]) == (200, False, False)
    assert auditor.get(reverse("province:edition_edit", args=[edition.pk])).status_code == 403


def test_an_item_is_edited_in_a_draft_of_the_catalog_and_a_second_person_publishes(as_person: SignIn) -> None:
    """S19/annex.note1"""
    officer, approver = as_person("province_officer", "jingban"), as_person("province_approver", "shenpi")
    officer.post(reverse("province:catalog_new"), {"origin": "2019", "code": "2019b", "title": "修订"})
    catalog = CatalogVersion.objects.get(code="2019b")
    address = reverse("province:catalog_item", args=[catalog.pk, 4])
    form = officer.get(address).context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() not in (None, False, "", [])}
    bad = officer.post(address, sent | {"min_modules": "40", "scene": "新的场景"})
    assert (bad.status_code, "新的场景" in bad.content.decode()) == (422, True)
    assert officer.post(address, sent | {"scene": "新的场景", "post_sale": "on"}).status_code == 302
    version = officer.get(reverse("province:catalog_version", args=[catalog.pk]), {"view": "changed"})
    assert [(row["number"], [cell["label"] for cell in row["cells"]]) for row in version.context["rows"]] == [
        (4, ["应用场景", "设备售后服务类"])
    ]
    for client, verb in ((officer, "hand_in"), (approver, "sign"), (approver, "publish")):
        assert client.post(reverse(f"province:catalog_{verb}", args=[catalog.pk])).status_code == 302
    catalog.refresh_from_db()
    assert catalog.state == "published"
    frozen = officer.get(address)
    assert (frozen.context["form"], "不能改" in frozen.content.decode()) == (None, True)
    assert officer.post(address, sent).context["form"] is None


NEW = {
    "name": "碳排放管理",
    "cap": "90,000.00",
    "per_device": "",
    "clause_id": "S19/annex.note1",
    "scene": "核算排放",
    "modules": "排放核算\n报告编制",
    "optional_modules": "",
    "notes": "",
    "notify_by": "",
    "group": "",
    "group_key": "carbon",
    "group_name": "绿色低碳",
    "reason": "按新方案增加",
}


def test_items_join_a_draft_and_leave_it_each_with_clause_and_reason(as_person: SignIn) -> None:
    """S19/annex.note1 S19/4.4.4"""
    officer = as_person("province_officer", "jingban")
    officer.post(reverse("province:catalog_new"), {"origin": "2019", "code": "2019b", "title": "修订"})
    catalog = CatalogVersion.objects.get(code="2019b")
    new = reverse("province:catalog_item_new", args=[catalog.pk])
    assert officer.get(new).context["number"] == 26
    bad = officer.post(new, NEW | {"clause_id": "S19/没有", "reason": "", "group_key": "design"})
    assert (bad.status_code, "reason" in bad.context["form"].errors) == (422, True)
    bad = officer.post(new, NEW | {"clause_id": "S19/没有"})
    assert [error.params["finding"].code for error in bad.context["form"].errors["clause_id"].as_data()] == [
        "edition.clause_unknown"
    ]
    assert officer.post(new, NEW).status_code == 302
    out = reverse("province:catalog_item_take_out", args=[catalog.pk, 3])
    assert officer.post(out, {"reason": ""}).status_code == 422
    assert officer.post(out, {"reason": "并入第 4 项"}).status_code == 302
    page = officer.get(reverse("province:catalog_version", args=[catalog.pk]), {"view": "changed"})
    rows = [(row["number"], row["gone"], row["added"], row["cells"][-1]["new"]) for row in page.context["rows"]]
    assert rows == [(3, True, False, "并入第 4 项"), (26, False, True, "按新方案增加")]
    told = [entry["text"] for entry in page.context["entries"]]
    assert told[0] == "目录去掉项目：第 3 项通用研发管理（PDM），并入第 4 项"
    assert officer.post(reverse("province:catalog_item_put_back", args=[catalog.pk, 3])).status_code == 302
    assert officer.post(reverse("province:catalog_item_put_back", args=[catalog.pk, 3])).status_code == 422
    assert (
        officer.post(reverse("province:catalog_item_take_out", args=[catalog.pk, 26]), {"reason": "不加了"}).status_code
        == 302
    )
    catalog.refresh_from_db()
    assert (catalog.reasons, catalog.items.count()) == ({}, 25)


def test_a_catalog_that_is_no_draft_takes_no_items_and_loses_none(as_person: SignIn) -> None:
    """S19/4.4.4"""
    officer, published = as_person("province_officer", "jingban"), CatalogVersion.objects.get(code="2019")
    new = reverse("province:catalog_item_new", args=[published.pk])
    assert officer.post(new, NEW).status_code == 302
    out = reverse("province:catalog_item_take_out", args=[published.pk, 3])
    assert officer.post(out, {"reason": "并入"}).status_code == 422
    assert published.items.count() == 25


def test_an_edition_that_speaks_of_an_item_its_catalog_lost_is_not_handed_in(as_person: SignIn) -> None:
    """S19/5.3.6"""
    officer = as_person("province_officer", "jingban")
    edition = drafted(officer)
    step(officer, "bring_catalog", edition)
    catalog = CatalogVersion.objects.get(code="2031")
    officer.post(reverse("province:catalog_item_take_out", args=[catalog.pk, 22]), {"reason": "不再奖补"})
    page = officer.get(reverse("province:edition", args=[edition.pk]))
    assert [(f.code, f.clause) for f in page.context["missing"]] == [("edition.item_gone", "S19/5.3.6")]
    assert step(officer, "hand_in", edition) == 422
    officer.post(reverse("province:catalog_item_put_back", args=[catalog.pk, 22]))
    assert step(officer, "hand_in", edition) == 302


def test_the_catalog_is_a_paper_for_everybody_and_a_draft_for_the_province_alone(as_person: SignIn) -> None:
    """S19/annex.note1"""
    officer = as_person("province_officer", "jingban")
    officer.post(reverse("province:catalog_new"), {"origin": "2019", "code": "2019b", "title": "修订"})
    for name, start in (("catalog_pdf", b"%PDF"), ("catalog_excel", b"PK")):
        found = Client().get(reverse(f"public:{name}", args=["2019"]))
        assert (found.status_code, found.content[: len(start)]) == (200, start)
        assert Client().get(reverse(f"public:{name}", args=["2019b"])).status_code == 404
        assert officer.get(reverse(f"public:{name}", args=["2019b"])).status_code == 200


def test_the_lists_show_every_version(as_person: SignIn) -> None:
    officer = as_person("province_officer", "jingban")
    drafted(officer)
    assert [row.code for row in officer.get(reverse("province:editions")).context["all"]] == [
        "2018", "2019", "2020", "2031",
    ]  # fmt: skip
    assert officer.get(reverse("province:catalog"), {"version": "2019"}).status_code == 200


@pytest.mark.parametrize("name", ["edition", "catalog_version"])
def test_what_is_not_there_is_not_found(as_person: SignIn, name: str) -> None:
    officer = as_person("province_officer", "jingban")
    assert officer.get(reverse(f"province:{name}", args=[99999])).status_code == 404
