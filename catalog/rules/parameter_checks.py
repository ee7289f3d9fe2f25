"""Is a value that somebody typed into an edition usable: alone, and together with the others."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise, product
from typing import Any

from catalog.rules.parameter_kinds import KINDS, Kind
from catalog.rules.parameter_words import label_of
from catalog.rules.terms import EditionTerms, Parameter, Region, Tier, read_value
from platform_site.kit.findings import Finding

_ONE = Decimal(1)


def check_parameter(parameter: Parameter) -> list[Finding]:
    """Type and limits of one value: the field, the rule it rests on, what is wrong and what would be right."""
    kind = KINDS.get(parameter.key)
    if kind is None:
        return [_bad(parameter, "不是政策参数", "请去掉这一项")]
    if parameter.value is None:
        return [] if kind.optional else [_bad(parameter, "没有填", "请填写")]
    try:
        typed = read_value(parameter.key, parameter.value)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return [_bad(parameter, "填的不是这类数值", "请按说明填写")]
    return [_bad(parameter, reason, remedy) for reason, remedy in _SHAPES[kind.shape](typed, kind)]


def check_edition(terms: EditionTerms) -> list[Finding]:
    """What only shows when the values stand side by side."""
    return [*_rates_reach_everybody(terms), *_tiers_are_there(terms), *_cities_fit(terms), *_limits_agree(terms)]


# ---- one value ------------------------------------------------------------------------------------------------
Wrong = Iterator[tuple[str, str]]


def _nothing(typed: Any, kind: Kind) -> Wrong:
    yield from ()


def _choice(typed: str, kind: Kind) -> Wrong:
    if typed not in dict(kind.choices):
        yield f"没有“{typed}”这个选项", f"请选：{'、'.join(word for _, word in kind.choices)}"


def _money(typed: Decimal, kind: Kind) -> Wrong:
    if not typed.is_finite() or typed <= 0 or _places(typed) > 2:
        yield "要大于 0 元，最多两位小数", "请填金额，没有规定就不填"


def _share(typed: Decimal, kind: Kind) -> Wrong:
    if not typed.is_finite() or not 0 < typed <= _ONE:
        yield "要大于 0、不超过 100%", "请填百分比，例如 60"


def _between(typed: Decimal | int, kind: Kind) -> Wrong:
    if not Decimal(typed).is_finite() or not kind.least <= typed <= kind.most:
        yield f"填的是 {typed}，要在 {kind.least} 到 {kind.most} 之间", "请改正"


def _items(typed: frozenset[Any], kind: Kind) -> Wrong:
    if not all(isinstance(number, int) and not isinstance(number, bool) and number > 0 for number in typed):
        yield "要写目录项目的序号", "请选目录里的项目"


def _order(typed: tuple[str, ...], kind: Kind) -> Wrong:
    if sorted(typed) != sorted(key for key, _ in kind.choices):
        yield "每一类要排一次，不能漏也不能重复", f"请排好：{'、'.join(word for _, word in kind.choices)}"


def _by(check: Callable[[Any, Kind], Wrong]) -> Callable[[Mapping[str, Any], Kind], Wrong]:
    """Every named value of a small table; all names must be there."""

    def run(typed: Mapping[str, Any], kind: Kind) -> Wrong:
        words = dict(kind.choices)
        if typed and set(typed) != set(words):
            yield "每一行都要填", f"请填全：{'、'.join(words.values())}"
        for key, value in typed.items():
            yield from ((f"的“{words.get(key, key)}”{reason}", remedy) for reason, remedy in check(value, kind))

    return run


def _counts(typed: Any, kind: Kind) -> Wrong:
    if isinstance(typed, bool) or not isinstance(typed, int):
        yield "要填整数", "请填整数"
    else:
        yield from _between(typed, kind)


def _rates(typed: tuple[Any, ...], kind: Kind) -> Wrong:
    for number, rate in enumerate(typed, start=1):
        yield from ((f"第 {number} 行{reason}", remedy) for reason, remedy in _share(rate.share, kind))


def _regions(typed: tuple[Region, ...], kind: Kind) -> Wrong:
    cities = [code for region in typed for code in region.cities]
    if not cities or len(cities) != len(set(cities)):
        yield "每个市要在一个地区里，只能在一个", "请给每个市选一个地区"
    if not all(region.key and region.title and region.cities for region in typed):
        yield "每个地区要有名称和城市", "请写上名称，至少选一个市"


def _tiers(typed: tuple[Tier, ...], kind: Kind) -> Wrong:
    for tier in typed:
        amounts = [tier.total, *tier.items.values()]
        if not tier.title or not all(amount.is_finite() and amount > 0 for amount in amounts):
            yield f"“{tier.title or tier.key}”档的名称和金额要填全，都大于 0", "请补全这一档"
        if tier.revenue_below is not None and tier.revenue_below <= tier.revenue_from:
            yield f"“{tier.title}”档的收入上限不大于下限", "请改正收入范围"
    if any(low.revenue_below != high.revenue_from for low, high in pairwise(typed)):
        yield "各档的收入范围要一档接一档，不能空也不能重", "上一档的收入上限填成下一档的下限"


def _costs(typed: tuple[Any, ...], kind: Kind) -> Wrong:
    keys = [cost.kind for cost in typed]
    if len(keys) != len(set(keys)) or not all(cost.kind and cost.title for cost in typed):
        yield "每种费用要有代码和名称，代码不能重复", "请补全或改名"


_SHAPES: dict[str, Callable[[Any, Kind], Wrong]] = {
    "choice": _choice,
    "money": _money,
    "share": _share,
    "factor": _between,
    "count": _between,
    "flag": _nothing,
    "day": _nothing,
    "edition": _nothing,
    "cities": _nothing,
    "items": _items,
    "order": _order,
    "rates": _rates,
    "regions": _regions,
    "tiers": _tiers,
    "costs": _costs,
    "shares_by": _by(_share),
    "money_by": _by(_money),
    "counts_by": _by(_counts),
}


def _places(value: Decimal) -> int:
    return -int(value.normalize().as_tuple().exponent)


def _bad(parameter: Parameter, reason: str, remedy: str) -> Finding:
    label = label_of(parameter.key)
    return Finding(
        "edition.bad_value", parameter.clause, f"“{label}”{reason}。", f"{remedy}。", parameter.key, title="数值不能用"
    )


# ---- all values together --------------------------------------------------------------------------------------
def _finding(terms: EditionTerms, key: str, code: str, reason: str, remedy: str) -> Finding:
    return Finding(f"edition.{code}", terms.clause(key), reason, remedy, key, title=label_of(key))


def _rates_reach_everybody(terms: EditionTerms) -> Iterator[Finding]:
    if terms.method != "rate":
        return
    known = {region.key for region in terms.regions}
    if any(rate.region not in {None, *known} for rate in terms.rates):
        yield _finding(terms, "rates", "rate_region", "有一行比例用的地区不在地区划分里。", "请改选地区。")
    missing = [
        f"{product_class} 类、{region.title}、{'试点' if pilot else '非试点'}"
        for product_class, region, pilot in product(("A", "B"), terms.regions, (False, True))
        if not any(rate.fits(product_class, region.key, pilot) for rate in terms.rates)
    ]
    if missing:
        yield _finding(terms, "rates", "rate_missing", f"没有比例的：{'；'.join(missing[:4])}。", "请补上一行比例。")


def _tiers_are_there(terms: EditionTerms) -> Iterator[Finding]:
    if terms.method == "tier" and not terms.tiers:
        yield _finding(terms, "tiers", "tiers_missing", "按企业规模定额，但还没有档位表。", "请填档位表。")


def _cities_fit(terms: EditionTerms) -> Iterator[Finding]:
    inside = {code for region in terms.regions for code in region.cities}
    if stray := sorted(terms.excluded_cities - inside):
        reason = f"“不含的城市”里有不在地区划分里的：{'、'.join(stray)}。"
        yield _finding(terms, "excluded_cities", "city_unknown", reason, "请先把这个市放进一个地区。")
    if inside and inside <= terms.excluded_cities:
        yield _finding(terms, "excluded_cities", "no_city", "所有城市都被排除了。", "请至少留一个市。")


def _limits_agree(terms: EditionTerms) -> Iterator[Finding]:
    if terms.notice_days < terms.notice_days_minimum:
        reason = f"公示期 {terms.notice_days} 天，少于最短的 {terms.notice_days_minimum} 天。"
        yield _finding(terms, "notice_days_minimum", "notice_too_short", reason, "请改长公示期。")
    own, highest = terms.enterprise_cap, terms.pilot_enterprise_cap_max
    if own is not None and highest is not None and highest < own:
        reason = "试点企业的上限低于一般企业的上限。"
        yield _finding(terms, "pilot_enterprise_cap_max", "pilot_cap", reason, "请改高试点企业的上限。")


Change = tuple[str, Parameter | None, Parameter | None, bool]


def changed_parameters(old: Iterable[Parameter], new: Iterable[Parameter]) -> list[Change]:
    """(key, old, new, changed) side by side, in the order of the new one. Wording of notes is no change."""
    before, after = {row.key: row for row in old}, {row.key: row for row in new}
    keys = dict.fromkeys([*after, *before])
    return [(key, before.get(key), after.get(key), _differs(before.get(key), after.get(key))) for key in keys]


def _differs(old: Parameter | None, new: Parameter | None) -> bool:
    if old is None or new is None:
        return True
    return (old.value, old.clause) != (new.value, new.clause)
