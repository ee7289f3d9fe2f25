"""The XML of an electronic invoice, in the two layouts that are known for certain; anything else is not read.

`EInvoice`: the fully digital invoice as the tax service hands it out. `eInvoice`: the VAT invoice with code and number,
as it lies inside the OFD of 2020. A file is read only when all its parts agree: a number of the right length, a day,
and amount = amount without tax + tax. What doubts remain are left to the eye; nothing is guessed. A red invoice (红字,
below zero) is read as such, with the blue one that its remark says it cancels.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from settlement.rules.invoice_key import invoice_key
from settlement.rules.readout import Readout

_MONEY = re.compile(r"-?\d{1,13}(\.\d{1,2})?")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)-(\d\d)|年(\d\d)月(\d\d)日|(\d\d)(\d\d))(?:[ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?")
_CHECK_DIGITS = 6
_BLUE_DIGITAL = re.compile(r"被红冲蓝字(?:数电|全电)?(?:发票|票)号码[:：]?\s*(\d{20})")
_BLUE_CLASSIC = re.compile(r"对应正数发票代码[:：]?\s*(\d{10}|\d{12})\s*号码[:：]?\s*(\d{8})")


@dataclass(frozen=True, slots=True)
class Layout:
    """places: field → path of element names below the root. kind: as in the QR code, "" where the file says nothing."""

    places: Mapping[str, str]
    number: re.Pattern[str]
    code: re.Pattern[str]
    kind: str = ""


_BASIC = "EInvoiceData/BasicInformation"
LAYOUTS = {
    "EInvoice": Layout(
        kind="32",
        number=re.compile(r"\d{20}"),
        code=re.compile(r""),
        places={
            "number": "TaxSupervisionInfo/InvoiceNumber",
            "number_again": "Header/EIid",
            "issued_on": "TaxSupervisionInfo/IssueTime",
            "amount": f"{_BASIC}/TotalTax-includedAmount",
            "amount_without_tax": f"{_BASIC}/TotalAmWithoutTax",
            "tax": f"{_BASIC}/TotalTaxAm",
            "seller": "EInvoiceData/SellerInformation/SellerName",
            "buyer": "EInvoiceData/BuyerInformation/BuyerName",
            "remark": "EInvoiceData/AdditionalInformation/Remark",
        },
    ),
    "eInvoice": Layout(
        number=re.compile(r"\d{8}"),
        code=re.compile(r"\d{10}|\d{12}"),
        places={
            "code": "InvoiceCode",
            "number": "InvoiceNo",
            "issued_on": "IssueDate",
            "check_code": "InvoiceCheckCode",
            "amount": "TaxInclusiveTotalAmount",
            "amount_without_tax": "TaxExclusiveTotalAmount",
            "tax": "TaxTotalAmount",
            "seller": "Seller/SellerName",
            "buyer": "Buyer/BuyerName",
            "remark": "Note",
        },
    ),
}


def from_xml_values(layout: Layout, values: Mapping[str, str]) -> Readout | None:
    """None unless every part that must be there is there and agrees."""
    number, code = values["number"], values.get("code", "")
    issued_on, sums = _day(values["issued_on"]), _sums(values)
    known = layout.number.fullmatch(number) and layout.code.fullmatch(code)
    if not known or issued_on is None or sums is None or not values["seller"] or not values["buyer"]:
        return None
    if values.get("number_again", number) not in ("", number):
        return None
    amount, amount_without_tax = sums
    return Readout(
        source="xml",
        kind=layout.kind,
        code=code,
        number=number,
        issued_on=issued_on,
        amount=amount,
        amount_without_tax=amount_without_tax,
        check_code=_check_code(values.get("check_code", "")),
        seller=values["seller"],
        buyer=values["buyer"],
        cancels=cancelled_key(values.get("remark", "")) if amount < 0 else "",
    )


def from_custom_data(values: Mapping[str, str]) -> Readout | None:
    """The named data at the head of an OFD invoice: amount without tax and tax apart, no names. None in doubt."""
    code, number = values.get("发票代码", ""), values.get("发票号码", "")
    layout = LAYOUTS["eInvoice"] if code else LAYOUTS["EInvoice"]
    issued_on = _day(values.get("开票日期", ""))
    without, tax = _money(values.get("合计金额", "")), _money(values.get("合计税额", ""))
    known = layout.number.fullmatch(number) and layout.code.fullmatch(code)
    if not known or issued_on is None or without is None or tax is None or not without:
        return None
    return Readout(
        source="ofd",
        kind=layout.kind,
        code=code,
        number=number,
        issued_on=issued_on,
        amount=without + tax,
        amount_without_tax=without,
        check_code=_check_code(values.get("校验码", "")),
    )


def cancelled_key(remark: str) -> str:
    """Key of the blue invoice that a red one's remark names; "" where it names none or more than one."""
    digital, classic = _BLUE_DIGITAL.findall(remark), _BLUE_CLASSIC.findall(remark)
    keys = {invoice_key("", number) for number in digital} | {invoice_key(*pair) for pair in classic}
    return keys.pop() if len(keys) == 1 else ""


def _sums(values: Mapping[str, str]) -> tuple[Decimal, Decimal] | None:
    """Amount and amount without tax, if they and the tax are numbers that agree."""
    amount, without, tax = (_money(values[name]) for name in ("amount", "amount_without_tax", "tax"))
    if amount is None or without is None or tax is None or amount != without + tax or not amount:
        return None
    return amount, without


def _money(text: str) -> Decimal | None:
    return Decimal(text).quantize(Decimal("0.01")) if _MONEY.fullmatch(text) and text.isascii() else None


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if found is None or not found[1].isascii():
        return None
    month, day = found[2] or found[4] or found[6], found[3] or found[5] or found[7]
    try:
        return date(int(found[1]), int(month), int(day))
    except ValueError:
        return None


def _check_code(text: str) -> str:
    digits = "".join(text.split())
    return digits[-_CHECK_DIGITS:] if digits.isdigit() and len(digits) >= _CHECK_DIGITS else ""
