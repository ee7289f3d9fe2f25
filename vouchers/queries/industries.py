"""The national standard's industry divisions, read once from their CSV."""

import csv
from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def industry_divisions() -> tuple[tuple[str, str], ...]:
    """(code, name) of section C, manufacturing (GB/T 4754)."""
    path = Path(settings.BASE_DIR) / "fixtures" / "industries" / "gbt4754_c.csv"
    with path.open(encoding="utf-8", newline="") as rows:
        return tuple((row["code"], row["name"]) for row in csv.DictReader(rows))


def industry_name(code: str) -> str:
    """The division a code of two to four digits lies in; "" for others."""
    return dict(industry_divisions()).get(code.strip().upper().removeprefix("C")[:2], "")


def industry_choices() -> list[tuple[str, str]]:
    return [("", "请选择"), *((code, f"C{code} {name}") for code, name in industry_divisions())]
