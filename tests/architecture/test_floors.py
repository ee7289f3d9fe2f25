"""Foreign keys point down, states are set through transitions alone, the clock is read at the edges."""

import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
FLOORS = [
    {"audit", "platform_messages", "files", "outbox", "working_calendar"},
    {"accounts", "auth", "contenttypes"},
    {"notices"},
    {"catalog"},
    {"suppliers"},
    {"vouchers"},
    {"monitoring"},
    {"settlement"},
]
PACKAGES = ("platform_site", "catalog", "suppliers", "vouchers", "monitoring", "settlement")


def floor_of(label: str) -> int:
    return next(number for number, labels in enumerate(FLOORS) if label in labels)


def own_models() -> list[type]:
    labels = set().union(*FLOORS) - {"auth", "contenttypes"}
    return [model for model in apps.get_models() if model._meta.app_label in labels]


def sources(*rooms: str) -> list[Path]:
    """Python files of the product; with rooms only those inside them."""
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]
    return [path for path in files if not rooms or set(rooms) & {*path.parts, path.stem}]


def test_every_foreign_key_points_to_the_same_floor_or_down() -> None:
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in own_models()
        for field in model._meta.get_fields()
        if getattr(field, "remote_field", None) and not field.auto_created and field.related_model is not None
        if floor_of(field.related_model._meta.app_label) > floor_of(model._meta.app_label)
    ]
    assert upward == []


def test_foreign_keys_to_a_lower_floor_leave_no_name_there() -> None:
    named = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.get_fields()
        if getattr(field, "remote_field", None) and not field.auto_created and field.related_model is not None
        if field.related_model._meta.app_label not in {"auth", "contenttypes"}
        if floor_of(field.related_model._meta.app_label) < floor_of(model._meta.app_label)
        if not field.remote_field.hidden
    ]
    assert named == []


@pytest.mark.parametrize("pattern", [r"\.update\([^)]*\bstate\s*=", r"\bcreate\([^)]*\bstate\s*=", r"\.state\s*=[^=]"])
def test_no_state_is_set_past_the_transitions(pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in sources()
        if "kit" not in path.parts
        for match in re.finditer(pattern, path.read_text())
    ]
    assert found == []


def test_rules_and_domain_never_read_a_clock() -> None:
    clocks = re.compile(r"clock\.now\(|timezone\.now\(|datetime\.now\(|date\.today\(|time\.time\(|localtime\(\)")
    found = [
        str(path.relative_to(ROOT))
        for path in sources("rules", "domain", "policies", "permissions")
        if clocks.search(path.read_text())
    ]
    assert found == []


def test_managers_appear_only_in_queries_domain_and_models() -> None:
    allowed = {"queries", "domain", "models"}
    found = [
        str(path.relative_to(ROOT))
        for path in sources()
        if not allowed & {*path.relative_to(ROOT).parts, path.stem}
        if re.search(r"\.objects\b", path.read_text())
    ]
    assert found == []


def test_rules_are_free_of_django() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in sources("rules")
        if re.search(r"^\s*(from|import) (django|rest_framework|psycopg2)\b", path.read_text(), re.M)
    ]
    assert found == []


def test_no_module_is_a_drawer() -> None:
    drawers = re.compile(r"^(utils?|helpers?|common|misc|managers?)\.py$")
    assert [str(path.relative_to(ROOT)) for path in sources() if drawers.match(path.name)] == []


def test_templates_hold_no_inline_style_or_script() -> None:
    inline = re.compile(
        r"""\s(?:style|onclick|onchange|onsubmit|onload)=["']|<script(?![^>]*\b(?:src|type="application/json"))[^>]*>\s*\S"""
    )
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if "documents" not in path.parts and "emails" not in path.parts and inline.search(path.read_text())
    ]
    assert found == []
