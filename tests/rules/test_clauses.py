"""Every clause is applied by the code and named by a test, or docs/open-rules.md says what is missing."""

from functools import cache
from pathlib import Path

import pytest

from catalog.rules.clause_places import Uses, named_by_tests, uses_in
from catalog.rules.terms import parameter_keys
from platform_site.kit.yaml_files import read_yaml
from tests.rules.open_rules import open_rules

ROOT = Path(__file__).resolve().parents[2]
POLICY = ROOT / "fixtures" / "policy"
APPS = ("platform_site", "catalog", "suppliers", "vouchers", "monitoring", "settlement")


@cache
def clause_keys() -> tuple[str, ...]:
    return tuple(read_yaml(POLICY / "clauses.yaml")["clauses"])


@cache
def applied() -> dict[str, list[str]]:
    """Key to the places that do something about it."""
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}
    sources = {name: path.read_text(encoding="utf-8") for name, path in names.items()}
    uses, parameters = uses_in(sources, frozenset(parameter_keys())), parameters_of_clauses()
    items = {key for key in clause_keys() if "annex." in key and key.startswith("S19") and key[-1].isdigit()}
    found = {key: uses.of(key, parameters=parameters.get(key, ()), is_item=key in items) for key in clause_keys()}
    return {key: [place.dotted for place in places if place.applies] for key, places in found.items()}


def parameters_of_clauses() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for year in ("2018", "2019", "2020"):
        rows = read_yaml(POLICY / f"{year}.yaml")["parameters"]
        for name, row in rows.items():
            found.setdefault(row["clause"], {})[name] = None
    return {key: tuple(names) for key, names in found.items()}


@cache
def named() -> dict[str, list[str]]:
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return named_by_tests({str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files})


def test_every_clause_is_applied_and_tested_or_listed_as_open() -> None:
    listed = {key for row in open_rules() for key in row.keys}
    loose = [key for key in clause_keys() if key not in listed and not (applied()[key] and named().get(key))]
    assert {key: (applied()[key][:3], named().get(key, [])[:3]) for key in loose} == {}


def test_no_rule_is_listed_as_wholly_open_that_the_code_applies() -> None:
    stale = {key: applied()[key][:3] for row in open_rules() if row.whole for key in row.keys if applied()[key]}
    assert stale == {}


def test_tests_name_only_clauses_that_exist() -> None:
    made_up = {f"S19/{99}"}  # where a test needs a clause that is none
    assert sorted(set(named()) - set(clause_keys()) - made_up) == []


SOURCE = '''
"""Reads S19/4.2 and keeps platform default 4."""


LATE = "S19/7.2"


class Contract:
    class Meta:
        verbose_name = "合同"

    @transition(source="draft", target="signed", actor="企业", clause="S19/5.3.6")
    def sign(self) -> None: ...


def check(terms, item):
    if terms.notice_days:
        return [Finding("late", "S19/6.1", "…", title="太晚了"), Finding("item", item.clause, "…")]
    if item:
        raise Refusal(Finding("later", LATE, "…", title="更晚了"))
    return terms.clause("bonus_amount")
'''


def scan(module: str, text: str = SOURCE) -> Uses:
    return uses_in({module: text}, frozenset({"notice_days", "bonus_amount"}))


def test_findings_steps_numbers_items_and_descriptions_are_read_from_the_source() -> None:
    uses = scan("vouchers.rules.made_up")
    finding, step = uses.direct["S19/6.1"][0], uses.direct["S19/5.3.6"][0]
    assert (finding.kind, finding.words, finding.dotted) == ("finding", "太晚了", "vouchers.rules.made_up.check")
    assert (step.kind, step.words, step.dotted) == (
        "step",
        "合同的一步，由企业办",
        "vouchers.rules.made_up.Contract.sign",
    )
    assert [place.kind for key in ("S19/4.2", "D/4") for place in uses.direct[key]] == ["described", "described"]
    assert sorted(uses.parameters) == ["bonus_amount", "notice_days"]
    assert [place.name for place in uses.items] == ["check"]
    assert [(place.kind, place.words) for place in uses.direct["S19/7.2"]] == [("cited", ""), ("finding", "更晚了")]


@pytest.mark.parametrize(("module", "applies"), [("vouchers.rules.x", True), ("vouchers.pages.x", False)])
def test_a_page_that_shows_a_rule_does_not_apply_it(module: str, applies: bool) -> None:
    assert {place.applies for place in scan(module).of("S19/6.1", parameters=("notice_days",), is_item=True)} == {
        applies
    }


def test_every_place_is_found_at_the_line_it_names() -> None:
    lines = SOURCE.splitlines()
    assert "S19/6.1" in lines[scan("vouchers.rules.x").direct["S19/6.1"][0].line - 1]


TESTS = '''
CASES = ["REF/2"]


def test_s19_4_1_2_is_in_the_name(): ...


def test_e_t18_5_4_9_has_its_part_before_it(): ...


def test_default_8_is_a_rule_of_the_platform():
    """N20/4 as well."""
    assert found == [("code", "S19/annex.note2")]


def helper():
    return "N20/2"
'''


def test_a_test_names_its_keys_in_name_docstring_asserts_or_the_tables_of_its_file() -> None:
    assert named_by_tests({"t.py": TESTS}) == {
        "REF/2": ["t.py"],
        "S19/4.1.2": ["t.py::test_s19_4_1_2_is_in_the_name"],
        "T18/5.4.9": ["t.py::test_e_t18_5_4_9_has_its_part_before_it"],
        "D/8": ["t.py::test_default_8_is_a_rule_of_the_platform"],
        "N20/4": ["t.py::test_default_8_is_a_rule_of_the_platform"],
        "S19/annex.note2": ["t.py::test_default_8_is_a_rule_of_the_platform"],
    }


def test_what_the_kit_s_tests_write_as_an_example_proves_no_rule() -> None:
    source = 'def test_a_name():\n    assert clause_name("S19/4.2") and "D/once"\n'
    assert named_by_tests({"tests/kit/test_wording.py": source}) == {
        "D/once": ["tests/kit/test_wording.py::test_a_name"]
    }
