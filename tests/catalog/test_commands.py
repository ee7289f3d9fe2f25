"""`manage.py assess` and `manage.py clauses`, for people and for machines."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command


def answer(*arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def test_the_command_answers_a_machine_with_exactly_these_names(policy: None) -> None:
    """N20/4"""
    arguments = ("--edition", "2020", "--city", "440600", "--item", "7", "--contract-amount", "300000", "--json")
    told = json.loads(answer("assess", *arguments))
    assert sorted(told) == ["amount", "bonus", "findings", "steps"]
    assert (told["amount"], told["bonus"], told["findings"]) == ("210000.00", "0.00", [])
    assert [sorted(step) for step in told["steps"]] == [["clause", "in", "out", "text"]] * 7
    assert (told["steps"][1]["clause"], told["steps"][1]["in"], told["steps"][1]["out"]) == (
        "N20/4",
        "300000.00",
        "210000.00",
    )


def test_the_command_tells_a_person_each_step(policy: None) -> None:
    told = answer("assess", "--edition", "2020", "--city", "440300", "--item", "7", "--contract-amount", "300000")
    assert "本年度不含深圳" in told
    assert told.endswith("预计奖补 0.00 元\n")


def test_a_file_of_cases_is_answered_line_by_line(policy: None, tmp_path: Path) -> None:
    """S19/annex.note2 S19/annex.note3 N20/2"""
    full = {
        "edition": "2019", "city": "440100", "class": "A", "item": 5, "contract_amount": "150000.00",
        "unrelated_amount": "0.00", "devices": 60, "pilot": False, "cap": "300000.00", "cap_used": "0.00",
        "bonus": False,
    }  # fmt: skip
    cases = [
        full,
        {"edition": "2019", "city": "440100", "class": "B", "item": 7, "contract_amount": "300000.00"},
        {"edition": "2020", "city": "441400", "item": 7, "contract_amount": "300000.00"},
        {"edition": "2020", "city": "440100", "item": 12, "contract_amount": "200000.00", "cap_used": "250000.00"},
        {"edition": "2020", "city": "440300", "item": 7, "contract_amount": "300000.00"},
        {"edition": "2021", "city": "440100", "item": 7, "contract_amount": "300000.00"},
        {"edition": "2020", "city": "440100", "item": 77, "contract_amount": "300000.00"},
        {"city": "Foshan", "item": 7, "contract_amount": "lots", "colour": "red"},
    ]
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(json.dumps(case) for case in cases))
    told = [json.loads(line) for line in answer("assess", "--file", str(path)).splitlines()]
    assert [line["amount"] for line in told] == [
        "90000.00", "120000.00", "240000.00", "50000.00", "0.00", "0.00", "0.00", "0.00",
    ]  # fmt: skip
    assert [line["findings"][0]["clause"] for line in told[4:6]] == ["N20/2", "S19/4.4.4"]
    assert len(told[-1]["findings"]) == 4


def test_a_file_that_is_not_there_is_named(policy: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot read"):
        answer("assess", "--file", str(tmp_path / "cases.jsonl"))


def test_clauses_are_listed_by_document(policy: None) -> None:
    rows = [json.loads(line) for line in answer("clauses", "--document", "N20", "--json").splitlines()]
    assert [row["key"] for row in rows][:2] == ["N20/1", "N20/2"]
    assert rows[1]["name"] == "2020通知 二"
