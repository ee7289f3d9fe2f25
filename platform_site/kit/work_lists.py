"""Work lists: tabs and conditions in the address, pages by key, counts with a limit."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from platform_site.kit.page_keys import key_from

PAGE_SIZE = 20
COUNT_LIMIT = 10_000
Tab = tuple[str, str, tuple[str, ...]]  # key in the address, label, states (none: all)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order; cursors are ids of the rows at the edge, None where there is no further page."""

    rows: list[Any]
    next_cursor: int | None
    previous_cursor: int | None


def key_page(found: QuerySet[Any], params: Mapping[str, str], *, newest: bool = True, size: int = PAGE_SIZE) -> Page:
    """By id; `after` and `before` are ids of rows at the edge of the page, anything else in them is ignored."""
    after, before = key_from(params.get("after", "")), key_from(params.get("before", ""))
    ahead, back = ("pk__lt", "pk__gt") if newest else ("pk__gt", "pk__lt")
    if before:
        taken = list(found.filter(**{back: before}).order_by("pk" if newest else "-pk")[: size + 1])
        rows = taken[:size][::-1]
        return Page(rows, rows[-1].pk if rows else None, rows[0].pk if len(taken) > size else None)
    onward = found.filter(**{ahead: after}) if after else found
    taken = list(onward.order_by("-pk" if newest else "pk")[: size + 1])
    rows = taken[:size]
    return Page(rows, rows[-1].pk if len(taken) > size else None, rows[0].pk if rows and after else None)


def count_of(found: QuerySet[Any]) -> str:
    """Counted to a limit: beyond it the exact number helps nobody."""
    counted = found.order_by()[: COUNT_LIMIT + 1].count()
    return f"{COUNT_LIMIT:,}+" if counted > COUNT_LIMIT else f"{counted:,}"


def _whole(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    del key
    return rows


def tab_states(tabs: Iterable[Tab], chosen: str) -> tuple[str, ...]:
    return next((states for key, _, states in tabs if key == chosen), ())


def tabs_of(
    base: QuerySet[Any],
    tabs: Iterable[Tab],
    chosen: str,
    narrow: Callable[[QuerySet[Any], str], QuerySet[Any]] = _whole,
) -> list[dict[str, Any]]:
    """For the tab bar; a tab of all states carries no count. `narrow`: what a tab shows of its states, by its key."""
    return [
        {
            "label": label,
            "url": f"?view={key}" if key else "?",
            "current": key == chosen,
            "count": count_of(narrow(base.filter(state__in=states), key)) if states else "",
        }
        for key, label, states in tabs
    ]


def chips_of(form: forms.Form, params: QueryDict) -> list[dict[str, str]]:
    """What narrows the list, each with the address without it."""
    found = []
    for name, field in form.fields.items():
        value = params.get(name, "")
        if not value:
            continue
        rest = params.copy()
        for gone in (name, "after", "before"):
            rest.pop(gone, None)
        shown = dict(getattr(field, "choices", ())).get(value, value)
        found.append({"label": f"{field.label}：{shown}", "url": f"?{rest.urlencode()}"})
    return found
