"""docs/open-rules.md names clauses that the platform knows, each with what is missing and why."""

from pathlib import Path

from platform_site.kit.yaml_files import read_yaml
from tests.rules.open_rules import keys_of, open_rules

ROOT = Path(__file__).resolve().parents[2]


def test_keys_may_be_shortened() -> None:
    assert keys_of("T18/4.4.2, .3") == ("T18/4.4.2", "T18/4.4.3")
    assert keys_of("P18/2.1, P18/annex1.1–3") == ("P18/2.1", "P18/annex1.1", "P18/annex1.2", "P18/annex1.3")
    assert keys_of("S19/6.2 (application)") == ("S19/6.2",)


def test_every_key_is_a_clause_of_the_platform() -> None:
    known = read_yaml(ROOT / "fixtures" / "policy" / "clauses.yaml")["clauses"]
    assert [key for row in open_rules() for key in row.keys if key not in known] == []


def test_every_row_says_what_is_missing_and_why() -> None:
    assert [row.cells for row in open_rules() if len(row.cells) != 3 or not all(row.cells)] == []
