"""Keys in addresses and forms (`?before=17`): what people or programs put there is not always a number."""

_LONGEST = 18  # digits that surely fit a bigint


def key_from(text: str) -> int | None:
    """A positive whole number in plain digits, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None
