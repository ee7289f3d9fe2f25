"""Filters and tags that every template has: how numbers, money, times, clauses and icons are written."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from platform_site.kit.clause_names import clause_name

register = template.Library()

NO_BREAK = "\u00a0"
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOTHING = "—"

TONES = {
    "bad": ("circle-x", "不符合"),
    "warn": ("alert-triangle", "须核实"),
    "ok": ("circle-check", "通过"),
    "info": ("info-circle", "提示"),
    "wait": ("hourglass", "候补"),
    "active": ("circle-dot", "进行中"),
}


# ---- numbers and money --------------------------------------------------------------------------------------
def _decimal(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _written(value: Any, pattern: str) -> str:
    number = _decimal(value)
    if number is None:
        return NOTHING if value in (None, "") else str(value)
    return pattern.format(number).replace("-", "−")


@register.filter
def yuan(value: Any) -> str:
    """12,345.00, always two places; the unit stands in the column head or comes from `yuan_unit`."""
    return _written(value, "{:,.2f}")


@register.filter
def yuan_int(value: Any) -> str:
    """12,345 when there are no cents, else 12,345.60: for running text only, never in columns of money."""
    number = _decimal(value)
    return yuan(value) if number is None or number != number.to_integral_value() else _written(number, "{:,.0f}")


@register.filter
def yuan_unit(value: Any) -> str:
    """36,800.00 元 that never breaks between number and unit."""
    return f"{yuan(value)}{NO_BREAK}元"


@register.filter
def wan(value: Any) -> str:
    """Yuan as 万元 with at most two places: 24,600 or 336.3."""
    number = _decimal(value)
    if number is None:
        return NOTHING
    text = f"{number / 10000:,.2f}"
    return text.rstrip("0").rstrip(".").replace("-", "−")


@register.filter
def number(value: Any) -> str:
    """Thousands separated, places as given."""
    return _written(value, "{:,}")


@register.filter
def percent(value: Any, places: int = 0) -> str:
    """0.7 is 70%; `|percent:1` is 70.0%."""
    share = _decimal(value)
    return NOTHING if share is None else _written(share * 100, f"{{:.{int(places)}f}}") + "%"


@register.filter
def with_unit(value: Any, unit: str) -> str:
    """3 and 件 kept on one line."""
    return f"{number(value)}{NO_BREAK}{unit}"


@register.filter
def share_of(value: Any, whole: Any) -> str:
    """Percentage of the whole with one place, plain digits for SVG and progress attributes."""
    part, total = _decimal(value), _decimal(whole)
    if part is None or not total:
        return "0"
    return f"{min(max(part / total * 100, Decimal(0)), Decimal(100)):.1f}"


# ---- times --------------------------------------------------------------------------------------------------
def _shanghai(value: Any) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(SHANGHAI)


def _moment(value: Any, pattern: str) -> str:
    local = _shanghai(value)
    if local is not None:
        return local.strftime(pattern)
    return day(value) if isinstance(value, date) else NOTHING


@register.filter
def moment(value: Any) -> str:
    return _moment(value, "%Y-%m-%d %H:%M")


@register.filter
def moment_s(value: Any) -> str:
    return _moment(value, "%Y-%m-%d %H:%M:%S")


@register.filter
def moment_us(value: Any) -> str:
    """To the microsecond, as the database decides the order."""
    return _moment(value, "%Y-%m-%d %H:%M:%S.%f")


@register.filter
def moment_short(value: Any) -> str:
    """06-02 14:31, for tables whose year is plain from the page."""
    return _moment(value, "%m-%d %H:%M")


@register.filter
def clock_time(value: Any) -> str:
    return _moment(value, "%H:%M:%S")


@register.filter
def day(value: Any) -> str:
    local = _shanghai(value)
    if local is not None:
        value = local.date()
    return value.isoformat() if isinstance(value, date) else NOTHING


@register.filter
def iso(value: Any) -> str:
    """Machine form for <time datetime> and the countdown."""
    local = _shanghai(value)
    return local.isoformat(timespec="milliseconds") if local else day(value)


@register.filter
def file_size(value: Any) -> str:
    """1.8 MB; sizes below a tenth of a megabyte in KB."""
    size = _decimal(value)
    if size is None:
        return NOTHING
    return f"{size / 1048576:.1f}{NO_BREAK}MB" if size >= 104858 else f"{max(size / 1024, Decimal(1)):.0f}{NO_BREAK}KB"


# ---- clauses, tones, findings -------------------------------------------------------------------------------
@register.filter
def clause_label(key: Any) -> str:
    return clause_name(str(key or ""))


@register.filter
def clause_list(keys: Any) -> list[str]:
    """One key, keys separated by commas, or a sequence of keys."""
    if not keys:
        return []
    parts = keys.replace("，", ",").split(",") if isinstance(keys, str) else keys
    return [str(part).strip() for part in parts if str(part).strip()]


@register.filter
def clause_url(key: Any) -> str:
    try:
        return reverse("public:clause", args=[str(key)])
    except NoReverseMatch:
        return "#"


@register.filter
def tone_icon(tone: Any) -> str:
    return TONES.get(str(tone), ("circle-dot", ""))[0]


@register.filter
def tone_word(tone: Any) -> str:
    return TONES.get(str(tone), ("", ""))[1]


@register.filter
def field_errors(errors: Any) -> list[dict[str, Any]]:
    """Errors of a form field (or of the whole form) in the shape of findings, whatever raised them."""
    found = []
    for error in errors.as_data() if hasattr(errors, "as_data") else []:
        finding = (error.params or {}).get("finding") if isinstance(error.params, dict) else None
        found.append(_finding_shape(finding, " ".join(error.messages)))
    return found


def _finding_shape(finding: Any, message: str) -> dict[str, Any]:
    if finding is None:
        return {"title": "", "reason": message, "remedy": "", "clause": "", "severity": "bad"}
    names = ("title", "reason", "remedy", "clause", "severity", "field")
    return {name: getattr(finding, name, "") for name in names}


@register.filter
def form_problems(form: Any) -> list[dict[str, Any]]:
    """Every error of a form with the id of its field: the list of the error summary."""
    problems = [{**shape, "target": ""} for shape in field_errors(form.non_field_errors())]
    for bound in form:
        for shape in field_errors(bound.errors):
            problems.append({**shape, "target": bound.id_for_label or bound.auto_id, "label": bound.label})
    return problems


@register.simple_tag
def all_problems(form: Any, findings: Iterable[Any] = ()) -> list[dict[str, Any]]:
    """What the error summary lists: the form's own errors first, then findings without a field."""
    own = form_problems(form) if hasattr(form, "non_field_errors") and form.is_bound else []
    return own + [{**_finding_shape(finding, ""), "target": ""} for finding in findings or ()]


