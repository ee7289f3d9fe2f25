"""The adoption verdict: from activity days to passed, failed, not enough or look, with every number that leads there.

A voucher passes when, in one window of consecutive whole days, enough devices (or users, days and modules) were in use.
The best window since the first data counts, so that a holiday shut-down afterwards takes nothing away; devices are all
measured in the same window.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate

from catalog.rules.devices import devices_needed
from monitoring.enums import Outcome
from monitoring.rules.adoption_case import Adoption, AdoptionCase, SubjectRow
from monitoring.rules.cross_check import Checked, checked_days
from monitoring.rules.scheme import AdoptionTerms


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


# Days are ordinals throughout (`date.toordinal`): a night compares millions of them.
Checks = dict[str, dict[int, Checked]]
GoodDays = Mapping[str, Sequence[int]]  # the days that count, in order
Window = tuple[int, int]


def _checked(case: AdoptionCase, terms: AdoptionTerms) -> Checks:
    found: Checks = {device: {} for device in case.devices} if terms.by_device else {}
    today = case.today.toordinal()
    for course in case.courses:
        if not terms.by_device or course.subject in found:
            days = checked_days(course, terms.min_minutes)
            if course.last_day >= today:
                days = {day: c for day, c in days.items() if day < today}
            if days:
                found[course.subject] = days
    return found


def _good_days(checked: Checks, terms: AdoptionTerms) -> GoodDays:
    least = max(terms.min_minutes, 1)
    return {subject: sorted([d for d, c in days.items() if c.minutes >= least]) for subject, days in checked.items()}


def _span(checked: Checks, today: date) -> Window | None:
    """First day with data, and yesterday."""
    first = min((min(days) for days in checked.values() if days), default=None)
    return None if first is None else (first, today.toordinal() - 1)


def _observed(span: Window | None) -> int:
    return 0 if span is None else span[1] - span[0] + 1


# -- devices ----------------------------------------------------------------------------------------------------------


def _judge_devices(case: AdoptionCase, terms: AdoptionTerms, checked: Checks) -> Adoption:
    needed, span, good = need(case, terms), _span(checked, case.today), _good_days(checked, terms)
    window = _best_device_window(good, terms, span)
    inside = _inside(checked, window)
    rows = _rows(inside, good, window, terms.min_days)
    reached = sum(row.met for row in rows)
    passes = reached >= needed and window is not None
    figures = _figures(inside)
    doubts = _doubts(case, terms, figures) if passes else _upheld(case)
    return Adoption(
        outcome=_outcome(passes, doubts, _observed(span) >= terms.window_days),
        needed=needed,
        reached=reached,
        listed=len(case.devices),
        window=_dates(window),
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
    reaching = _reaching(good.values(), terms, span)
    best = max(range(span[0], span[1] + 1), key=lambda end: (reaching[end - span[0]], end))
    return _window(best, terms, span[0])


def _window(end: int, terms: AdoptionTerms, first: int) -> Window:
    return max(end - terms.window_days + 1, first), end


def _reaching(good: Iterable[Sequence[int]], terms: AdoptionTerms, span: Window) -> list[int]:
    """For every day of the span: how many devices have enough days in the window that ends with it.

    A run of as many days as are needed fits the windows that end from its last day until its first one drops out:
    one device more where they begin, one less after the last of them.
    """
    steps, longest = [0] * (_observed(span) + 1), terms.window_days - 1
    for days in good:
        counted = span[0] - 1  # windows that end up to here are counted for this device
        for first, last in zip(days, days[terms.min_days - 1 :], strict=False):
            begin = last if last > counted else counted + 1
            end = first + longest if first + longest < span[1] else span[1]
            if begin <= end:
                steps[begin - span[0]] += 1
                steps[end - span[0] + 1] -= 1
                counted = end
    return list(accumulate(steps))


def _days_within(days: Sequence[int], start: int, end: int) -> int:
    return bisect_right(days, end) - bisect_left(days, start)


def _earliest(good: GoodDays, terms: AdoptionTerms, needed: int, today: date) -> date | None:
    """The morning on which it could pass if every listed device is in use from today on; None: too few are listed."""
    if len(good) < needed:
        return None
    now = today.toordinal()
    for step in range(terms.min_days):
        start = now + step - terms.window_days + 1
        if sum(_days_within(days, start, now - 1) + step + 1 >= terms.min_days for days in good.values()) >= needed:
            return date.fromordinal(now + step + 1)
    return None


def _device_gaps(listed: int, needed: int, reached: int) -> dict[str, int]:
    gaps = {"listed": max(needed - listed, 0), "devices": needed - reached}
    return {name: gap for name, gap in gaps.items() if gap > 0}


# -- software ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Log:
    """Everything that happened, each list in order of days."""

    users: GoodDays
    used: Sequence[int]
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
    inside = _inside(checked, window)
    figures = _figures(inside)
    doubts = _upheld(case) if gaps else _doubts(case, terms, figures)
    return Adoption(
        outcome=_outcome(not gaps, doubts, _observed(span) >= terms.window_days),
        needed=terms.min_users,
        reached=use.users,
        listed=len(checked),
        window=_dates(window),
        observed_days=_observed(span),
        rows=_rows(inside, log.users, window, 1),
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
    names, today = {module_key(name): name for name in case.contract_modules}, case.today.toordinal()
    modules: dict[str, set[int]] = {name: set() for name in names.values()}
    for reported, days in case.modules.items():
        key = module_key(reported)
        if key in names:
            modules[names[key]].update(day for day in days if day < today)
    return _Log(
        users=users,
        used=sorted({day for days in users.values() for day in days}),
        modules={name: sorted(days) for name, days in modules.items()},
    )


def _best_software_window(log: _Log, terms: AdoptionTerms, span: Window | None, modules_needed: int) -> Window | None:
    """The window nearest to all three thresholds; of equal ones the one with more days, then the latest."""
    if span is None:
        return None
    windows = [_window(end, terms, span[0]) for end in range(span[0], span[1] + 1)]

    def nearness(window: Window) -> tuple[int, int, int]:
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
    end = now = today.toordinal()  # the morning after the last day looked at
    for _ in range(terms.min_days):
        end += 1
        if _days_within(log.used, end - terms.window_days, now - 1) + end - now >= terms.min_days:
            break
    return date.fromordinal(end)


def _software_gaps(use: _Use, terms: AdoptionTerms, modules_needed: int) -> dict[str, int]:
    gaps = {
        "users": terms.min_users - use.users,
        "days": terms.min_days - use.days,
        "modules": modules_needed - len(use.modules),
    }
    return {name: gap for name, gap in gaps.items() if gap > 0}


# -- both -------------------------------------------------------------------------------------------------------------


def _inside(checked: Checks, window: Window | None) -> dict[str, list[Checked]]:
    """By subject what lies in the window."""
    first, last = window or (1, 0)
    return {subject: [c for day, c in days.items() if first <= day <= last] for subject, days in checked.items()}


def _rows(
    inside: Mapping[str, Sequence[Checked]], good: GoodDays, window: Window | None, min_days: int
) -> tuple[SubjectRow, ...]:
    """Worst first."""
    rows = []
    for subject, checks in inside.items():
        count = 0 if window is None else _days_within(good[subject], *window)
        conflicts = sum([c.conflict for c in checks])
        rows.append(SubjectRow(subject=subject, days=count, met=count >= min_days, conflicts=conflicts))
    return tuple(sorted(rows, key=lambda row: (row.met, row.days, row.subject)))


def _figures(inside: Mapping[str, Sequence[Checked]]) -> dict[str, int]:
    checks = [c for days in inside.values() for c in days]
    return {
        "conflict_days": sum([c.conflict for c in checks]),
        "watched_days": sum([c.watched for c in checks]),
        "counted_days": len(checks),
    }


def _dates(window: Window | None) -> tuple[date, date] | None:
    return None if window is None else (date.fromordinal(window[0]), date.fromordinal(window[1]))


def _doubts(case: AdoptionCase, terms: AdoptionTerms, figures: Mapping[str, int]) -> tuple[str, ...]:
    """Why a person must look although the numbers suffice."""
    counted = max(figures["counted_days"], 1)
    known = case.inside + case.outside
    doubts = {
        "operator.silent": Decimal(figures["watched_days"]) / counted < terms.operator_share,
        "sources.disagree": Decimal(figures["conflict_days"]) / counted > terms.conflict_share,
        "address.outside": known > 0 and Decimal(case.outside) / known > terms.outside_share,
        "signs.open": case.in_doubt,
        "data.old": terms.fresh_days > 0 and (case.today - case.last_day).days > terms.fresh_days,
    }
    return tuple(name for name, doubt in doubts.items() if doubt)


def _upheld(case: AdoptionCase) -> tuple[str, ...]:
    """The numbers do not suffice, but the city found the reasons good: a person decides."""
    return ("review.upheld",) if case.upheld else ()


def _outcome(passes: bool, doubts: tuple[str, ...], full_window: bool) -> Outcome:
    if doubts:
        return Outcome.LOOK
    if passes:
        return Outcome.PASSED
    return Outcome.FAILED if full_window else Outcome.NOT_ENOUGH
