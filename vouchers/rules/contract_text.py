"""Whether the contract's own words say what the form says: parties, product, modules, amount and day (S19/5.3.6).

What is not found is a finding to look at, never a refusal: words can be split, drawn or spelled otherwise.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from platform_site.kit.findings import Finding, Severity

CLAUSE = "S19/5.3.6"
_FIGURES = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,6})?(万)?")
_FIGURES_OF_MONEY = re.compile(_FIGURES.pattern + "元")
_NUMERALS = "零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖两"
_WORDS = re.compile(rf"[{_NUMERALS}十拾百佰千仟万亿]+(?:元|圆)[{_NUMERALS}角分整正]*")
_ROWS = ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖")
_DIGITS = {sign: value for signs in _ROWS for value, sign in enumerate(signs)}
_DIGITS["两"] = 2
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_DAY = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})")
_DAY_WORDS = re.compile(
    r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)


@dataclass(frozen=True, slots=True)
class Sought:
    """What the form says and the contract's words should say too. Amounts in yuan with two places."""

    parties: tuple[str, ...]
    product: str
    modules: tuple[str, ...]
    amount: Decimal
    signed_on: date


def text_findings(sought: Sought, text: str) -> list[Finding]:
    """One "ok" for what was found, one "warn" for each kind of thing that was not."""
    missing = list(_missing(sought, plain_text(text), " ".join(unicodedata.normalize("NFKC", text).split())))
    found = [] if missing else [Finding(
        "contract_text.found", CLAUSE, "合同双方、产品、模块、金额和签订日期在合同文本里都找到了。",
        severity="ok", title="合同文本与填报一致",
    )]  # fmt: skip
    return found + missing


def _missing(sought: Sought, plain: str, spaced: str) -> Iterator[Finding]:
    """Figures are looked for with white space and without it: a break may split one, or keep two apart."""
    parties = _not_in(sought.parties, plain)
    if parties:
        yield _look("party", "合同文本里没找到一方", f"没有找到“{'”“'.join(parties)}”。")
    if _not_in([sought.product], plain):
        yield _look("product", "合同文本里没找到产品", f"没有找到产品“{sought.product}”。")
    modules = _not_in(sought.modules, plain)
    if modules:
        yield _look("module", "合同文本里没找到模块", f"没有找到模块“{'”“'.join(modules)}”。")
    if sought.amount not in amounts_in(plain) | amounts_in(spaced):
        named = sorted(amounts_in(spaced, _FIGURES_OF_MONEY), reverse=True)[:3]
        near = "、".join(f"{amount:,.2f}" for amount in named)
        seen = f"文本里最大的金额是 {near} 元。" if near else "文本里没有读到金额。"
        yield _look("amount", "合同文本里没找到金额", f"填报合同总额 {sought.amount:,.2f} 元，{seen}")
    days = days_in(plain) | days_in(spaced)
    if sought.signed_on not in days:
        seen = f"文本里的日期有 {'、'.join(map(str, sorted(days)[:4]))}。" if days else "文本里没有读到日期。"
        yield _look("date", "合同文本里没找到签订日期", f"填报签订日期 {sought.signed_on}，{seen}")


def no_text_finding(reading: str) -> Finding:
    """reading: "scan", "unreadable", "waiting" (not read yet) or "none" (no contract file)."""
    why, remedy = _NO_TEXT[reading]
    severity: Severity = "info" if reading == "waiting" else "warn"
    return Finding("contract_text.no_text", CLAUSE, why, remedy, "contract_files", severity, "合同文本没有检索")


_NO_TEXT = {
    "scan": ("合同是扫描件，没有文字，平台无法检索。", "请对照原件逐项核对；企业有电子版的，可以补传。"),
    "unreadable": ("合同文件里的文字读不出来。", "请对照原件逐项核对。"),
    "waiting": ("合同文本正在读取，一般几分钟内完成。", "请稍后刷新。"),
    "none": ("没有合同文件可供检索。", "请核对材料是否齐全。"),
}


def _look(code: str, title: str, reason: str) -> Finding:
    remedy = "请看合同原文：写法不同的予以认可，不一致的退回更正。"
    return Finding(f"contract_text.{code}", CLAUSE, reason, remedy, severity="warn", title=title)


def plain_text(text: str) -> str:
    """One spelling: no white space, half-width signs, capitals folded."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _not_in(wanted: Iterable[str], plain: str) -> list[str]:
    return [name for name in wanted if name and plain_text(name) not in plain]


def amounts_in(plain: str, figures: re.Pattern[str] = _FIGURES) -> set[Decimal]:
    """Every amount in figures (with 万 and thousands' commas) or in Chinese words, in yuan."""
    found = set()
    for whole, part, ten_thousand in figures.findall(plain):
        amount = Decimal(whole.replace(",", "") + part) * (10**4 if ten_thousand else 1)
        if amount < 10**13 and amount == amount.quantize(Decimal("0.01")):
            found.add(amount.quantize(Decimal("0.01")))
    words = (amount_of_words(found_words) for found_words in _WORDS.findall(plain))
    return found | {amount for amount in words if amount is not None}


def amount_of_words(words: str) -> Decimal | None:
    """伍万玖仟贰佰元伍角整 → 59200.50; None where the words are no number."""
    yuan, _, rest = words.replace("圆", "元").partition("元")
    whole = number_of_words(yuan)
    if whole is None:
        return None
    cents = 0
    for sign, worth in (("角", 10), ("分", 1)):
        before = rest.find(sign) - 1
        if before >= 0:
            cents += _DIGITS.get(rest[before], 0) * worth
    return Decimal(whole) + Decimal(cents) / 100 if cents else Decimal(whole).quantize(Decimal("0.01"))


def number_of_words(words: str) -> int | None:
    """Chinese numerals, ordinary or official: 十二, 贰拾叁万肆仟. None for anything else."""
    total = section = digit = 0
    for sign in words:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _UNITS:
            section += (digit or 1) * _UNITS[sign]
            digit = 0
        elif sign == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        elif sign == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        else:
            return None
    return total + section + digit if words else None


def days_in(plain: str) -> set[date]:
    """Every calendar day, in figures or in Chinese words."""
    figures = [(int(year), int(month), int(day)) for year, month, day in _DAY.findall(plain)]
    for year, month, day in _DAY_WORDS.findall(plain):
        figures.append((_spelled(year), number_of_words(month) or 0, number_of_words(day) or 0))
    return {found for parts in figures if (found := _day(*parts)) is not None}


def _spelled(year: str) -> int:
    return int("".join(str(_DIGITS[sign]) for sign in year))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
