"""Every number of an edition governs something: code reads it, or docs/open-rules.md says why none does yet."""

import re
from pathlib import Path

from catalog.rules.terms import parameter_keys

ROOT = Path(__file__).resolve().parents[2]
APPS = ("catalog", "suppliers", "vouchers", "monitoring", "settlement", "platform_site")
# These type, check and name every number; that is no use of it.
KEEPERS = {f"catalog/rules/{name}.py" for name in ("terms", "parameter_checks", "parameter_kinds", "parameter_words")}

# Asked for by a method of the terms.
METHODS = {"tiers": "tier_for"}


def reading_code() -> str:
    paths = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return "\n".join(
        path.read_text(encoding="utf-8")
        for path in paths
        if "migrations" not in path.parts and str(path.relative_to(ROOT)) not in KEEPERS
    )


def test_every_number_is_read_or_listed_with_the_reason() -> None:
    code = reading_code()
    named = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "open-rules.md").read_text(encoding="utf-8")))
    read = {key for key in parameter_keys() if re.search(rf'\.{METHODS.get(key, key)}\b|== "{key}"', code)}
    assert sorted(set(parameter_keys()) - read - named) == []
    assert sorted(read & named) == [], "a number that is read now is listed still"
