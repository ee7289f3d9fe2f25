"""Where the platform applies each clause: the sources beside the running platform are read once and kept."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

from catalog.models import EditionParameter, Item
from catalog.rules.clause_places import Place, Uses, named_by_tests, uses_in
from catalog.rules.terms import parameter_keys


def places_of_clauses(keys: Iterable[str]) -> dict[str, list[Place]]:
    """For each key every place, through the numbers and items that rest on it too."""
    uses = read_uses()
    parameters: dict[str, dict[str, None]] = {}
    for clause_id, name in EditionParameter.objects.values_list("clause_id", "key").order_by("clause_id", "position"):
        parameters.setdefault(clause_id, {})[name] = None
    items = set(Item.objects.values_list("clause_id", flat=True))
    return {key: uses.of(key, parameters=tuple(parameters.get(key, ())), is_item=key in items) for key in keys}


@cache
def read_uses() -> Uses:
    """Half a second once per process; nothing changes while the platform runs."""
    base = Path(settings.BASE_DIR)
    tops = {
        Path(config.path).relative_to(base).parts[0]
        for config in apps.get_app_configs()
        if base in _parents(config.path)
    }
    tops = {top for top in tops if (base / top / "__init__.py").exists()}
    files = [
        path for top in sorted(tops) for path in sorted((base / top).rglob("*.py")) if "migrations" not in path.parts
    ]
    return uses_in(
        {_module(path, base): path.read_text(encoding="utf-8") for path in files}, frozenset(parameter_keys())
    )


def tests_of_clauses() -> dict[str, list[str]]:
    """Tests that name a key; empty where the tests are not installed."""
    base = Path(settings.BASE_DIR)
    files = sorted((base / "tests").rglob("test_*.py"))
    return named_by_tests({str(path.relative_to(base)): path.read_text(encoding="utf-8") for path in files})


def _parents(path: str) -> tuple[Path, ...]:
    return tuple(Path(path).parents)


def _module(path: Path, base: Path) -> str:
    return ".".join(path.relative_to(base).with_suffix("").parts).removesuffix(".__init__")
