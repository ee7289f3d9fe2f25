"""A telemetry batch as it comes over the wire: JSON lines, the first names the batch, plain or gzip."""

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from monitoring.enums import REJECT_WORDS, RejectCode
from monitoring.rules.alike import part_of
from monitoring.rules.columns import Columns
from monitoring.rules.records import LATE_SECONDS, Border, check_record, foreign_fields
from platform_site.kit.findings import Finding, Refusal

MAX_BODY = 2 * 1024 * 1024
MAX_UNPACKED = 20 * 1024 * 1024
MAX_RECORDS = 50_000
AT_ONCE = 2_000  # lines read at a time: their values go before the next come
MAX_NAMED_LINES = 1_000
MAX_FIELD_NAMES = 20
CLAUSE = "S19/5.4.10"
_BATCH_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(slots=True)
class Sorted:
    """A batch sorted out: what is kept, and why the rest is not. Lines count from 1, the batch line included."""

    batch_id: str
    records: int = 0
    rows: Columns = field(default_factory=Columns)
    rejected: list[tuple[int, RejectCode, str]] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    late: int = 0


def unpacked(body: bytes, *, gzipped: bool) -> bytes:
    """The plain body. Raises Refusal when it is too large or not what its header says."""
    if len(body) > MAX_BODY:
        raise Refusal(_finding("body.too_large", "正文超过 2 MB", "分成几批发送。"))
    if not gzipped:
        return body
    opened = zlib.decompressobj(wbits=31)
    try:
        plain = opened.decompress(body, MAX_UNPACKED)
    except zlib.error as error:
        raise Refusal(_finding("body.not_gzip", "写了 gzip，但正文解不开", "检查压缩方式，或不压缩发送。")) from error
    if opened.unconsumed_tail:
        raise Refusal(_finding("body.too_large", "解开后超过 20 MB", "分成几批发送。"))
    if not opened.eof:
        raise Refusal(_finding("body.not_gzip", "gzip 正文不完整", "重新发送这一批。"))
    return plain


def sort_out(plain: bytes, border: Border) -> Sorted:
    """Every record kept, rejected or known. Raises Refusal when the batch as a whole cannot be read."""
    lines = plain.splitlines()
    batch = Sorted(batch_id=_batch_id(lines))
    told = lines[1:]
    numbers: Sequence[int] = range(2, len(lines) + 1)
    if not all(map(bytes.strip, told)):
        numbers = [number for number, line in zip(numbers, told, strict=True) if line.strip()]
        told = [lines[number - 1] for number in numbers]
    batch.records = len(told)
    if batch.records > MAX_RECORDS:
        raise Refusal(_finding("batch.too_many", f"一批有 {batch.records} 条，最多 {MAX_RECORDS} 条", "分成几批发送。"))
    seen: set[int] = set()
    for start in range(0, len(told), AT_ONCE):
        _sort(batch, numbers[start : start + AT_ONCE], _all_parsed(told[start : start + AT_ONCE]), border, seen)
    late_before = (border.received - LATE_SECONDS) / 60
    if min(batch.rows.minutes, default=late_before) < late_before:
        batch.late = sum(minute < late_before for minute in batch.rows.minutes)
    return batch


def rejection_summary(batch: Sorted) -> list[dict[str, Any]]:
    """Rejected records by reason and subject, first line and number: what is kept of them, and shown."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for line, code, subject in batch.rejected:
        group = groups.setdefault((code, subject), {"code": str(code), "subject": subject, "line": line, "count": 0})
        group["count"] += 1
    return sorted(groups.values(), key=lambda group: -group["count"])[:MAX_NAMED_LINES]


def words_of(code: str) -> tuple[str, str]:
    """Reason and remedy of a reject code."""
    return REJECT_WORDS[RejectCode(code)]


def _batch_id(lines: list[bytes]) -> str:
    head = _parsed(lines[0]) if lines else None
    batch_id = head.get("batch") if isinstance(head, dict) else None
    if not isinstance(batch_id, str) or not _BATCH_ID.fullmatch(batch_id):
        raise Refusal(
            _finding(
                "batch.no_id",
                "第一行没有批次号",
                '第一行写 {"batch": "批次号"}，用字母、数字和 . _ -，最多 64 个字符。',
            )
        )
    return batch_id


def _sort(batch: Sorted, numbers: Sequence[int], records: Sequence[Any], border: Border, seen: set[int]) -> None:
    """A stretch of the batch: at once where its records are alike and new, else one by one."""
    part = part_of(records, batch.rows, border)
    keys = [] if part is None else part.keys()
    if part is None or len(set(keys)) < len(keys) or not seen.isdisjoint(keys):
        _sort_each(batch, numbers, records, border, seen)
        return
    seen.update(keys)
    batch.rows.add_part(part)
    _note_dropped(batch, foreign_fields(records[0]), len(records))


def _sort_each(batch: Sorted, numbers: Sequence[int], records: Sequence[Any], border: Border, seen: set[int]) -> None:
    for number, record in zip(numbers, records, strict=True):
        if isinstance(record, dict):
            _note_dropped(batch, foreign_fields(record))
        row = check_record(record, border)
        if isinstance(row, RejectCode):
            batch.rejected.append((number, row, _shown_subject(record)))
            continue
        key = batch.rows.key_of(row)
        if key in seen:
            batch.known.append(number)
            continue
        seen.add(key)
        batch.rows.add(row)


def _all_parsed(lines: Sequence[bytes]) -> list[Any]:
    """One value a line, None for what is no JSON; all at once if that gives as many values as there are lines.

    Broken lines that happen to complete each other may then be taken for each other: their sender's own doing.
    """
    together = _parsed(b"[" + b",".join(lines) + b"]")
    return together if together is not None and len(together) == len(lines) else [_parsed(line) for line in lines]


def _note_dropped(batch: Sorted, names: list[str], times: int = 1) -> None:
    for name in names:
        room = name in batch.dropped or len(batch.dropped) < MAX_FIELD_NAMES
        batch.dropped[name if room else "…"] += times


def _shown_subject(record: Any) -> str:
    """The device to look for; of accounts nothing is kept, the line says which."""
    subject = record.get("device") if isinstance(record, dict) else None
    return subject[:64] if isinstance(subject, str) else ""


def _parsed(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _finding(code: str, reason: str, remedy: str) -> Finding:
    return Finding(code=code, clause=CLAUSE, title="这一批没有收", reason=f"{reason}。", remedy=remedy)
