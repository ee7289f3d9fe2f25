"""docs/open-rules.md names clauses that the platform knows, each once."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
KEY = re.compile(r"\b(?:S19|T18|P18|N20)/[a-z0-9]+(?:\.[0-9]+)*")


def rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "open-rules.md").read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_every_key_is_a_clause_of_the_platform() -> None:
    known = yaml.safe_load((ROOT / "fixtures" / "policy" / "clauses.yaml").read_text(encoding="utf-8"))
    clauses = set(known.get("clauses", known))
    assert [key for row in rows() for key in KEY.findall(row[0]) if key not in clauses] == []


def test_every_row_says_what_is_missing_and_why() -> None:
    assert [row for row in rows() if len(row) != 3 or not all(row)] == []
