"""Every job name that is left behind somewhere has a handler, and every handler is asked for by somebody."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from platform_site.outbox.domain.deliver import HANDLERS

ROOT = Path(__file__).resolve().parents[2]
APPS = ("platform_site", "catalog", "suppliers", "vouchers", "monitoring", "settlement")
# Passed on by a floor that does not know its callers: these arguments hold names of jobs.
CARRIERS = ("task", "on_close", "on_objection")


def sources() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def jobs_named() -> dict[str, set[str]]:
    """Job name → files that leave it behind."""
    found: dict[str, set[str]] = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg in CARRIERS and isinstance(node.value, ast.Constant):
                found.setdefault(str(node.value.value), set()).add(str(path.relative_to(ROOT)))
    return {name: files for name, files in found.items() if name}


def all_handlers() -> set[str]:
    for path in sources():
        if path.stem == "tasks":
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return {name for name in HANDLERS if not name.startswith("tests.")}


def test_every_job_name_in_the_sources_is_handled_and_every_handler_is_used() -> None:
    assert set(jobs_named()) == all_handlers()


def test_a_program_without_workers_finds_the_handlers_by_itself() -> None:
    """The season and the management commands carry work out in their own process."""
    asked = (
        "import os, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'tests.settings'); django.setup();"
        "from platform_site.outbox.domain.deliver import handler_of;"
        "print(handler_of('accounts.send_invitation').__module__)"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["platform_site.accounts.tasks"]
