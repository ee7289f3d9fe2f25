"""Words and widths of official documents."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DIGITS = "零一二三四五六七八九十"


def say_moment(moment: datetime) -> str:
    """2020-10-08 10:00:00, Shanghai time: windows count to the second."""
    return moment.astimezone(_SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def day_in_shanghai(moment: datetime) -> date:
    return moment.astimezone(_SHANGHAI).date()


def round_word(number: int) -> str:
    """1 to 99 in Chinese numerals: 第三批, 第十二批; beyond that digits."""
    if number <= 10:
        return _DIGITS[number]
    tens, ones = divmod(number, 10)
    if tens > 9:
        return str(number)
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def lines_needed(text: str, width: float) -> int:
    """Lines of a text in a column of `width` full-width characters."""
    needed = sum(1.0 if east_asian_width(sign) in "WFA" else 0.55 for sign in text)
    return max(1, math.ceil(needed / width))


def row_height(cells: Sequence[str], widths: Sequence[float], *, least: float, line: float, padding: float) -> float:
    """Millimetres of a table row: its tallest cell, never less than the row's least height."""
    tallest = max(lines_needed(text, width) for text, width in zip(cells, widths, strict=True))
    return max(least, tallest * line + padding)
