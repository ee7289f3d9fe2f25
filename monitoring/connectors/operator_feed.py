"""The telecom operators' file: one connection a row, CSV with a head line, UTF-8 or GB18030.

Columns: voucher number, device, from, to, address. Empty times with a date in `from` only ("2020-10-12") say that the
device was watched that day and no connection was seen.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from zoneinfo import ZoneInfo

from monitoring.enums import ROW_ERROR_WORDS, RowError
from monitoring.rules.records import FUTURE_SECONDS, Row, device_key
from platform_site.files.rules.text_inside import decoded, is_plain_text
from platform_site.kit.findings import Finding, Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
COLUMNS = ("券号", "设备编号", "开始", "结束", "地址")
MAX_ROWS = 100_000
MAX_BYTES = 10 * 1024 * 1024
DAY_MINUTES = 1440
_MINUTE_FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S")
_DAY_FORMATS = ("%Y-%m-%d", "%Y/%m/%d")


@dataclass(frozen=True, slots=True)
class FeedRows:
    """Rows by voucher id, and what was wrong: line (from 1, head included), code, reason."""

    rows: dict[int, list[Row]]
    errors: list[dict[str, str | int]]
    total: int


@dataclass(frozen=True, slots=True)
class Watched:
    """What rows are checked against: vouchers by number, and by voucher id its devices and the days allowed."""

    vouchers: Mapping[str, int]
    devices: Mapping[int, frozenset[str]]
    late_days: Mapping[int, int]
    at: datetime


def text_of(content: bytes) -> str:
    """Raises Refusal for what is too large or no text."""
    if len(content) > MAX_BYTES:
        raise Refusal(_finding("feed.too_large", "文件超过 10 MB", "分成几个文件上传。"))
    if not content or is_plain_text(content):
        return decoded(content)
    raise Refusal(_finding("feed.no_text", "文件不是文本", "另存为 CSV（UTF-8）后上传。"))


def numbers_in(text: str) -> set[str]:
    """Voucher numbers that occur, to be looked up at once."""
    return {cells[0].strip() for cells in _cells(text) if cells}


def read_feed(text: str, watched: Watched) -> FeedRows:
    """Every row read or refused. Raises Refusal when there is no row, or too many."""
    lines = _cells(text)
    if not lines:
        raise Refusal(_finding("feed.empty", "文件里没有记录", "第一行写列名，从第二行开始写记录。"))
    if len(lines) > MAX_ROWS:
        raise Refusal(_finding("feed.too_many", f"有 {len(lines)} 行，最多 {MAX_ROWS} 行", "分成几个文件上传。"))
    rows: dict[int, list[Row]] = {}
    errors: list[dict[str, str | int]] = []
    for number, cells in enumerate(lines, start=2):
        read = _row(cells, watched)
        if isinstance(read, RowError):
            errors.append({"line": number, "code": str(read), "reason": ROW_ERROR_WORDS[read]})
        else:
            rows.setdefault(read[0], []).append(read[1])
    return FeedRows(rows=rows, errors=errors, total=len(lines))


def _cells(text: str) -> list[list[str]]:
    """All lines after the head; empty ones are left out only at the end."""
    lines = [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(text))][1:]
    while lines and not any(lines[-1]):
        lines.pop()
    return lines


def _row(cells: list[str], watched: Watched) -> tuple[int, Row] | RowError:
    if not len(COLUMNS) - 1 <= len(cells) <= len(COLUMNS):
        return RowError.FORM
    number, device, start, end, address = [*cells, ""][: len(COLUMNS)]
    voucher_id = watched.vouchers.get(number)
    if voucher_id is None:
        return RowError.VOUCHER
    if device_key(device) not in watched.devices.get(voucher_id, frozenset()):
        return RowError.DEVICE
    if address and not _is_address(address):
        return RowError.ADDRESS
    span = _span(start, end, watched.at.timestamp(), watched.late_days[voucher_id])
    if isinstance(span, RowError):
        return span
    return voucher_id, ("d", device_key(device), *span, address, "", 1)


def _span(start: str, end: str, now: float, late_days: int) -> tuple[int, int] | RowError:
    """First minute since 1970 and how many; no end: nothing was seen on that day."""
    if not end:
        day = _parsed(start, _DAY_FORMATS)
        return RowError.TIME if day is None else _within((_minute(day), 0), now, late_days)
    begin, finish = _parsed(start, _MINUTE_FORMATS), _parsed(end, _MINUTE_FORMATS)
    if begin is None or finish is None:
        return RowError.TIME
    if finish < begin:
        return RowError.ORDER
    if finish - begin > timedelta(days=1):
        return RowError.SPAN
    return _within((_minute(begin), _minute(finish) - _minute(begin) + 1), now, late_days)


def _within(span: tuple[int, int], now: float, late_days: int) -> tuple[int, int] | RowError:
    if (span[0] + max(span[1] - 1, 0)) * 60 > now + FUTURE_SECONDS:
        return RowError.FUTURE
    return RowError.TOO_OLD if span[0] * 60 < now - late_days * DAY_MINUTES * 60 else span


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _parsed(text: str, formats: tuple[str, ...]) -> datetime | None:
    for form in formats:
        try:
            return datetime.strptime(text, form).replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
    return None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _finding(code: str, reason: str, remedy: str) -> Finding:
    return Finding(code=code, clause="REF/5", title="文件没有收", reason=f"{reason}。", remedy=remedy, field="file")
