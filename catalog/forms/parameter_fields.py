"""How each kind of number of an edition is typed in a browser: its fields, and the value they make (as JSON)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms

from catalog.rules.parameter_kinds import Choices, Kind
from platform_site.kit.forms import CountInput, MoneyFormField

Fields = dict[str, forms.Field]
SPARE_ROWS = 2


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be chosen from: cities and catalog items by name, other editions by code, the draft's own regions."""

    cities: Choices
    items: Choices
    editions: Choices
    regions: Choices


@dataclass
class Inputs:
    """The fields of one parameter. `lines`: rows of a table under `columns`, each with the names of its fields; else
    the fields stand one by one. `read`: cleaned data to the JSON value."""

    fields: Fields
    read: Callable[[Mapping[str, Any]], Any]
    columns: tuple[str, ...] = ()
    lines: list[tuple[str, list[str]]] = field(default_factory=list)


def inputs_for(key: str, kind: Kind, value: Any, label: str, unit: str, offer: Offer) -> Inputs:
    """`value`: what the draft holds now."""
    if kind.shape in _TABLES:
        return _TABLES[kind.shape](key, value or [], offer)
    if kind.shape in ("shares_by", "money_by", "counts_by"):
        return _by_name(key, kind, value or {})
    if kind.shape == "order":
        return _order(key, kind, value or [])
    made, read = _one(kind, label, unit, offer)
    made.initial = _shown(kind.shape, value)
    return Inputs({key: made}, lambda cleaned: read(cleaned[key]))


# ---- one field ------------------------------------------------------------------------------------------------
Read = Callable[[Any], Any]


def _one(kind: Kind, label: str, unit: str, offer: Offer) -> tuple[forms.Field, Read]:
    required = not kind.optional
    blank: Choices = () if required else (("", "没有规定"),)
    some: dict[str, Callable[[], tuple[forms.Field, Read]]] = {
        "choice": lambda: (forms.ChoiceField(label=label, choices=blank + kind.choices, required=required), _text),
        "edition": lambda: (forms.ChoiceField(label=label, choices=blank + offer.editions, required=required), _text),
        "money": lambda: (MoneyFormField(label=label, required=required), _money),
        "share": lambda: (percent_field(label, required=required), share_text),
        "factor": lambda: (_factor(label), lambda typed: f"{typed:.2f}"),
        "count": lambda: (forms.IntegerField(label=label, required=required, widget=CountInput(unit=unit)), _same),
        "day": lambda: (forms.DateField(label=label), lambda typed: typed.isoformat()),
        "flag": lambda: (forms.BooleanField(label=label, required=False), _same),
        "cities": lambda: (_several(label, offer.cities), sorted),
        "items": lambda: (_several(label, offer.items), lambda typed: sorted(int(number) for number in typed)),
    }
    return some[kind.shape]()


def percent_field(label: str, *, required: bool) -> forms.DecimalField:
    """Typed as 60, kept as 0.60."""
    widget = CountInput({"step": "0.01", "inputmode": "decimal"}, unit="%")
    return forms.DecimalField(label=label, required=required, max_digits=7, decimal_places=2, widget=widget)


def share_text(typed: Decimal | None) -> str | None:
    """60 → "0.60", 66.67 → "0.6667"; None stays."""
    if typed is None:
        return None
    whole, _, places = f"{typed / 100:.4f}".partition(".")
    return f"{whole}.{places[:2]}{places[2:].rstrip('0')}"


def percent_shown(share: Any) -> str:
    """ "0.60" → "60"."""
    return "" if share in (None, "") else f"{(Decimal(share) * 100).normalize():f}"


def _factor(label: str) -> forms.DecimalField:
    widget = CountInput({"step": "0.01", "inputmode": "decimal"}, unit="倍")
    return forms.DecimalField(label=label, max_digits=6, decimal_places=2, widget=widget)


def _several(label: str, choices: Choices) -> forms.MultipleChoiceField:
    box = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=box)


def _shown(shape: str, value: Any) -> Any:
    if shape == "share":
        return percent_shown(value)
    return [str(one) for one in value or []] if shape == "items" else value


def _text(typed: str) -> str | None:
    return typed or None


def _money(typed: Decimal | None) -> str | None:
    return None if typed is None else f"{typed:.2f}"


def _same(typed: Any) -> Any:
    return typed


