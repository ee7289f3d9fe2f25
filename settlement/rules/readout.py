"""What the invoice itself says: QR code text and e-invoice XML turned into fields, and compared with what was typed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from settlement.rules.claim import plain_name
from settlement.rules.invoice_key import invoice_key, plain_digits

DIGITAL_TYPES = frozenset({"31", "32"})
_CLASSIC_NUMBER, _CLASSIC_CODE = re.compile(r"\d{8}"), re.compile(r"\d{10}|\d{12}")
_DIGITAL_NUMBER = re.compile(r"\d{20}")
_MONEY = re.compile(r"-?\d{1,13}(\.\d{1,2})?")
_VERSION, _TYPE, _CODE, _NUMBER, _AMOUNT, _DATE, _CHECK = range(7)
_CHECK_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Readout:
    """Fields as the paper states them. `amount` with tax and `amount_without_tax`: None where the code leaves it out.

    source: "qr", "xml" or "ofd". check_code: the last six digits, "" for fully digital invoices. A red invoice (红字)
    has amounts below zero; cancels: key of the blue invoice that it takes back, "" where the paper doesn't say.
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
    cancels: str = ""

    @property
    def red(self) -> bool:
        """It takes money back instead of asking for it."""
        return any(value is not None and value < 0 for value in (self.amount, self.amount_without_tax))

    @property
    def key(self) -> str:
        return invoice_key(self.code, self.number)

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
    """ "01,type,code,number,amount,yyyymmdd,check code,crc"; None for a code that is no invoice's, or a damaged one.

    Both layouts: with code and an eight-digit number the amount is without tax; fully digital ones have twenty digits,
    no code, and the amount with tax.
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) <= _CHECK or parts[_VERSION] != "01" or not text.isascii():
        return None
    digital = parts[_TYPE] in DIGITAL_TYPES
    amount, issued_on = _amount(parts[_AMOUNT]), _day(parts[_DATE])
    if not _numbered(digital, parts[_CODE], parts[_NUMBER]) or issued_on is None or (parts[_AMOUNT] and amount is None):
        return None
    return Readout(
        source="qr",
        kind=parts[_TYPE],
        code="" if digital else parts[_CODE],
        number=parts[_NUMBER],
        issued_on=issued_on,
        amount=amount if digital else None,
        amount_without_tax=None if digital else amount,
        check_code="" if digital else parts[_CHECK][-_CHECK_DIGITS:],
    )


def _numbered(digital: bool, code: str, number: str) -> bool:
    if digital:
        return bool(_DIGITAL_NUMBER.fullmatch(number)) and not code
    return bool(_CLASSIC_NUMBER.fullmatch(number) and _CLASSIC_CODE.fullmatch(code))


def agreed(found: Iterable[Readout]) -> Readout | None:
    """One readout out of several places of a file, the fuller one first; None where they speak of different invoices
    or state different values: then which one holds is for the eye."""
    whole: Readout | None = None
    for one in found:
        if whole is None:
            whole = one
        elif any(_contradicts(whole, one, name) for name in _STATED):
            return None
        else:
            whole = replace(whole, **{name: getattr(one, name) for name in _STATED if not getattr(whole, name)})
    return whole


_STATED = ("code", "number", "issued_on", "amount", "amount_without_tax", "check_code", "seller", "buyer")


def _contradicts(one: Readout, other: Readout, name: str) -> bool:
    """Both say something and not the same; an empty code beside a code is another invoice."""
    here, there = getattr(one, name), getattr(other, name)
    if name == "code":
        return bool(here != there)
    return bool(here and there and here != there)


def from_json(stored: dict[str, Any]) -> Readout | None:
    """The stored form back; None for {}."""
    if not stored:
        return None
    text = {name: stored.get(name) or "" for name in _TEXTS}
    return Readout(
        **text,
        issued_on=date.fromisoformat(stored["issued_on"]) if stored.get("issued_on") else None,
        amount=_amount(stored.get("amount") or ""),
        amount_without_tax=_amount(stored.get("amount_without_tax") or ""),
    )


_TEXTS = tuple(one.name for one in fields(Readout) if one.type is str)


def compare(read: Readout, typed: dict[str, Any]) -> list[Comparison]:
    """Line by line; `typed` has code, number, issued_on, amount, amount_without_tax, check_code, seller, buyer."""
    return list(_comparisons(read, typed))


def _comparisons(read: Readout, typed: dict[str, Any]) -> Iterator[Comparison]:
    if read.code or typed["code"]:
        yield _digits("发票代码", read.code, typed["code"])
    yield _digits("发票号码", read.number, typed["number"])
    yield _values("开票日期", read.issued_on, typed["issued_on"])
    if read.amount_without_tax is not None:
        yield _values("不含税金额", read.amount_without_tax, typed["amount_without_tax"])
    if read.amount is None and _below(typed["amount"], read.amount_without_tax):
        yield Comparison("价税合计", f"不少于 {_shown(read.amount_without_tax)}", _shown(typed["amount"]), same=False)
    else:
        yield _values("价税合计", read.amount, typed["amount"])
    if read.check_code:
        yield _digits("校验码后六位", read.check_code, typed["check_code"])
    for label, name in (("销售方", "seller"), ("购买方", "buyer")):
        if getattr(read, name):
            yield _names(label, getattr(read, name), typed.get(name) or "")


def _below(typed: Decimal | None, least: Decimal | None) -> bool:
    """With tax is never less than without."""
    return typed is not None and least is not None and typed < least


def _names(label: str, read: str, typed: str) -> Comparison:
    return Comparison(label, read, typed, plain_name(read) == plain_name(typed))


def _digits(label: str, read: str, typed: str) -> Comparison:
    return Comparison(label, read, typed, plain_digits(read).lstrip("0") == plain_digits(typed or "").lstrip("0"))


def _values(label: str, read: Any, typed: Any) -> Comparison:
    same = None if read is None or typed is None else read == typed
    return Comparison(label, "" if read is None else _shown(read), "" if typed is None else _shown(typed), same)


def _shown(value: Any) -> str:
    return f"{value:,.2f}" if isinstance(value, Decimal) else str(value)


def _amount(text: str) -> Decimal | None:
    """None for what is no plain amount: no exponents, no thousands separators."""
    try:
        return Decimal(text).quantize(Decimal("0.01")) if _MONEY.fullmatch(text) else None
    except InvalidOperation:
        return None


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  a calendar day has no zone
    except ValueError:
        return None
