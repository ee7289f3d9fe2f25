"""A telemetry batch as it comes over the wire: JSON lines, the first names the batch, plain or gzip."""

import re
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from monitoring.enums import REJECT_WORDS, RejectCode
from monitoring.rules.columns import Columns
from monitoring.rules.line_kinds import Lines, lines_of
from monitoring.rules.read_lines import parsed, read_lines
from monitoring.rules.records import LATE_SECONDS, Border
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
    breaks = plain.count(b"\n") + plain.count(b"\r")
    if breaks > 3 * MAX_RECORDS:  # even with two signs at each end of line these are too many, most of them blank
        raise Refusal(
            _finding("batch.too_many", f"一批有 {breaks} 行，最多 {MAX_RECORDS} 条", "去掉空行，分成几批发送。")
        )
    lines = lines_of(plain)
    batch = Sorted(batch_id=_batch_id(lines))
    records = lines.behind_first()
    batch.records = len(records)
    if batch.records > MAX_RECORDS:
        raise Refusal(_finding("batch.too_many", f"一批有 {batch.records} 条，最多 {MAX_RECORDS} 条", "分成几批发送。"))
    reading = read_lines(records, border)
    firsts = reading.rows.firsts()
    batch.rows = reading.rows if firsts.all() else reading.rows.at(firsts)
    batch.known = records.numbers[reading.places[~firsts]].tolist()
    batch.rejected = [(int(records.numbers[place]), code, subject) for place, code, subject in reading.rejected]
    for _, names, times in reading.dropped:
        _note_dropped(batch, names, times)
    batch.late = int(np.count_nonzero(batch.rows.minutes < (border.received - LATE_SECONDS) / 60))
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


def _batch_id(lines: Lines) -> str:
    head = parsed(lines.text(0)) if len(lines) and lines.numbers[0] == 1 else None
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


def _note_dropped(batch: Sorted, names: list[str], times: int = 1) -> None:
    for name in names:
        room = name in batch.dropped or len(batch.dropped) < MAX_FIELD_NAMES
        batch.dropped[name if room else "…"] += times


def _finding(code: str, reason: str, remedy: str) -> Finding:
    return Finding(code=code, clause=CLAUSE, title="这一批没有收", reason=f"{reason}。", remedy=remedy)