@register.filter
def peak(steps: Iterable[Any]) -> Decimal:
    """The largest amount of a ladder: the full width of its bars."""
    amounts = [amount for step in steps or [] if (amount := _decimal(_read(step, "amount_out"))) is not None]
    return max(amounts, default=Decimal(1)) or Decimal(1)


@register.filter
def plain(value: Any) -> str:
    """Digits without separators, for attributes."""
    amount = _decimal(value)
    return "0" if amount is None else f"{amount:f}"


def _read(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


@register.filter
def lookup(mapping: Any, key: Any) -> Any:
    """`counts|lookup:item.key` where the key is a variable; nothing when it is absent."""
    return mapping.get(key) if hasattr(mapping, "get") else None


# ---- tags ---------------------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """One symbol of the sprite; decoration only, a word always stands beside it."""
    href = f"{static('vendor/icons.svg')}#ti-{name}"
    return format_html(
        '<svg class="pf-icon{}" aria-hidden="true"><use href="{}"/></svg>', f" {css}" if css else "", href
    )


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The page's query string with some parameters changed; None or "" takes one out."""
    request = context.get("request")
    params = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        elif isinstance(value, list | tuple):
            params.setlist(name, [str(item) for item in value])
        else:
            params[name] = str(value)
    return f"?{params.urlencode()}" if params else "?"


@register.simple_tag(takes_context=True)
def page_query(context: template.Context, param: str, cursor: str, other: str) -> str:
    """The query string of the next or previous page: one cursor in, the other out."""
    return query(context, **{other: None, param: cursor})


@register.simple_tag
def due_look(left: Any, tone: str = "") -> dict[str, Any]:
    """Words, icon and class of a deadline, from the working days left (0 is today, below 0 is overdue)."""
    late = tone in ("late", "bad") or (left is not None and left < 0)
    today = not late and (tone in ("today", "warn") or left == 0)
    if late:
        return {"css": "late", "icon": "alert-circle", "text": "逾期", "counted": -left if left else ""}
    if today:
        return {"css": "today", "icon": "clock", "text": "今天到期", "counted": ""}
    return {"css": "", "icon": "", "text": "没有期限" if left is None else "剩", "counted": left or ""}


@register.filter
def badge_id(name: str) -> str:
    """The id of the menu's count for a route name: "city:todo" is badge-city-todo."""
    return "badge-" + str(name).replace(":", "-").replace("_", "-")


@register.simple_tag
def idempotency_key() -> SafeString:
    """One fresh key for each rendering of a form; the same key twice is answered once."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', uuid4())


@register.simple_tag
def url_if(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page, or nothing where that page is not part of this installation."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.simple_tag
def static_prefix() -> str:
    return settings.STATIC_URL


@register.filter
def lines(value: Any) -> SafeString:
    """Line breaks kept, everything else escaped."""
    return mark_safe("<br>".join(conditional_escape(line) for line in str(value or "").splitlines()))  # noqa: S308
