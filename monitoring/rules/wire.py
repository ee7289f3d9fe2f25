"""A telemetry batch as it comes over the wire: JSON lines, the first names the batch, plain or gzip."""

import re
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import orjson

from monitoring.enums import REJECT_WORDS, RejectCode
from monitoring.rules.records import LATE_SECONDS, Border, Row, check_record, foreign_fields
from platform_site.kit.findings import Finding, Refusal

MAX_BODY = 2 * 1024 * 1024
MAX_UNPACKED = 20 * 1024 * 1024
MAX_RECORDS = 50_000
MAX_NAMED_LINES = 1_000
MAX_FIELD_NAMES = 20
CLAUSE = "S19/5.4.10"
_BATCH_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(slots=True)
class Sorted:
    """A batch sorted out: what is kept, and why the rest is not. Lines count from 1, the batch line included."""

    batch_id: str
    records: int = 0
    rows: list[Row] = field(default_factory=list)
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
    seen: set[tuple[str, str, int, str]] = set()
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            batch.records += 1
            _sort_line(batch, number, line, border, seen)
    if batch.records > MAX_RECORDS:
        raise Refusal(_finding("batch.too_many", f"一批有 {batch.records} 条，最多 {MAX_RECORDS} 条", "分成几批发送。"))
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


def _sort_line(batch: Sorted, number: int, line: bytes, border: Border, seen: set[tuple[str, str, int, str]]) -> None:
    record = _parsed(line)
    if isinstance(record, dict):
        _note_dropped(batch, foreign_fields(record))
    row = check_record(record, border)
    if isinstance(row, RejectCode):
        batch.rejected.append((number, row, _shown_subject(record, row)))
        return
    key = (row[0], row[1], row[2], row[5])
    if key in seen:
        batch.known.append(number)
        return
    seen.add(key)
    batch.rows.append(row)
    batch.late += row[2] * 60 < border.received - LATE_SECONDS


def _note_dropped(batch: Sorted, names: list[str]) -> None:
    for name in names:
        room = name in batch.dropped or len(batch.dropped) < MAX_FIELD_NAMES
        batch.dropped[name if room else "…"] += 1


def _shown_subject(record: Any, code: RejectCode) -> str:
    """The number to look for; nothing of what looks like a personal number is kept."""
    if code == RejectCode.PERSONAL_NUMBER or not isinstance(record, dict):
        return ""
    subject = record.get("device") or record.get("user") or ""
    return subject[:64] if isinstance(subject, str) else ""


def _parsed(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _finding(code: str, reason: str, remedy: str) -> Finding:
    return Finding(code=code, clause=CLAUSE, title="这一批没有收", reason=f"{reason}。", remedy=remedy)
