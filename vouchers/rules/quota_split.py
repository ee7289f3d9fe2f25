"""A total split over cities by visible weights (S19/5.1.1, T18/5.1.1, N20/3.1), every line explained.

Each city first gets the minimum. What remains is split by the weighted sum of its shares in every input, rounded to
whole units by largest remainder, so that the lines add up to the total exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from platform_site.kit.findings import Finding

ZERO = Decimal(0)
ONE = Decimal(1)
MEASURE = Decimal("0.000001")  # shares are shown to a millionth; amounts are computed from the exact fractions


@dataclass(frozen=True, slots=True)
class Weight:
    """An input of the formula. weight: fraction of one."""

    key: str
    title: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class CityFigures:
    """values: input key → figure in the input's own measure; None: unknown, the average of the known ones stands
    in."""

    city: str
    values: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Part:
    """What one input contributes. share: of all cities in it; product = share × weight."""

    key: str
    title: str
    value: Decimal
    assumed: bool
    share: Decimal
    weight: Decimal
    product: Decimal


@dataclass(frozen=True, slots=True)
class SplitLine:
    """minimum + exact share, rounded = amount, all in yuan. weight: sum of the products."""

    city: str
    parts: tuple[Part, ...]
    weight: Decimal
    minimum: Decimal
    exact: Decimal
    rounding: Decimal
    amount: Decimal


def issuable(target: Decimal, over_issue_factor: Decimal) -> Decimal:
    """Yuan that may be issued for a target: in 2018 more than the target (T18/8.2)."""
    return (target * over_issue_factor).quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def split_findings(
    *, total: Decimal, minimum: Decimal, unit: Decimal, weights: Iterable[Weight], cities: Sequence[CityFigures]
) -> list[Finding]:
    """Why the figures cannot be split; empty when they can."""
    rows = list(weights)
    found = []
    if sum((row.weight for row in rows), ZERO) != ONE:
        shown = sum((row.weight for row in rows), ZERO) * 100
        found.append(_finding("weights", "weight", f"各项权重合计 {shown:f}%。", "请改成合计 100%。"))
    if any(row.weight < 0 for row in rows) or any((v or ZERO) < 0 for c in cities for v in c.values.values()):
        found.append(_finding("negative", "target", "权重或数值有负数。", "请改成 0 或正数。"))
    if total % unit or minimum % unit:
        found.append(_finding("not_whole", "target", f"总额和保底要是 {unit:,.0f} 元的整数倍。", "请改成整万元。"))
    if not cities or total < minimum * len(cities):
        need = minimum * len(cities)
        found.append(
            _finding("too_small", "target", f"{len(cities)} 市保底共需 {need:,.2f} 元。", "请加大总额或减少保底。")
        )
    return found


def split_over_cities(
    *, total: Decimal, minimum: Decimal, unit: Decimal, weights: Sequence[Weight], cities: Sequence[CityFigures]
) -> tuple[SplitLine, ...]:
    """Lines in the order given. Call `split_findings` first: figures it objects to raise ValueError."""
    if split_findings(total=total, minimum=minimum, unit=unit, weights=weights, cities=cities):
        raise ValueError("these figures cannot be split")
    shares = {row.key: _shares(row.key, cities) for row in weights}
    rest = total - minimum * len(cities)
    fractions = [sum((shares[w.key][n].share * w.weight for w in weights), ZERO) for n in range(len(cities))]
    whole = sum(fractions, ZERO)
    exact = [rest * fraction / whole for fraction in fractions]
    amounts = largest_remainder(rest, exact, unit)
    return tuple(
        SplitLine(
            city=city.city,
            parts=tuple(_part(w, shares[w.key][n]) for w in weights),
            weight=fractions[n].quantize(MEASURE),
            minimum=minimum,
            exact=(minimum + exact[n]).quantize(Decimal("0.01")),
            rounding=minimum + amounts[n] - (minimum + exact[n]).quantize(Decimal("0.01")),
            amount=minimum + amounts[n],
        )
        for n, city in enumerate(cities)
    )


def largest_remainder(total: Decimal, exact: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Whole units that add up to `total`; the units left over go to the largest remainders, earlier ones first."""
    floors = [(amount / unit).to_integral_value(rounding=ROUND_DOWN) for amount in exact]
    left = int(total / unit) - int(sum(floors, ZERO))
    order = sorted(range(len(exact)), key=lambda n: (floors[n] - exact[n] / unit, n))
    lucky = set(order[:left])
    return [(floor + (n in lucky)) * unit for n, floor in enumerate(floors)]


@dataclass(frozen=True, slots=True)
class _Share:
    value: Decimal
    assumed: bool
    share: Decimal


def _shares(key: str, cities: Sequence[CityFigures]) -> list[_Share]:
    """Of each city in one input. Unknown figures count as the average of the known; all zero: everybody the same."""
    known = [value for city in cities if (value := city.values.get(key)) is not None]
    average = sum(known, ZERO) / len(known) if known else ZERO
    values = [city.values.get(key) for city in cities]
    filled = [average if value is None else value for value in values]
    whole = sum(filled, ZERO)
    return [
        _Share(value, given is None, value / whole if whole else ONE / len(cities))
        for value, given in zip(filled, values, strict=True)
    ]


def _part(weight: Weight, share: _Share) -> Part:
    return Part(
        key=weight.key,
        title=weight.title,
        value=share.value.quantize(Decimal("0.01")),
        assumed=share.assumed,
        share=share.share.quantize(MEASURE),
        weight=weight.weight,
        product=(share.share * weight.weight).quantize(MEASURE),
    )


def _finding(code: str, field: str, reason: str, remedy: str) -> Finding:
    return Finding(f"split.{code}", "S19/5.1.1", reason, remedy, field, title="不能按公式分配")
