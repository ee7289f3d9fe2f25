"""The XML of an electronic invoice, in the two layouts that are known for certain; anything else is not read.

`EInvoice`: the fully digital invoice as the tax service hands it out. `eInvoice`: the VAT invoice with code and number,
as it lies inside the OFD of 2020. A file is read only when all its parts agree: a number of the right length, a day,
and amount = amount without tax + tax. What doubts remain are left to the eye; nothing is guessed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from settlement.rules.readout import Readout

_MONEY = re.compile(r"\d{1,13}(\.\d{1,2})?")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)-(\d\d)|年(\d\d)月(\d\d)日|(\d\d)(\d\d))(?:[ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?")
_CHECK_DIGITS = 6


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
        },
    ),
}


def from_xml_values(layout: Layout, values: Mapping[str, str]) -> Readout | None:
    """None unless every part that must be there is there and agrees. A red invoice (below zero) is not read either."""
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
    )


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
