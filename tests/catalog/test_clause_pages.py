"""What a visitor reads about a clause, and what `manage.py clauses` prints."""

import io
import json
from typing import Any

from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from catalog.models import Clause, PolicyDocument


def clause_page(client: Client, key: str) -> str:
    page = client.get(reverse("public:clause", args=[key]))
    assert page.status_code == 200
    return page.content.decode()


def test_a_clause_says_what_it_says_its_value_in_each_edition_and_where_it_is_applied(
    policy: None, client: Client
) -> None:
    """S19/annex.note3"""
    text = clause_page(client, "S19/annex.note3")
    assert ("每家企业的奖补总额最高 30 万元" in text, text.count("300,000.00")) == (True, 2)
    assert ("2019 年的数值" in text, "2020 年的数值" in text, "2018 年（试行）的数值" in text) == (True, True, False)
    assert "按这一条定的数值计算或检查" in text
    assert "catalog.rules.caps.enterprise_ceiling" in text


def test_a_clause_of_a_procedure_names_whose_step_it_is(policy: None, client: Client) -> None:
    """S19/5.3.8"""
    text = clause_page(client, "S19/5.3.8")
    assert ("服务券的一步，由市签发人办" in text, "vouchers.models" in text) == (True, True)


def test_a_clause_of_the_catalog_leads_to_its_item(policy: None, client: Client) -> None:
    """S19/annex.5"""
    text = clause_page(client, "S19/annex.5")
    assert (reverse("public:item", args=[5]) in text, "按目录里这一项计算或检查" in text) == (True, True)


def test_a_clause_that_no_code_applies_says_so(policy: None, client: Client) -> None:
    key = f"D/{99}"  # in pieces: a test that names a key is listed under it
    Clause.objects.create(key=key, document=PolicyDocument.objects.get(pk="D"), summary="试一条", applied_at="没有")
    assert "平台还没有自动执行这一条" in clause_page(client, key)


def test_every_clause_has_a_page(policy: None, client: Client) -> None:
    answers = {
        key: client.get(reverse("public:clause", args=[key])).status_code
        for key in Clause.objects.values_list("pk", flat=True)
    }
    assert {key: code for key, code in answers.items() if code != 200} == {}


def test_a_document_has_number_title_date_issuer_and_all_its_clauses(policy: None, client: Client) -> None:
    page = client.get(reverse("public:document", args=["N20"]))
    text = page.content.decode()
    wanted = (
        "粤工信办函〔2020〕37号",
        "2020年工业企业“上云上平台”服务券申领工作",
        "2020-05-14",
        "广东省工业和信息化厅办公室",
    )
    assert [words for words in wanted if words not in text] == []
    assert [row.pk for row in page.context["rows"]] == list(
        Clause.objects.filter(document_id="N20").values_list("pk", flat=True)
    )


def listed(*arguments: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("clauses", "--json", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_command_prints_every_clause_with_its_places_and_tests(policy: None) -> None:
    """S19/5.3.6 N20/4"""
    rows = {row["key"]: row for row in listed()}
    assert sorted(rows) == sorted(Clause.objects.values_list("pk", flat=True))
    places = {(place["kind"], place["place"]) for place in rows["N20/4"]["enforced"]}
    assert ("parameter", "catalog.rules.assessment._rate") in places
    assert [place for _, place in places if ".pages." in place or ".forms." in place] == []
    assert "tests/rules/test_a_rates.py::test_each_of_the_21_cities_has_its_share_of_2020" in rows["N20/4"]["tests"]


def test_the_command_reads_well_for_people(policy: None) -> None:
    out = io.StringIO()
    call_command("clauses", "--document", "D", stdout=out)
    text = out.getvalue()
    assert text.startswith("D/1 ")
    assert "  enforced  catalog.rules.eligibility._check_class (finding)" in text
    assert "  test      tests/rules/test_a_assessment.py::test_amounts_are_rounded_down_to_the_cent" in text
