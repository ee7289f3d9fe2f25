"""The split of a quota: exact, never below the minimum, and more of an input never gives less."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from vouchers.rules.quota_split import CityFigures, SplitLine, Weight, split_over_cities
from vouchers.rules.tranches import tranche_amounts

UNIT = Decimal("10000.00")
KEYS = ("output", "enterprises", "progress")
figures = st.one_of(st.none(), st.integers(0, 10_000).map(Decimal))
known = st.integers(0, 10_000).map(Decimal)
cities_of = st.lists(st.tuples(known, known, figures), min_size=1, max_size=21)
weights_of = st.tuples(st.integers(0, 100), st.integers(0, 100)).filter(lambda pair: sum(pair) <= 100)


def cities(rows: list[tuple[Decimal, Decimal, Decimal | None]]) -> list[CityFigures]:
    return [CityFigures(f"{number:02}", dict(zip(KEYS, row, strict=True))) for number, row in enumerate(rows)]


def weights(pair: tuple[int, int]) -> list[Weight]:
    shares = (*pair, 100 - sum(pair))
    return [Weight(key, key, Decimal(share) / 100) for key, share in zip(KEYS, shares, strict=True)]


def split(rows: list[CityFigures], parts: list[Weight], units: int, least: int) -> tuple[SplitLine, ...]:
    total = UNIT * (units + least * len(rows))
    return split_over_cities(total=total, minimum=UNIT * least, unit=UNIT, weights=parts, cities=rows)


@given(cities_of, weights_of, st.integers(0, 20_000), st.integers(0, 30))
def test_the_lines_add_up_to_the_total_in_whole_units_and_keep_the_minimum(rows, pair, units, least):
    lines = split(cities(rows), weights(pair), units, least)
    assert sum(line.amount for line in lines) == UNIT * (units + least * len(rows))
    assert [line for line in lines if line.amount % UNIT or line.amount < UNIT * least] == []
    assert [line for line in lines if abs(line.rounding) >= UNIT] == []
    assert [line for line in lines if line.exact + line.rounding != line.amount] == []


@given(cities_of, weights_of, st.integers(0, 20_000), st.sampled_from(KEYS[:2]), st.integers(1, 10_000), st.data())
def test_more_of_an_input_never_gives_less(rows, pair, units, key, more, data):
    before = cities(rows)
    chosen = data.draw(st.integers(0, len(rows) - 1))
    after = list(before)
    after[chosen] = replace(before[chosen], values=before[chosen].values | {key: before[chosen].values[key] + more})
    parts = weights(pair)
    assert split(after, parts, units, 2)[chosen].amount >= split(before, parts, units, 2)[chosen].amount


@given(st.integers(0, 10**12), st.lists(st.integers(1, 9999), min_size=1, max_size=4))
def test_tranches_add_up_and_none_is_negative(cents, raw):
    whole = sum(raw)
    shares = [(Decimal(one) / whole).quantize(Decimal("0.0001")) for one in raw[:-1]]
    shares.append(1 - sum(shares, Decimal(0)))
    amounts = tranche_amounts(Decimal(cents) / 100, shares)
    assert sum(amounts) == Decimal(cents) / 100
    assert [amount for amount, share in zip(amounts, shares, strict=True) if amount < 0 and share >= 0] == []
