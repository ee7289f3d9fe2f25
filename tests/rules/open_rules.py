"""docs/open-rules.md as data."""

from dataclasses import dataclass
from pathlib import Path

OPEN_RULES = Path(__file__).resolve().parents[2] / "docs" / "open-rules.md"
WHOLE = "all of it: "


@dataclass(frozen=True)
class OpenRule:
    """One row. keys: spelled out. whole: no code applies any of them."""

    cells: tuple[str, ...]
    keys: tuple[str, ...]
    whole: bool


def open_rules() -> list[OpenRule]:
    lines = OPEN_RULES.read_text(encoding="utf-8").splitlines()
    table = [line.strip("|").split("|") for line in lines if line.startswith("|")][2:]
    rows = [tuple(cell.strip() for cell in cells) for cells in table]
    return [OpenRule(cells, keys_of(cells[0]), cells[1].startswith(WHOLE)) for cells in rows]


def keys_of(cell: str) -> tuple[str, ...]:
    """`T18/4.4.2, .3` is two keys, `P18/annex1.1–8` eight; what stands in brackets after a key is a remark."""
    found: list[str] = []
    for part in (part.strip() for part in cell.split(",")):
        key = part.split(" ")[0]
        if key.startswith("."):
            key = found[-1].rpartition(".")[0] + key
        begin, dash, end = key.partition("–")
        stem, _, first = begin.rpartition(".")
        found += [f"{stem}.{number}" for number in range(int(first), int(end) + 1)] if dash else [key]
    return tuple(found)
