"""Short Chinese names of rule keys: "S19/4.4.2" is read as "2019方案 四(四)2" on every chip, list and document."""

import re

_DOCUMENTS = {
    "S19": "2019方案",
    "N20": "2020通知",
    "T18": "2018方案",
    "P18": "2018资源池",
    "REF": "平台操作说明",
}
# The catalog is the annex of the 2019 scheme; people quote it by its own name.
_CATALOG = "2019目录"
_PLATFORM_RULE = "平台规则"
_DIGITS = "零一二三四五六七八九"
_PLATFORM_PREFIXES = {"D", "P"}
# Rules of the platform itself that no document counts.
_PLATFORM_WORDS = {
    "accounts": "单位账号",
    "four_eyes": "双人复核",
    "once": "只办一次",
    "stale": "以最新为准",
    "state": "办理步骤",
    "two_people": "双人审核",
    "upload": "上传文件",
}


def chinese_number(value: int) -> str:
    """1 to 99 in Chinese numerals; larger numbers keep their digits."""
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")


def clause_name(key: str) -> str:
    """The short name; a key that is not understood is given back as it is."""
    document, _, place = str(key).strip().partition("/")
    if document in _PLATFORM_PREFIXES:
        return f"{_PLATFORM_RULE} {_PLATFORM_WORDS.get(place, place)}".rstrip()
    name = _DOCUMENTS.get(document)
    if name is None:
        return str(key)
    if place.startswith("annex"):
        return _annex_name(document, name, place.removeprefix("annex"))
    return f"{name} {_place_name(place)}".rstrip()


def _annex_name(document: str, name: str, rest: str) -> str:
    if document == "S19":
        return _catalog_name(rest.lstrip("."))
    number, _, item = rest.partition(".")
    return f"{name} 附件{number}" + (f" 第{item}项" if item else "")


def _catalog_name(place: str) -> str:
    if place.startswith("note"):
        return f"{_CATALOG} 说明{place.removeprefix('note')}"
    return f"{_CATALOG} 第{place}项" if place else _CATALOG


def _place_name(place: str) -> str:
    """4.4.2 is 四(四)2; what follows the third level is kept with dots."""
    parts = [part for part in place.split(".") if part]
    patterns = ("{}", "({})")
    named = [_level(part, pattern) for part, pattern in zip(parts, patterns, strict=False)] + parts[2:3]
    return "".join(named).replace("-", "–") + "".join(f".{part}" for part in parts[3:])


def _level(part: str, pattern: str) -> str:
    span = re.fullmatch(r"(\d+)(?:[-–](\d+))?", part)
    if span is None:
        return part
    return "–".join(pattern.format(chinese_number(int(number))) for number in span.groups() if number)
