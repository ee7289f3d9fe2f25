"""One contract, one key: what makes two typed contract numbers the same."""

import unicodedata


def contract_key(number: str) -> str:
    """Letters and digits only, full width folded, upper case; "" when nothing is left."""
    folded = unicodedata.normalize("NFKC", number).upper()
    return "".join(mark for mark in folded if mark.isalnum())[:80]
