"""One key per invoice in the country, however it was typed (guard 13)."""

import unicodedata

DIGITAL_NUMBER_LENGTH = 20
CLASSIC_NUMBER_LENGTH = 8


def plain_digits(typed: str) -> str:
    """Full-width digits, spaces and dashes taken out; letters in capitals."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(sign for sign in folded if sign.isalnum())


def is_digital(number: str) -> bool:
    """A fully digital invoice has twenty digits and no code."""
    return len(plain_digits(number)) == DIGITAL_NUMBER_LENGTH


def invoice_key(code: str, number: str) -> str:
    """ "044002099111:00318207", or the twenty digits alone for a fully digital one. Raises ValueError without a number.

    A short classic number is filled with zeros on the left: people leave them out.
    """
    digits = plain_digits(number)
    if not digits:
        raise ValueError("an invoice without a number")
    if len(digits) == DIGITAL_NUMBER_LENGTH:
        return digits
    return f"{plain_digits(code)}:{digits.zfill(CLASSIC_NUMBER_LENGTH)}"
