"""The unified social credit code: what exactly is wrong with one that was typed."""

import unicodedata

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError

LENGTH = 18
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_REGION_END = 8


def compact(number: str) -> str:
    """Upper case, half width, without blanks and hyphens."""
    return uscc.compact(unicodedata.normalize("NFKC", number))


def fault(number: str) -> tuple[str, str] | None:
    """(code, sentence) for a number that cannot be right; None for one whose form and check digit are right."""
    plain = compact(number)
    try:
        uscc.validate(plain)
    except InvalidLength:
        return "uscc.length", f"统一社会信用代码应为 {LENGTH} 位，您填写的是 {len(plain)} 位。"
    except InvalidFormat:
        return "uscc.characters", _wrong_characters(plain)
    except InvalidChecksum:
        return "uscc.check_digit", "最后一位校验码对不上，多半是有一位抄错，或相邻两位颠倒了。"
    except ValidationError:
        return "uscc.form", "这不是一个有效的统一社会信用代码。"
    return None


def _wrong_characters(plain: str) -> str:
    strange = sorted({letter for letter in plain if letter not in _LETTERS})
    if strange:
        letters = "、".join(strange)
        return f"“{letters}”不会出现在统一社会信用代码里（不使用字母 I、O、S、V、Z），请核对是否应为 1、0、5、2。"
    places = [str(place) for place, letter in enumerate(plain[:_REGION_END], start=1) if not letter.isdigit()]
    return f"前 8 位应全部是数字，第 {'、'.join(places)} 位不是数字。"
