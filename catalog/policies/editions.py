"""What stands between a draft of an edition or a catalog and the next step."""

from collections.abc import Iterable
from datetime import date, datetime

from catalog.models import CatalogVersion, Edition
from catalog.queries import catalog_used_by, clause_keys, item_facts, items_of, parameters_of, terms_for
from catalog.rules.item_checks import check_item
from catalog.rules.parameter_checks import check_edition, check_parameter
from catalog.rules.parameter_words import label_of
from catalog.rules.terms import EditionTerms, Parameter
from catalog.rules.windows import day_of
from platform_site.kit.findings import Finding


def check_parameters(rows: Iterable[Parameter]) -> list[Finding]:
    """Each value alone, and that its clause exists."""
    known = clause_keys()
    found = [finding for row in rows for finding in check_parameter(row)]
    return found + [_no_clause(row.clause, row.key) for row in rows if row.clause not in known]


def check_complete(edition: Edition) -> list[Finding]:
    """Everything that is wrong with the numbers, alone and together; nothing else may be missing."""
    rows = parameters_of(edition)
    found = check_parameters(rows)
    if found:
        return found
    try:
        terms = terms_for(edition)
    except ValueError as error:
        return [_incomplete(str(error))]
    return [*check_edition(terms), *_items_there(terms, catalog_used_by(edition))]


def check_catalog(version: CatalogVersion) -> list[Finding]:
    items = list(items_of(version))
    if not items:
        return [Finding("catalog.empty", "S19/4.4.1", "目录里还没有项目。", "请先录入项目。", title="目录是空的")]
    return [finding for item in items for finding in check_item(item_facts(item))]


def check_item_clause(key: str) -> list[Finding]:
    """The rule an item is to rest on exists."""
    return [] if key in clause_keys() else [_no_clause(key, "clause_id")]


def check_effective(day: date | None, at: datetime) -> list[Finding]:
    """A new edition never reaches back (S19/4.4.4)."""
    if day is not None and day >= day_of(at):
        return []
    reason = "没有填从哪一天起施行。" if day is None else f"施行日期 {day.isoformat()} 已经过去，不能往前管。"
    return [
        Finding(
            "edition.day_passed",
            "S19/4.4.4",
            reason,
            f"请填今天（{day_of(at).isoformat()}）或以后的一天。",
            "effective_from",
            title="施行日期不对",
        )
    ]


def _no_clause(key: str, field: str) -> Finding:
    return Finding(
        "edition.clause_unknown",
        "S19/9",
        f"没有“{key[:24]}”这一条。",
        "请从列表里选一条依据，例如 S19/4.4.2。",
        field,
        title="依据不存在",
    )


def _items_there(terms: EditionTerms, catalog: CatalogVersion | None) -> list[Finding]:
    """What the edition says of single items is said of items that its catalog has; while there is none, nothing."""
    if catalog is None:
        return []
    numbers = set(items_of(catalog).values_list("number", flat=True))
    named = {"maintenance_items": terms.maintenance_items}
    return [
        Finding(
            "edition.item_gone",
            terms.clause(key),
            f"“{label_of(key)}”写了第 {number} 项，这个版本用的目录里没有这一项。",
            "请去掉它，或在目录里放回这一项。",
            key,
            title="目录里没有这一项",
        )
        for key, wanted in named.items()
        for number in sorted(set(wanted) - numbers)
    ]


def _incomplete(detail: str) -> Finding:
    return Finding(
        "edition.incomplete", "S19/9", f"政策数值不全或有误：{detail}。", "请补全后再提交。", title="还不能提交"
    )
