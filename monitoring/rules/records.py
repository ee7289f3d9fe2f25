"""The border: which fields of a record come in, and why a record does not.

Only behaviour is taken, never business data (T18/5.4.12).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from monitoring.enums import RejectCode

ALLOWED = frozenset({"device", "user", "at", "address", "module", "count"})
FUTURE_SECONDS = 300
LATE_SECONDS = 2 * 86400
MAX_COUNT = 1_000_000
MAX_MODULE = 60
SHANGHAI_SECONDS = 8 * 3600
_SUBJECT = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff._:@-]{0,63}")
_PERSONAL = re.compile(r"1\d{10}|\d{17}[\dXx]")

# An accepted record as it is kept: kind (d, u), subject, minute since 1970 (UTC), span, address, module, count.
Row = tuple[str, str, int, int, str, str, int]


@dataclass(frozen=True, slots=True)
class Border:
    """What a record is checked against: registered devices, the time of receipt and how late a record may come."""

    devices: frozenset[str]
    received: float
    late_days: int


def check_record(record: Any, border: Border) -> Row | RejectCode:
    """The row to keep, or the first reason against it. Fields outside the allow-list are not looked at."""
    if not isinstance(record, dict):
        return RejectCode.NOT_JSON
    subject = _subject(record, border)
    if isinstance(subject, RejectCode):
        return subject
    second = _second(record.get("at"), border)
    if isinstance(second, RejectCode):
        return second
    rest = _rest(record)
    if isinstance(rest, RejectCode):
        return rest
    return (*subject, second // 60, 1, *rest)


def foreign_fields(record: Mapping[str, Any]) -> list[str]:
    """Names of the fields that are dropped, cut short: a name could carry data too."""
    return [str(name)[:40] for name in record if name not in ALLOWED]


def device_key(device_id: str) -> str:
    """Serial numbers are compared without case and outer spaces."""
    return device_id.strip().upper()


def well_formed_subject(subject: str) -> bool:
    return _SUBJECT.fullmatch(subject) is not None


def _subject(record: dict[str, Any], border: Border) -> tuple[str, str] | RejectCode:
    device, user = record.get("device"), record.get("user")
    if device is not None and user is not None:
        return RejectCode.TWO_SUBJECTS
    if device is None and user is None:
        return RejectCode.NO_SUBJECT
    if device is not None:
        return _device(device, border)
    if not isinstance(user, str) or not well_formed_subject(user):
        return RejectCode.SUBJECT_FORM
    return RejectCode.PERSONAL_NUMBER if _PERSONAL.fullmatch(user) else ("u", user)


def _device(device: Any, border: Border) -> tuple[str, str] | RejectCode:
    if not isinstance(device, str):
        return RejectCode.SUBJECT_FORM
    key = device if device in border.devices else device_key(device)
    if key in border.devices:
        return "d", key
    return RejectCode.DEVICE_UNKNOWN if well_formed_subject(key) else RejectCode.SUBJECT_FORM


def _second(at: Any, border: Border) -> int | RejectCode:
    if at is None:
        return RejectCode.AT_MISSING
    second = _parsed(at)
    if second is None:
        return RejectCode.AT_FORM
    if second > border.received + FUTURE_SECONDS:
        return RejectCode.AT_FUTURE
    if second < border.received - border.late_days * 86400:
        return RejectCode.AT_TOO_OLD
    return second


def _parsed(at: Any) -> int | None:
    if isinstance(at, int) and not isinstance(at, bool):
        return at
    if not isinstance(at, str):
        return None
    try:
        moment = datetime.fromisoformat(at)
        return int(moment.timestamp()) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _rest(record: dict[str, Any]) -> tuple[str, str, int] | RejectCode:
    address, module, count = record.get("address"), record.get("module"), record.get("count", 1)
    if address is not None and not _is_address(address):
        return RejectCode.ADDRESS_FORM
    if module is not None and not (isinstance(module, str) and 0 < len(module.strip()) <= MAX_MODULE):
        return RejectCode.MODULE_FORM
    if not isinstance(count, int) or isinstance(count, bool) or not 0 < count <= MAX_COUNT:
        return RejectCode.COUNT_FORM
    return address or "", module.strip() if module else "", count


_SEEN_ADDRESSES: dict[str, bool] = {}


def _is_address(address: Any) -> bool:
    """Remembered: a batch repeats few addresses thousands of times."""
    if not isinstance(address, str) or len(address) > 45:
        return False
    known = _SEEN_ADDRESSES.get(address)
    if known is None:
        if len(_SEEN_ADDRESSES) > 10_000:
            _SEEN_ADDRESSES.clear()
        known = _SEEN_ADDRESSES[address] = _parses_as_address(address)
    return known


def _parses_as_address(address: str) -> bool:
    try:
        ip_address(address)
    except ValueError:
        return False
    return True
