"""Merkle tree over digests (hex, SHA-256): leaves and nodes are hashed apart, so that none passes for the other."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

_LEAF, _NODE = b"\x00", b"\x01"
BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class Step:
    """One step upwards: the neighbour's hash and on which side it stands ("left" or "right")."""

    side: str
    digest: str


def row_digest(table: str, values: Mapping[str, Any]) -> str:
    """Of one row: its table, and every column with its value in one spelling."""
    spelled = {name: _spelled(value) for name, value in values.items()}
    text = json.dumps([table, spelled], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _spelled(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def merkle_root(digests: Sequence[str]) -> str:
    """Of at least one digest, in order."""
    level = [_leaf(digest) for digest in digests]
    while len(level) > 1:
        level = _above(level)
    return level[0].hex()


def inclusion_proof(digests: Sequence[str], position: int) -> list[Step]:
    """The steps from the digest at `position` (from 0) up to the root."""
    level, steps = [_leaf(digest) for digest in digests], []
    while len(level) > 1:
        neighbour = position ^ 1
        if neighbour < len(level):
            steps.append(Step("left" if neighbour < position else "right", level[neighbour].hex()))
        level, position = _above(level), position // 2
    return steps


def root_of_proof(digest: str, steps: Sequence[Step]) -> str:
    """The root to which the proof leads: it holds when this is the published one."""
    reached = _leaf(digest)
    for step in steps:
        other = bytes.fromhex(step.digest)
        reached = _node(other, reached) if step.side == "left" else _node(reached, other)
    return reached.hex()


def chained(number: int, previous: str, root: str, count: int) -> str:
    """The head of the chain after this seal."""
    return hashlib.sha256(f"{number}\n{previous}\n{root}\n{count}".encode()).hexdigest()


def _above(level: list[bytes]) -> list[bytes]:
    """Pairs hashed; the last one without a neighbour goes up as it is."""
    pairs = [_node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
    return pairs + level[len(pairs) * 2 :]


def _leaf(digest: str) -> bytes:
    return hashlib.sha256(_LEAF + bytes.fromhex(digest)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
