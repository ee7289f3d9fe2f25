"""One page of a supplier's log: a batch as if it had been pushed, whose first line also says where to go on."""

from dataclasses import dataclass
from urllib.parse import quote

import orjson

MAX_CURSOR = 256
PAGE_RECORDS = 20_000


@dataclass(frozen=True, slots=True)
class Head:
    """next: cursor of the page after this one. more: it waits already. empty: no record follows."""

    next: str
    more: bool
    empty: bool


def head_of(plain: bytes) -> Head | None:
    """None when the first line does not say where to go on."""
    line, _, rest = plain.partition(b"\n")
    try:
        head = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(head, dict):
        return None
    cursor, more = head.get("next"), head.get("more", False)
    if not isinstance(cursor, str) or not cursor or len(cursor) > MAX_CURSOR or not isinstance(more, bool):
        return None
    return Head(cursor, more, not rest.strip())


def asked_target(target: str, cursor: str) -> str:
    """Path and query with cursor and page size, as sent and signed."""
    sign = "&" if "?" in target else "?"
    return f"{target}{sign}cursor={quote(cursor, safe='')}&limit={PAGE_RECORDS}"


def asked_message(target: str) -> bytes:
    """What is signed in place of a body when the platform asks."""
    return f"GET {target}".encode()
