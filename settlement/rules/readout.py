"""What the invoice itself says: QR code text and e-invoice XML turned into fields, and compared with what was typed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from settlement.rules.invoice_key import plain_digits

DIGITAL_TYPES = frozenset({"31", "32"})
_VERSION, _TYPE, _CODE, _NUMBER, _AMOUNT, _DATE, _CHECK = range(7)
_CHECK_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Readout:
    """Fields as the paper states them. `amount` with tax and `amount_without_tax`: None where the code leaves it out.

    source: "qr" or "xml". check_code: the last six digits, "" for fully digital invoices.
    """

    source: str
    kind: str
    code: str
    number: str
    issued_on: date | None
    amount: Decimal | None = None
    amount_without_tax: Decimal | None = None
    check_code: str = ""
    seller: str = ""
    buyer: str = ""

    def as_json(self) -> dict[str, str | None]:
        return {name: None if value is None else str(value) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of the table "read and typed". same None: the paper doesn't say, look at it."""

    label: str
    read: str
    typed: str
    same: bool | None


def from_qr(text: str) -> Readout | None:
    """ "01,type,code,number,amount,yyyymmdd,check code,crc"; None for a code that is no invoice's."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) <= _CHECK or parts[_VERSION] != "01" or not plain_digits(parts[_NUMBER]):
        return None
    digital = parts[_TYPE] in DIGITAL_TYPES
    amount = _amount(parts[_AMOUNT])
    return Readout(
        source="qr",
        kind=parts[_TYPE],
        code="" if digital else parts[_CODE],
        number=parts[_NUMBER],
        issued_on=_day(parts[_DATE]),
        amount=amount if digital else None,
        amount_without_tax=None if digital else amount,
        check_code="" if digital else parts[_CHECK][-_CHECK_DIGITS:],
    )


def from_json(stored: dict[str, Any]) -> Readout | None:
    """The stored form back; None for {}."""
    if not stored:
        return None
    text = {
        name: stored.get(name) or "" for name in ("source", "kind", "code", "number", "check_code", "seller", "buyer")
    }
    return Readout(
        **text,
        issued_on=date.fromisoformat(stored["issued_on"]) if stored.get("issued_on") else None,
        amount=_amount(stored.get("amount") or ""),
        amount_without_tax=_amount(stored.get("amount_without_tax") or ""),
    )


def compare(read: Readout, typed: dict[str, Any]) -> list[Comparison]:
    """Line by line; `typed` has code, number, issued_on, amount, amount_without_tax, check_code."""
    return list(_comparisons(read, typed))


def _comparisons(read: Readout, typed: dict[str, Any]) -> Iterator[Comparison]:
    if read.code or typed["code"]:
        yield _digits("发票代码", read.code, typed["code"])
    yield _digits("发票号码", read.number, typed["number"])
    yield _values("开票日期", read.issued_on, typed["issued_on"])
    if read.amount_without_tax is not None:
        yield _values("不含税金额", read.amount_without_tax, typed["amount_without_tax"])
    yield _values("价税合计", read.amount, typed["amount"])
    if read.check_code:
        yield _digits("校验码后六位", read.check_code, typed["check_code"])


def _digits(label: str, read: str, typed: str) -> Comparison:
    return Comparison(label, read, typed, plain_digits(read).lstrip("0") == plain_digits(typed or "").lstrip("0"))


def _values(label: str, read: Any, typed: Any) -> Comparison:
    same = None if read is None or typed is None else read == typed
    return Comparison(label, "" if read is None else _shown(read), "" if typed is None else _shown(typed), same)


def _shown(value: Any) -> str:
    return f"{value:,.2f}" if isinstance(value, Decimal) else str(value)


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text).quantize(Decimal("0.01")) if text else None
    except InvalidOperation:
        return None


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  a calendar day has no zone
    except ValueError:
        return None