# ---- small tables by name -------------------------------------------------------------------------------------
def _by_name(key: str, kind: Kind, value: Mapping[str, Any]) -> Inputs:
    inner = Kind(kind.shape.split("_")[0].removesuffix("s"), optional=kind.optional, most=kind.most)
    fields: Fields = {}
    reads: dict[str, Read] = {}
    for name, word in kind.choices:
        fields[f"{key}__{name}"], reads[name] = _one(inner, word, "家" if inner.shape == "count" else "", _NO_OFFER)
        fields[f"{key}__{name}"].initial = _shown(inner.shape, value.get(name))

    def read(cleaned: Mapping[str, Any]) -> Any:
        typed = {name: reads[name](cleaned[f"{key}__{name}"]) for name in reads}
        filled = {name: one for name, one in typed.items() if one is not None}
        return filled or (None if kind.optional else {})

    return Inputs(fields, read)


def _order(key: str, kind: Kind, value: list[str]) -> Inputs:
    places = range(len(kind.choices))
    fields: Fields = {
        f"{key}__{place}": forms.ChoiceField(
            label=f"第 {place + 1} 位", choices=kind.choices, initial=value[place] if place < len(value) else None
        )
        for place in places
    }
    return Inputs(fields, lambda cleaned: [cleaned[f"{key}__{place}"] for place in places])


# ---- tables ---------------------------------------------------------------------------------------------------
_ANY = (("", "不分"),)
_PILOT: Choices = (("", "不分"), ("yes", "只限试点"), ("no", "试点除外"))
_IS_PILOT = {"": None, "yes": True, "no": False}


def _rates(key: str, value: list[Mapping[str, Any]], offer: Offer) -> Inputs:
    """Product class × region × pilot; the first row that fits counts. A row without a rate is left out."""
    fields: Fields = {}
    lines = []
    for number in range(len(value) + SPARE_ROWS):
        row = value[number] if number < len(value) else {}
        name, at = f"{key}__{number}", f"第 {number + 1} 行"
        pilot = next(word for word, means in _IS_PILOT.items() if means == row.get("pilot"))
        classes = (*_ANY, ("A", "A 类"), ("B", "B 类"))
        fields |= {
            f"{name}__class": _chosen(f"{at}产品类别", classes, row.get("class")),
            f"{name}__region": _chosen(f"{at}地区", (*_ANY, *offer.regions), row.get("region")),
            f"{name}__pilot": _chosen(f"{at}集群试点", _PILOT, pilot),
            f"{name}__rate": percent_field(f"{at}比例", required=False),
            f"{name}__clause": _word(f"{at}依据", row.get("clause", ""), 24, {"list": "clauses"}),
        }
        fields[f"{name}__rate"].initial = percent_shown(row.get("rate"))
        lines.append((str(number + 1), [f"{name}__{part}" for part in ("class", "region", "pilot", "rate", "clause")]))

    def read(cleaned: Mapping[str, Any]) -> list[dict[str, Any]]:
        names = [f"{key}__{number}" for number in range(len(lines))]
        return [
            {
                "class": cleaned[f"{name}__class"] or None,
                "region": cleaned[f"{name}__region"] or None,
                "pilot": _IS_PILOT[cleaned[f"{name}__pilot"]],
                "rate": share_text(cleaned[f"{name}__rate"]),
                "clause": cleaned[f"{name}__clause"],
            }
            for name in names
            if cleaned[f"{name}__rate"] is not None
        ]

    return Inputs(fields, read, ("产品类别", "地区", "集群试点", "比例", "依据"), lines)


def _regions(key: str, value: list[Mapping[str, Any]], offer: Offer) -> Inputs:
    """A name for each region and, for every city, the region it is in. One more region may be added."""
    names = [row["region"] for row in value]
    names.append(next(f"r{n}" for n in range(1, 99) if f"r{n}" not in names))
    titles = {row["region"]: row["title"] for row in value}
    of_city = {code: row["region"] for row in value for code in row["cities"]}
    fields: Fields = {
        f"{key}__{name}": _word(f"第 {place} 个地区的名称", titles.get(name, ""), 20)
        for place, name in enumerate(names, start=1)
    }
    choices = tuple((name, titles.get(name, "新增的地区")) for name in names)
    for code, city in offer.cities:
        fields[f"{key}__city_{code}"] = _chosen(city, choices, of_city.get(code))

    def read(cleaned: Mapping[str, Any]) -> list[dict[str, Any]]:
        rows = []
        for name in names:
            cities = {code: city for code, city in offer.cities if cleaned[f"{key}__city_{code}"] == name}
            if cities or cleaned[f"{key}__{name}"]:
                rows.append({"region": name, "title": cleaned[f"{key}__{name}"], "cities": cities})
        return rows

    return Inputs(fields, read)


