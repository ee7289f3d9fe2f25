"""Rows of words for the catalog's pages, public and province alike."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from catalog import queries
from catalog.models import CatalogVersion, Item, Period
from catalog.rules.city_matching import matching_shares
from catalog.rules.item_checks import ITEM_LABELS
from catalog.rules.parameter_checks import Change
from catalog.rules.parameter_kinds import groups
from catalog.rules.parameter_words import NOTHING, label_of, say_value
from catalog.rules.requirement_words import demands
from catalog.rules.terms import Parameter
from catalog.rules.wording import say_money, say_share
from platform_site.kit.clause_names import clause_name

# What somebody who glances at an edition wants to know.
SHORT = (
    "method",
    "rates",
    "excluded_cities",
    "enterprise_cap",
    "bonus_amount",
    "payment_share",
    "earliest_contract_day",
    "notice_days",
    "review_working_days",
)


def value_rows(parameters: Iterable[Parameter], *, short: bool = False) -> list[dict[str, Any]]:
    """Label, words, clause, note and marks of each number; `short`: the best known only, without empty ones."""
    rows = [value_row(parameter) for parameter in parameters if not short or parameter.key in SHORT]
    return [row for row in rows if row["value"] != NOTHING] if short else rows


def value_row(parameter: Parameter) -> dict[str, Any]:
    return {
        "key": parameter.key,
        "label": label_of(parameter.key),
        "value": say_value(parameter.key, parameter.value),
        "clause": parameter.clause,
        "note": parameter.note,
        "assumed": parameter.assumed,
        "platform": parameter.clause.startswith("D/"),
        "may_vary": parameter.may_vary,
    }


def group_tabs(version: CatalogVersion, group: str, words: str = "") -> list[dict[str, Any]]:
    """A tab keeps what was searched for."""
    groups = queries.groups_of(version)
    searched = {"q": words} if words else {}
    every = {"label": "全部", "count": sum(count for _, _, count in groups), "current": not group}
    tabs = [every | {"url": f"?{urlencode(searched)}"}]
    for key, name, count in groups:
        address = f"?{urlencode(searched | {'group': key})}"
        tabs.append({"label": name, "url": address, "count": count, "current": key == group})
    return tabs


def requirement_lines(item: Item) -> list[str]:
    """The catalog's demands in sentences."""
    return demands(item.requirements)


def change_groups(changes: Iterable[Change], *, whole: bool) -> list[dict[str, Any]]:
    """Old and new of each number under the titles of the editor; without `whole` only what differs."""
    by_key = {key: (old, new, changed) for key, old, new, changed in changes}
    found = []
    for group, title, keys in groups():
        rows = [_change_row(key, *by_key[key]) for key in keys if key in by_key and (whole or by_key[key][2])]
        if rows:
            found.append({"key": group, "title": title, "rows": rows})
    return found


def _change_row(key: str, old: Parameter | None, new: Parameter | None, changed: bool) -> dict[str, Any]:
    return {
        "key": key,
        "label": label_of(key),
        "old": value_row(old) if old else None,
        "new": value_row(new) if new else None,
        "changed": changed,
    }


# What tells enough of an item that is new or gone.
_IN_SHORT = ("group", "cap", "per_device", "clause_id")


def item_changes(old: CatalogVersion | None, new: CatalogVersion) -> list[dict[str, Any]]:
    """One row per item with what differs, in words; of one that is new or gone in short, with the reason."""
    rows = queries.compare_catalogs(old, new)
    return [_item_change(number, before, after, names, new.reasons) for number, before, after, names in rows]


def _item_change(
    number: int, old: Item | None, new: Item | None, changed: tuple[str, ...], reasons: Mapping[str, str]
) -> dict[str, Any]:
    item, whole = new or old, bool(old and new)
    names = changed if whole else [name for name in _IN_SHORT if getattr(item, name) is not None]
    cells = [
        {"label": ITEM_LABELS[name], "old": _said(old, name) if old else "", "new": _said(new, name)} for name in names
    ]
    if not whole:
        cells.append({"label": "理由", "old": "", "new": reasons.get(str(number)) or "没有写"})
    return {
        "number": number,
        "item": item,
        "gone": new is None,
        "added": old is None,
        "changed": bool(changed),
        "cells": cells,
    }


def _said(item: Item | None, name: str) -> str:
    """A field of an item in words."""
    if item is None:
        return "—"
    value = getattr(item, name)
    if name == "clause_id":
        return clause_name(value)
    if name == "requirements":
        return "；".join(requirement_lines(item)) or "没有"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return say_money(value)
    return "、".join(value) if isinstance(value, list) else str(value if value not in (None, "") else "没有")


def matching_rows(period: Period) -> list[tuple[str, str]]:
    """City and share of what it adds of its own (T18/4.4.5)."""
    terms = queries.terms_of_period(period)
    return [(terms.city_name(code), say_share(share)) for code, share in matching_shares(period.parameters).items()]
