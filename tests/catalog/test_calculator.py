"""Calculator, interface and command give one answer; what would raise it; what is wrong and where."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

FIELDS = (
    "edition",
    "city",
    "class",
    "item",
    "contract_amount",
    "unrelated_amount",
    "devices",
    "pilot",
    "cap",
    "cap_used",
)
ISSUE_CASE = {
    "edition": "2019", "city": "440100", "class": "A", "item": 5, "contract_amount": "150000.00",
    "unrelated_amount": "0.00", "devices": 60, "pilot": False, "cap": "300000.00", "cap_used": "0.00", "bonus": False,
}  # fmt: skip
EXAMPLES = [
    (ISSUE_CASE, "90000.00", ""),
    ({"edition": "2019", "city": "440100", "class": "B", "item": 7, "contract_amount": "300000.00"}, "120000.00", ""),
    ({"edition": "2020", "city": "440600", "item": 7, "contract_amount": "300000.00"}, "210000.00", ""),
    ({"edition": "2020", "city": "441400", "item": 7, "contract_amount": "300000.00"}, "240000.00", ""),
    ({"edition": "2020", "city": "440100", "item": 7, "contract_amount": "400000.00"}, "250000.00", ""),
    (
        {"edition": "2020", "city": "440100", "item": 12, "contract_amount": "200000.00", "cap_used": "250000.00"},
        "50000.00",
        "",
    ),
    ({"edition": "2020", "city": "440300", "item": 7, "contract_amount": "300000.00"}, "0.00", "N20/2"),
]

Answer = dict[str, Any]


def by_command(case: Answer, tmp_path: Path) -> Answer:
    (tmp_path / "cases.jsonl").write_text(json.dumps(case))
    return lines_of(str(tmp_path / "cases.jsonl"))[0]


def lines_of(name: str) -> list[Answer]:
    out = io.StringIO()
    call_command("assess", "--file", name, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def by_interface(client: Client, case: Any) -> tuple[int, Answer]:
    body = case if isinstance(case, bytes) else json.dumps(case)
    told = client.post("/api/v1/assess/", body, content_type="application/json")
    return told.status_code, told.json()


def by_page(client: Client, case: Answer) -> Any:
    names = {"class": "product_class"}
    typed = {names.get(name, name): value for name, value in case.items() if name != "cap" and value is not False}
    return client.get(reverse("public:calculator"), typed).context


@pytest.mark.parametrize(("case", "amount", "clause"), EXAMPLES)
def test_command_interface_and_page_give_the_same_answer(
    policy: None, client: Client, tmp_path: Path, case: Answer, amount: str, clause: str
) -> None:
    """S19/4.4.2 S19/annex.5 S19/annex.note3 N20/2 N20/4"""
    told = by_command(case, tmp_path)
    status, answered = by_interface(client, case)
    page = by_page(client, case)["assessment"]
    assert (told["amount"], status, answered["amount"], str(page.amount)) == (amount, 200, amount, amount)
    assert [finding["clause"] for finding in told["findings"]] == ([clause] if clause else [])
    assert [{key: step[key] for key in ("clause", "in", "out", "text")} for step in answered["steps"]] == told["steps"]
    assert [finding.clause for finding in page.findings] == [finding["clause"] for finding in answered["findings"]]


@pytest.mark.parametrize(("case", "amount", "clause"), EXAMPLES)
def test_the_answer_has_exactly_the_agreed_names_and_steps_that_hand_on(
    policy: None, tmp_path: Path, case: Answer, amount: str, clause: str
) -> None:
    told = by_command(case | {"bonus": True}, tmp_path)
    assert list(told) == ["amount", "bonus", "steps", "findings"]
    assert {tuple(step) for step in told["steps"]} <= {("clause", "in", "out", "text")}
    assert {tuple(finding) for finding in told["findings"]} <= {("clause", "reason", "remedy")}
    outs = [step["out"] for step in told["steps"]]
    assert [step["in"] for step in told["steps"]][1:] == outs[:-1]
    assert outs[-1:] == ([] if clause else [amount])
    assert told["bonus"] == ("0.00" if clause else "100000.00")


def test_bad_lines_are_answered_in_their_place_with_line_and_field(policy: None, tmp_path: Path) -> None:
    good = json.dumps(ISSUE_CASE).encode()
    bad = [
        b"not json",
        b"[1, 2]",
        json.dumps(ISSUE_CASE | {"contract_amount": "a lot", "city": "Foshan"}).encode(),
        json.dumps(ISSUE_CASE | {"colour": "red"}).encode(),
        json.dumps(ISSUE_CASE | {"devices": 10**30}).encode(),
        json.dumps(ISSUE_CASE | {"edition": "1999"}).encode(),
        json.dumps(ISSUE_CASE | {"item": 26}).encode(),
        json.dumps(ISSUE_CASE | {"cost_lines": 5}).encode(),
        b'{"edition": "2019", "city": "4401\xff00"}',
        b"[" * 100_000,
    ]
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"\n".join([good, *bad, good]))
    told = lines_of(str(path))
    assert [line["amount"] for line in told] == ["90000.00", *["0.00"] * len(bad), "90000.00"]
    errors = [line["error"] for line in told[1:-1]]
    assert [error["line"] for error in errors] == list(range(2, 2 + len(bad)))
    assert [list(error["fields"]) for error in errors] == [
        [], [], ["city", "contract_amount"], ["colour"], ["devices"], ["edition"], ["item"], ["cost_lines"], [], [],
    ]  # fmt: skip
    assert [line for line in told[1:-1] if not line["error"]["reason"] or not line["findings"]] == []
    assert "error" not in told[0]


def test_cases_are_read_from_standard_input(policy: None, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.TextIOWrapper(io.BytesIO((json.dumps(ISSUE_CASE) + "\n\n" + json.dumps(ISSUE_CASE)).encode()))
    monkeypatch.setattr("sys.stdin", typed)
    assert [line["amount"] for line in lines_of("-")] == ["90000.00", "90000.00"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contract_amount": "much"}, "contract_amount"),
        ({"contract_amount": float("nan")}, "contract_amount"),
        ({"contract_amount": None}, "contract_amount"),
        ({"city": 5}, "city"),
        ({"devices": 60.5}, "devices"),
        ({"devices": -1}, "devices"),
        ({"pilot": "perhaps"}, "pilot"),
        ({"class": "C"}, "class"),
        ({"signed_on": "yesterday"}, "signed_on"),
        ({"item": 99}, "item"),
        ({"edition": "1999"}, "edition"),
        ({"shoe_size": 44}, "shoe_size"),
    ],
)
def test_the_interface_names_field_rule_and_remedy_of_what_is_no_case(
    policy: None, client: Client, changes: Answer, field: str
) -> None:
    status, told = by_interface(client, ISSUE_CASE | changes)
    assert (status, told["amount"], [finding["field"] for finding in told["findings"]]) == (400, "0.00", [field])
    assert all(finding["clause"] and finding["reason"] and finding["remedy"] for finding in told["findings"])


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"\xff\xfe"])
def test_what_is_not_json_is_answered_not_crashed_on(policy: None, client: Client, body: bytes) -> None:
    status, told = by_interface(client, body)
    assert (status, [finding["code"] for finding in told["findings"]]) == (400, ["input.json"])


def test_an_empty_body_lacks_what_every_case_has(policy: None, client: Client) -> None:
    status, told = by_interface(client, b"")
    assert (status, [finding["field"] for finding in told["findings"]]) == (
        400,
        ["edition", "city", "item", "contract_amount"],
    )


def test_numbers_with_a_point_are_read_exactly(policy: None, client: Client) -> None:
    """D/2"""
    body = b'{"edition":"2019","city":"440600","class":"B","item":12,"contract_amount":1234.57}'
    status, told = by_interface(client, body)
    assert (status, told["amount"], told["steps"][1]["out"]) == (200, "493.82", "493.828")


def test_the_interface_is_described_with_the_names_it_answers_with() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    operation = schema["paths"]["/api/v1/assess/"]["post"]
    parts = schema["components"]["schemas"]
    assert set(operation["responses"]) == {"200", "400"}
    assert set(FIELDS) <= set(parts["AssessmentInput"]["properties"])
    assert {"clause", "in", "out", "text"} <= set(parts["StepOutput"]["properties"])
    assert {"amount", "bonus", "steps", "findings"} <= set(parts["AssessmentOutput"]["required"])


Page = Callable[..., Any]


def ways(client: Client, **case: Any) -> dict[str, str]:
    """Way to its amount, as the interface tells them."""
    status, told = by_interface(client, {"edition": "2020", "city": "440600"} | case)
    assert status == 200
    return {way["key"]: way["amount"] for way in told["raises"]}


def test_more_devices_a_larger_contract_a_pilot_and_what_remains_raise_an_amount(policy: None, client: Client) -> None:
    """S19/annex.note2 S19/4.4.2 N20/4 S19/4.4.3"""
    assert ways(client, item=5, contract_amount="150000.00", devices=33) == {"devices": "100000.00"}
    assert ways(client, item=7, contract_amount="100000.00") == {"contract": "250000.00", "pilot": "80000.00"}
    assert ways(client, item=7, contract_amount="400000.00", cap_used="200000.00") == {"left": "250000.00"}
    assert ways(client, item=7, contract_amount="400000.00") == {}
    assert ways(client, item=25, contract_amount="100000.00") == {"pilot": "80000.00"}
    b_in_2019 = ways(client, edition="2019", item=7, contract_amount="100000.00", **{"class": "B"})
    assert b_in_2019 == {"contract": "250000.00", "class": "80000.00"}


def test_in_2018_more_of_the_eligible_costs_raises_the_amount(policy: None, client: Client) -> None:
    """T18/4.4.3"""
    assert ways(client, edition="2018", item=7, contract_amount="60000.00", revenue="20000000.00") == {
        "contract": "100000.00"
    }


def test_the_page_says_what_would_raise_the_amount_and_what_decides_it(policy: None, client: Client) -> None:
    address = reverse("public:calculator")
    more = client.get(
        address, {"edition": "2020", "city": "440600", "item": "5", "contract_amount": "150000", "devices": "33"}
    )
    assert ("接入 67 台" in more.content.decode(), "决定金额的是接入的台数" in more.content.decode()) == (True, True)
    full = client.get(address, {"edition": "2020", "city": "440600", "item": "7", "contract_amount": "400000"})
    assert "已经到了第 7 项的上限" in full.content.decode()
    refused = client.get(address, {"edition": "2020", "city": "440600", "item": "25", "contract_amount": "400000"})
    assert ("只用于集群试点" in refused.content.decode(), "加入产业集群试点" in refused.content.decode()) == (
        True,
        True,
    )


def test_an_address_with_the_case_in_it_shows_the_case_again(policy: None, client: Client) -> None:
    page = client.get("/calculator/?edition=2018&city=440600&item=7&contract_amount=60000&revenue=20000000")
    text = page.content.decode()
    assert ("60,000.00" in text, "20,000,000.00" in text, "自动化装备、非云化软件等不补的" in text) == (True,) * 3


def test_search_and_group_go_together_and_a_tab_keeps_the_search(policy: None, client: Client) -> None:
    page = client.get(reverse("public:catalog"), {"q": "guanli", "group": "service"})
    whole = client.get(reverse("public:catalog"), {"q": "guanli"}).context["rows"]
    in_group = [item.number for item in whole if item.group_key == "service"]
    assert [item.number for item in page.context["rows"]] == in_group
    assert 0 < len(in_group) < len(whole)
    assert [tab["url"].startswith("?q=guanli") for tab in page.context["tabs"]] == [True] * 6
