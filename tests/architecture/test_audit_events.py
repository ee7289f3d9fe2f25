"""Every audit event of every floor has a Chinese name, and no name is left over."""

import ast
import importlib
from collections import Counter
from enum import Enum
from pathlib import Path

import pytest

from platform_site.audit.enums import event_name, event_names

ROOT = Path(__file__).resolve().parents[2]
APPS = ("platform_site", "catalog", "suppliers", "vouchers", "monitoring", "settlement")
ENUMS = {"Event", "AuditEvent"}
FLOORS = sorted(path for app in APPS for path in (ROOT / app).rglob("enums.py") if "audit" not in path.parts)


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def events_of(path: Path) -> list[str]:
    module = importlib.import_module(module_name(path))
    kinds = [getattr(module, name) for name in sorted(ENUMS) if hasattr(module, name)]
    return [str(event.value) for kind in kinds if issubclass(kind, Enum) for event in kind]


ALL = [event for path in FLOORS for event in events_of(path)]


@pytest.mark.parametrize("path", FLOORS, ids=module_name)
def test_every_event_of_the_floor_has_a_chinese_name(path: Path) -> None:
    assert [event for event in events_of(path) if event not in event_names()] == []


def test_no_name_is_left_of_an_event_that_is_gone() -> None:
    assert set(event_names()) - set(ALL) == set()


def test_no_two_floors_share_an_event() -> None:
    assert [event for event, times in Counter(ALL).items() if times > 1] == []


def test_every_floor_that_writes_down_has_its_events() -> None:
    silent = {module_name(path) for path in FLOORS if not events_of(path)}
    assert silent == set()


def test_events_are_short_enough_for_the_table_and_their_names_for_the_page() -> None:
    assert [event for event in ALL if len(event) > 64] == []
    assert {event: name for event, name in event_names().items() if not 2 <= len(name) <= 14} == {}


def test_names_are_chinese() -> None:
    assert [name for name in event_names().values() if name.isascii()] == []


def test_an_unknown_event_is_shown_by_its_key() -> None:
    assert event_name("tests.unknown") == "tests.unknown"


def test_no_command_invents_an_event_beside_the_enums() -> None:
    invented = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "record"
        and any(word.arg == "event" and isinstance(word.value, ast.Constant) for word in node.keywords)
    ]
    assert invented == []
