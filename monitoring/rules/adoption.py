"""The adoption verdict: from activity days to passed, failed, not enough or look, with every number that leads there.

A voucher passes when, in one window of consecutive whole days, enough devices (or users, days and modules) were in use.
The best window since the first data counts, so that a holiday shut-down afterwards takes nothing away; devices are all
measured in the same window.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from catalog.rules.devices import devices_needed
from monitoring.enums import Outcome
from monitoring.rules.adoption_case import Adoption, AdoptionCase, SubjectRow
from monitoring.rules.cross_check import Checked, cross_check
from monitoring.rules.scheme import AdoptionTerms

ONE_DAY = timedelta(days=1)


def judge(case: AdoptionCase, terms: AdoptionTerms) -> Adoption:
    """The whole verdict. Days that are not over, and devices that are not listed, do not count."""
    checked = _checked(case, terms)
    return _judge_devices(case, terms, checked) if terms.by_device else _judge_software(case, terms, checked)


def need(case: AdoptionCase, terms: AdoptionTerms) -> int:
    """Devices (S19/annex.note2) or users that must be in use."""
    if not terms.by_device:
        return terms.min_users
    by_amount = devices_needed(case.amount, terms.per_device) if terms.per_device else 0
    return max(by_amount, terms.min_devices)


def conflict_share(result: Adoption) -> Decimal:
    """Of the days in the window, the share on which the two sources contradict each other; 0 without days."""
    return Decimal(result.conflict_days) / max(result.counted_days, 1)


Checks = dict[str, dict[date, Checked]]
GoodDays = Mapping[str, Sequence[date]]  # the days that count, in order
Window = tuple[date, date]


def _checked(case: AdoptionCase, terms: AdoptionTerms) -> Checks:
    listed = set(case.devices)
    found: Checks = {device: {} for device in case.devices} if terms.by_device else {}
    for seen in case.days:
        if seen.day < case.today and (seen.subject in listed or not terms.by_device):
            found.setdefault(seen.subject, {})[seen.day] = cross_check(seen.supplier, seen.operator, terms.min_minutes)
    return found


def _good_days(checked: Checks, terms: AdoptionTerms) -> GoodDays:
    least = max(terms.min_minutes, 1)
    return {subject: sorted(day for day, c in days.items() if c.minutes >= least) for subject, days in checked.items()}


def _span(checked: Checks, today: date) -> Window | None:
    """First day with data, and yesterday."""
    first = min((day for days in checked.values() for day in days), default=None)
    return None if first is None or first >= today else (first, today - ONE_DAY)


def _observed(span: Window | None) -> int:
    return 0 if span is None else (span[1] - span[0]).days + 1


# -- devices ----------------------------------------------------------------------------------------------------------


def _judge_devices(case: AdoptionCase, terms: AdoptionTerms, checked: Checks) -> Adoption:
    needed, span, good = need(case, terms), _span(checked, case.today), _good_days(checked, terms)
    window = _best_device_window(good, terms, span)
    rows = _rows(checked, good, window, terms.min_days)
    reached = sum(row.met for row in rows)
    passes = reached >= needed and window is not None
    figures = _figures(checked, window)
    doubts = _doubts(case, terms, figures) if passes else _upheld(case)
    return Adoption(
        outcome=_outcome(passes, doubts, _observed(span) >= terms.window_days),
        needed=needed,
        reached=reached,
        listed=len(case.devices),
        window=window,
        observed_days=_observed(span),
        rows=rows,
        earliest=None if passes else _earliest(good, terms, needed, case.today),
        supported=None if terms.per_device is None else terms.per_device * reached,
        doubts=doubts,
        missing={} if passes else _device_gaps(len(case.devices), needed, reached),
        conflict_days=figures["conflict_days"],
        watched_days=figures["watched_days"],
        counted_days=figures["counted_days"],
    )


def _best_device_window(good: GoodDays, terms: AdoptionTerms, span: Window | None) -> Window | None:
    """Most devices with enough days; of equal ones the latest."""
    if span is None:
        return None
    ends = [span[0] + ONE_DAY * step for step in range(_observed(span))]
    best = max(ends, key=lambda end: (_reaching(good, terms, end), end))
    return _window(best, terms, span[0])


def _window(end: date, terms: AdoptionTerms, first: date) -> Window:
    return max(end - ONE_DAY * (terms.window_days - 1), first), end


def _reaching(good: GoodDays, terms: AdoptionTerms, end: date) -> int:
    start = end - ONE_DAY * (terms.window_days - 1)
    return sum(_days_within(days, start, end) >= terms.min_days for days in good.values())


def _days_within(days: Sequence[date], start: date, end: date) -> int:
    return bisect_right(days, end) - bisect_left(days, start)


def _earliest(good: GoodDays, terms: AdoptionTerms, needed: int, today: date) -> date | None:
    """The morning on which it could pass if every listed device is in use from today on; None: too few are listed."""
    if len(good) < needed:
        return None
    future: list[date] = []
    for step in range(terms.min_days):
        future.append(today + ONE_DAY * step)
        if _reaching({subject: [*days, *future] for subject, days in good.items()}, terms, future[-1]) >= needed:
            return future[-1] + ONE_DAY
    return None


def _device_gaps(listed: int, needed: int, reached: int) -> dict[str, int]:
    gaps = {"listed": max(needed - listed, 0), "devices": needed - reached}
    return {name: gap for name, gap in gaps.items() if gap > 0}


# -- software ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Log:
    """Everything that happened, each list in order of days."""

    users: GoodDays
    used: Sequence[date]
    modules: GoodDays  # by the name in the contract


@dataclass(frozen=True, slots=True)
class _Use:
    """What of it lies in one window."""

    users: int = 0
    days: int = 0
    modules: tuple[str, ...] = ()


def _judge_software(case: AdoptionCase, terms: AdoptionTerms, checked: Checks) -> Adoption:
    span, log = _span(checked, case.today), _log(case, _good_days(checked, terms))
    modules_needed = min(terms.min_modules, len(case.contract_modules))
    window = _best_software_window(log, terms, span, modules_needed)
    use = _Use() if window is None else _use(log, window)
    gaps = _software_gaps(use, terms, modules_needed)
    figures = _figures(checked, window)
    doubts = _upheld(case) if gaps else _doubts(case, terms, figures)
    return Adoption(
        outcome=_outcome(not gaps, doubts, _observed(span) >= terms.window_days),
        needed=terms.min_users,
        reached=use.users,
        listed=len(checked),
        window=window,
        observed_days=_observed(span),
        rows=_rows(checked, log.users, window, 1),
        earliest=_earliest_software(terms, log, case.today) if gaps else None,
        supported=None,
        days_used=use.days,
        days_needed=terms.min_days,
        modules_used=use.modules,
        modules_needed=modules_needed,
        doubts=doubts,
        missing=gaps,
        conflict_days=figures["conflict_days"],
        watched_days=figures["watched_days"],
        counted_days=figures["counted_days"],
    )


def _log(case: AdoptionCase, users: GoodDays) -> _Log:
    names = {module_key(name): name for name in case.contract_modules}
    modules: dict[str, set[date]] = {}
    for seen in case.days:
        for key in {module_key(module) for module in seen.modules} & names.keys():
            if seen.day < case.today:
                modules.setdefault(names[key], set()).add(seen.day)
    return _Log(
        users=users,
        used=sorted({day for days in users.values() for day in days}),
        modules={name: sorted(days) for name, days in modules.items()},
    )


def _best_software_window(log: _Log, terms: AdoptionTerms, span: Window | None, modules_needed: int) -> Window | None:
    """The window nearest to all three thresholds; of equal ones the one with more days, then the latest."""
    if span is None:
        return None
    windows = [_window(span[0] + ONE_DAY * step, terms, span[0]) for step in range(_observed(span))]

    def nearness(window: Window) -> tuple[int, int, date]:
        use = _use(log, window)
        return -sum(_software_gaps(use, terms, modules_needed).values()), use.days, window[1]

    return max(windows, key=nearness)


def _use(log: _Log, window: Window) -> _Use:
    return _Use(
        users=sum(_days_within(days, *window) > 0 for days in log.users.values()),
        days=_days_within(log.used, *window),
        modules=tuple(name for name, days in log.modules.items() if _days_within(days, *window)),
    )


def module_key(name: str) -> str:
    """Module names are compared without spaces and case."""
    return "".join(name.split()).casefold()


def _earliest_software(terms: AdoptionTerms, log: _Log, today: date) -> date:
    """If it is used every day from today on, by enough people and in all its modules."""
    used = list(log.used)
    for step in range(terms.min_days):
        used.append(today + ONE_DAY * step)
        if _days_within(used, used[-1] - ONE_DAY * (terms.window_days - 1), used[-1]) >= terms.min_days:
            break
    return used[-1] + ONE_DAY if used else today


def _software_gaps(use: _Use, terms: AdoptionTerms, modules_needed: int) -> dict[str, int]:
    gaps = {
        "users": terms.min_users - use.users,
        "days": terms.min_days - use.days,
        "modules": modules_needed - len(use.modules),
    }
    return {name: gap for name, gap in gaps.items() if gap > 0}


# -- both -------------------------------------------------------------------------------------------------------------


def _rows(checked: Checks, good: GoodDays, window: Window | None, min_days: int) -> tuple[SubjectRow, ...]:
    """Worst first."""
    rows = []
    for subject, days in checked.items():
        inside = [c for day, c in days.items() if window is not None and window[0] <= day <= window[1]]
        count = 0 if window is None else _days_within(good[subject], *window)
        rows.append(
            SubjectRow(
                subject=subject,
                days=count,
                met=count >= min_days,
                conflicts=sum(c.conflict for c in inside),
                minutes=sum(c.minutes for c in inside),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.met, row.days, row.subject)))


def _figures(checked: Checks, window: Window | None) -> dict[str, int]:
    inside = [c for days in checked.values() for day, c in days.items() if window and window[0] <= day <= window[1]]
    return {
        "conflict_days": sum(c.conflict for c in inside),
        "watched_days": sum(c.watched for c in inside),
        "counted_days": len(inside),
    }


def _doubts(case: AdoptionCase, terms: AdoptionTerms, figures: Mapping[str, int]) -> tuple[str, ...]:
    """Why a person must look although the numbers suffice."""
    counted = max(figures["counted_days"], 1)
    known = case.inside + case.outside
    doubts = {
        "operator.silent": Decimal(figures["watched_days"]) / counted < terms.operator_share,
        "sources.disagree": Decimal(figures["conflict_days"]) / counted > terms.conflict_share,
        "address.outside": known > 0 and Decimal(case.outside) / known > terms.outside_share,
        "signs.open": case.in_doubt,
        "data.old": terms.fresh_days > 0 and (case.today - _last_day(case)).days > terms.fresh_days,
    }
    return tuple(name for name, doubt in doubts.items() if doubt)


def _last_day(case: AdoptionCase) -> date:
    """Of everything that came; a case that passes has some."""
    return max((seen.day for seen in case.days), default=case.today)


def _upheld(case: AdoptionCase) -> tuple[str, ...]:
    """The numbers do not suffice, but the city found the reasons good: a person decides."""
    return ("review.upheld",) if case.upheld else ()


def _outcome(passes: bool, doubts: tuple[str, ...], full_window: bool) -> Outcome:
    if doubts:
        return Outcome.LOOK
    if passes:
        return Outcome.PASSED
    return Outcome.FAILED if full_window else Outcome.NOT_ENOUGH
