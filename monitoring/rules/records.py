"""The border: which fields of a record come in, and why a record does not.

Only behaviour is taken, never business data (T18/5.4.12).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
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
SECONDS = {f"{second:02d}": second for second in range(60)}
_PERSONAL = re.compile(r"1\d{10}|\d{17}[\dXx]")

# An accepted record as it is kept: kind (d, u), subject, minute since 1970 (UTC), span, address, module, count.
Row = tuple[str, str, int, int, str, str, int]


@dataclass(slots=True)
class Memo:
    """Values that passed the checks, as they came, and what they became.

    A batch repeats few devices, minutes, addresses and modules thousands of times. subjects: by device and user;
    minutes: second since 1970 at which a minute begins, by the time's text without its seconds.
    """

    subjects: dict[tuple[Any, Any], tuple[str, str]] = field(default_factory=dict)
    minutes: dict[str, int] = field(default_factory=dict)
    addresses: dict[str | None, str] = field(default_factory=lambda: {None: ""})
    modules: dict[str | None, str] = field(default_factory=lambda: {None: ""})


@dataclass(frozen=True, slots=True)
class Border:
    """What a record is checked against: registered devices, the time of receipt and how late a record may come.

    user_key: up to 64 bytes, secret; account ids leave the border as pseudonyms under it.
    memo: what was checked already, for the records that repeat it; made anew with each border.
    """

    devices: frozenset[str]
    received: float
    late_days: int
    user_key: bytes
    memo: Memo = field(default_factory=Memo)


def check_record(record: Any, border: Border) -> Row | RejectCode:
    """The row to keep, or the first reason against it. Fields outside the allow-list are not looked at."""
    memo = border.memo
    try:
        subject = memo.subjects[record.get("device"), record.get("user")]
        at = record["at"]
        second = memo.minutes[at[:17] + at[19:]] + SECONDS[at[17:19]]
        address, module = memo.addresses[record.get("address")], memo.modules[record.get("module")]
    except (AttributeError, KeyError, TypeError):  # something is seen for the first time, or wrong
        return _check_closely(record, border)
    count = record.get("count", 1)
    if type(count) is not int or not 0 < count <= MAX_COUNT or out_of_time(second, border):
        return _check_closely(record, border)
    return subject[0], subject[1], second // 60, 1, address, module, count


def _check_closely(record: Any, border: Border) -> Row | RejectCode:
    if not isinstance(record, dict):
        return RejectCode.NOT_JSON
    subject = subject_of(record, border)
    if isinstance(subject, RejectCode):
        return subject
    border.memo.subjects[record.get("device"), record.get("user")] = subject
    second = _second(record.get("at"), border)
    if isinstance(second, RejectCode):
        return second
    _remember_minute(record["at"], second, border.memo)
    rest = rest_of(record)
    if isinstance(rest, RejectCode):
        return rest
    border.memo.addresses[record.get("address")], border.memo.modules[record.get("module")] = rest[:2]
    return (*subject, second // 60, 1, *rest)


def _remember_minute(at: Any, second: int, memo: Memo) -> None:
    if isinstance(at, str) and _has_seconds(at):
        memo.minutes[at[:17] + at[19:]] = second - SECONDS[at[17:19]]


def _has_seconds(at: str) -> bool:
    """Written as 2020-10-12T09:30:00+08:00: then the seconds stand where they are looked for."""
    return at[13:14] == at[16:17] == ":" and at[17:19] in SECONDS


def out_of_time(second: int, border: Border) -> RejectCode | None:
    earliest, latest = span_taken(border)
    if second > latest:
        return RejectCode.AT_FUTURE
    return RejectCode.AT_TOO_OLD if second < earliest else None


def span_taken(border: Border) -> tuple[float, float]:
    """First and last second since 1970 that a record may carry now."""
    return border.received - border.late_days * 86400, border.received + FUTURE_SECONDS


def foreign_fields(record: Mapping[str, Any]) -> list[str]:
    """Names of the fields that are dropped, cut short: a name could carry data too."""
    return [str(name)[:40] for name in record if name not in ALLOWED]


def device_key(device_id: str) -> str:
    """Serial numbers are compared without case and outer spaces."""
    return device_id.strip().upper()


def pseudonym(key: bytes, user: str) -> str:
    """Keyed hash of an account id: the same account is recognised, and nobody without the key can try names."""
    if not key:
        raise ValueError("a pseudonym without a key could be found out by trying")
    return f"u-{blake2b(user.encode(), key=key, digest_size=9).hexdigest()}"


def well_formed_subject(subject: str) -> bool:
    return _SUBJECT.fullmatch(subject) is not None


def subject_of(record: dict[str, Any], border: Border) -> tuple[str, str] | RejectCode:
    device, user = record.get("device"), record.get("user")
    if device is not None and user is not None:
        return RejectCode.TWO_SUBJECTS
    if device is None and user is None:
        return RejectCode.NO_SUBJECT
    if device is not None:
        return _device(device, border)
    if not isinstance(user, str) or not well_formed_subject(user):
        return RejectCode.SUBJECT_FORM
    return RejectCode.PERSONAL_NUMBER if _PERSONAL.fullmatch(user) else ("u", pseudonym(border.user_key, user))


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
    return out_of_time(second, border) or second


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


def rest_of(record: dict[str, Any]) -> tuple[str, str, int] | RejectCode:
    address, module, count = record.get("address"), record.get("module"), record.get("count", 1)
    if address is not None and not _is_address(address):
        return RejectCode.ADDRESS_FORM
    if module is not None and not (isinstance(module, str) and 0 < len(module.strip()) <= MAX_MODULE):
        return RejectCode.MODULE_FORM
    if not isinstance(count, int) or isinstance(count, bool) or not 0 < count <= MAX_COUNT:
        return RejectCode.COUNT_FORM
    return address or "", module.strip() if module else "", count


def _is_address(address: Any) -> bool:
    return isinstance(address, str) and len(address) <= 45 and _parses_as_address(address)


def _parses_as_address(address: str) -> bool:
    try:
        ip_address(address)
    except ValueError:
        return False
    return True
