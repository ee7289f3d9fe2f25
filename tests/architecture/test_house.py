"""Habits of the house that no linter knows: what lies at the top, reasons and hashes of dependencies, sizes, names."""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from platform_site.portals.navigation import ENTRIES
from platform_site.portals.queries.line import STEPS
from platform_site.templatetags import states

ROOT = Path(__file__).resolve().parents[2]
APPS = ("platform_site", "catalog", "suppliers", "vouchers", "monitoring", "settlement")
TOP = {
    *("manage.py", "pyproject.toml", "docker-compose.yml", "Makefile", "README.md", "README.zh-CN.md", ".ci", "docs"),
    *(*APPS, "templates", "fixtures", "tests"),
    *("requirements.lock", "requirements-test.lock", "requirements-node.lock", "package.json", "package-lock.json"),
    *(".npmrc", ".gitignore", ".dockerignore", "Dockerfile"),
}
LOCKS = sorted(ROOT.glob("requirements*.lock"))
LONGEST_FUNCTION = 40
LONGEST_FILE = 350
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}


def committed() -> list[str]:
    """Files of the repository, new ones included, ignored ones not."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.splitlines()
    return [name for name in listed if (ROOT / name).exists()]


def sources() -> list[Path]:
    found = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def plain_name(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~!;@ ]", requirement)[0]).lower()


def test_the_top_level_holds_only_what_was_agreed() -> None:
    files = committed()
    if not files:
        pytest.skip("not a git clone")
    assert {name.split("/")[0] for name in files} - TOP == set()


def test_every_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[tool.uv]")[0].splitlines()
    named = [line.strip() for line in lines if re.match(r'\s+"[a-z]', line)]
    assert [line for line in named if "#" not in line] == []


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [name for group in project["dependency-groups"].values() for name in group]
    locked = {line.split("==")[0] for lock in LOCKS for line in lock.read_text().splitlines() if "==" in line}
    assert {plain_name(name) for name in (*project["project"]["dependencies"], *groups)} - locked == set()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_python_locks_carry_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    pinned = [block for block in re.split(r"\n(?=[a-z0-9])", text) if block.strip()]
    assert [block.split()[0] for block in pinned if "--hash=sha256:" not in block] == []
    assert re.findall(r"https?://|file://|--\w*index-url|--find-links", text) == []


def test_the_npm_lock_carries_hashes_and_no_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_compose_has_no_default_secret_and_watches_every_part() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    secrets = re.findall(r"\$\{(\w*(?:PASSWORD|SECRET|KEY|EMAIL_URL)\w*)([^}]*)\}", text)
    assert [name for name, rest in secrets if not rest.startswith(":?")] == []
    services = yaml.safe_load(text)["services"]
    unwatched = {name for name, service in services.items() if "healthcheck" not in service}
    assert unwatched == {"prepare", "fake-supplier"}


def test_no_module_is_a_drawer() -> None:
    assert [str(path.relative_to(ROOT)) for path in sources() if path.stem in DRAWERS] == []


def test_functions_end_before_the_hard_limit() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sources()
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == set()


def test_files_end_before_the_limit() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_app_says_what_it_owns() -> None:
    inits = [ROOT / app / "__init__.py" for app in APPS]
    inits += [path for path in (ROOT / "platform_site").glob("*/__init__.py") if path.parent.name != "__pycache__"]
    silent = [path for path in inits if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert [str(path.relative_to(ROOT)) for path in silent] == []


def test_icons_named_in_code_are_in_the_sprite() -> None:
    listed = set((ROOT / "templates" / "static" / "icons.txt").read_text().split())
    looks = {look.icon for table in states._TABLES.values() for look in table.values()}
    assert (looks | {entry.icon for entry in ENTRIES} | {icon for _, icon in STEPS}) - {""} - listed == set()


def test_icons_used_in_templates_are_in_the_sprite() -> None:
    listed = set((ROOT / "templates" / "static" / "icons.txt").read_text().split())
    pattern = re.compile(r"""{% icon "([a-z0-9-]+)"|\bicon="([a-z0-9-]+)\"""")
    found = [match for path in (ROOT / "templates").rglob("*.html") for match in pattern.finditer(path.read_text())]
    assert {match[1] or match[2] for match in found} - listed == set()
