"""GB/T 4754 section C: is an industry code a manufacturing one."""

from collections.abc import Iterable


def is_manufacturing(code: str, divisions: Iterable[str]) -> bool:
    """`code`: two to four digits, with or without the letter C before it; `divisions`: the two-digit ones of
    section C."""
    digits = code.strip().upper().removeprefix("C")
    return digits.isdigit() and len(digits) <= 4 and digits[:2] in set(divisions)