def _costs(key: str, value: list[Mapping[str, Any]], offer: Offer) -> Inputs:
    fields: Fields = {}
    lines = []
    for number in range(len(value) + SPARE_ROWS):
        row = value[number] if number < len(value) else {}
        name, at = f"{key}__{number}", f"第 {number + 1} 行"
        fields |= {
            f"{name}__kind": _word(f"{at}代码", row.get("kind", ""), 24),
            f"{name}__title": _word(f"{at}名称", row.get("title", ""), 40),
            f"{name}__eligible": forms.BooleanField(label="计入", required=False, initial=row.get("eligible", False)),
        }
        lines.append((str(number + 1), [f"{name}__{part}" for part in ("kind", "title", "eligible")]))

    def read(cleaned: Mapping[str, Any]) -> list[dict[str, Any]]:
        rows = [
            {part: cleaned[f"{key}__{number}__{part}"] for part in ("kind", "title", "eligible")}
            for number in range(len(lines))
        ]
        return [row for row in rows if row["kind"] or row["title"]]

    return Inputs(fields, read, ("代码", "名称", "计入"), lines)


_TIER_KEYS = ("small", "medium", "large")


def _tiers(key: str, value: list[Mapping[str, Any]], offer: Offer) -> Inputs:
    """One column a tier; a tier without a name is left out."""
    tiers = [dict(row) for row in value] + [{"tier": name, "items": {}} for name in _TIER_KEYS[len(value) :]]
    parts = (("revenue_from", "收入从（含）"), ("revenue_below", "收入到（不含）"), ("total", "全年总额"))
    fields: Fields = {}
    for place, tier in enumerate(tiers):
        name, at = f"{key}__{place}", f"第 {place + 1} 档"
        fields[f"{name}__title"] = _word(f"{at}名称", tier.get("title", ""), 20)
        for part, word in parts:
            fields[f"{name}__{part}"] = MoneyFormField(label=f"{at}{word}", required=False, initial=tier.get(part))
        for number, word in offer.items:
            amount = tier["items"].get(number)
            fields[f"{name}__{number}"] = MoneyFormField(label=f"{at}{word}", required=False, initial=amount)
    rows = (("title", "名称"), *parts, *offer.items)
    lines = [(word, [f"{key}__{place}__{part}" for place in range(len(tiers))]) for part, word in rows]

    def read(cleaned: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [
            {"tier": tier["tier"], **_tier(cleaned, f"{key}__{place}", offer)}
            for place, tier in enumerate(tiers)
            if cleaned[f"{key}__{place}__title"]
        ]

    return Inputs(fields, read, tuple(f"第 {place + 1} 档" for place in range(len(tiers))), lines)


def _tier(cleaned: Mapping[str, Any], name: str, offer: Offer) -> dict[str, Any]:
    amounts = {number: _money(cleaned[f"{name}__{number}"]) for number, _ in offer.items}
    return {
        "title": cleaned[f"{name}__title"],
        "revenue_from": _money(cleaned[f"{name}__revenue_from"]) or "0.00",
        "revenue_below": _money(cleaned[f"{name}__revenue_below"]),
        "total": _money(cleaned[f"{name}__total"]) or "0.00",
        "items": {number: amount for number, amount in amounts.items() if amount is not None},
    }


_TABLES: dict[str, Callable[[str, list[Mapping[str, Any]], Offer], Inputs]] = {
    "rates": _rates,
    "regions": _regions,
    "costs": _costs,
    "tiers": _tiers,
}
_NO_OFFER = Offer((), (), (), ())


def _chosen(label: str, choices: Choices, initial: Any) -> forms.ChoiceField:
    empty = any(key == "" for key, _ in choices)
    return forms.ChoiceField(label=label, choices=choices, initial=initial or "", required=not empty)


def _word(label: str, initial: str, longest: int, attrs: dict[str, Any] | None = None) -> forms.CharField:
    widget = forms.TextInput({"autocomplete": "off", **(attrs or {})})
    return forms.CharField(label=label, initial=initial, max_length=longest, required=False, widget=widget)
