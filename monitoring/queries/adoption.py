"""Reading adoption: the case of a voucher, its verdict, the heat map."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from monitoring.enums import OUTCOMES, Outcome
from monitoring.models import Review, Verdict
from monitoring.queries.activity_days import courses_of, modules_of, seen_of
from monitoring.queries.regions import region_table
from monitoring.queries.reviews import reviews_of, upheld_reasons
from monitoring.queries.schemes import terms_of, terms_of_vouchers
from monitoring.queries.signs import vouchers_in_doubt
from monitoring.queries.sources import devices_listed
from monitoring.rules import adoption, adoption_words
from monitoring.rules.adoption_case import Adoption, AdoptionCase, Course
from monitoring.rules.heat import HeatRow, heat_levels, heat_rows, short_name
from monitoring.rules.ip_region import Region, count_regions
from monitoring.rules.scheme import AdoptionTerms, terms_from_json
from monitoring.rules.timeline import Timeline, timeline_of
from platform_site.accounts.queries import day_of
from platform_site.kit.findings import Finding
from vouchers.models import Voucher

HEAT_DAYS = 30
SHOWN_ROWS = 60


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict computed now, not written anywhere."""

    case: AdoptionCase
    terms: AdoptionTerms
    result: Adoption

    @property
    def sources_contradict(self) -> bool:
        """Whether the operators and the supplier disagree on more than the scheme lets pass, whatever the outcome."""
        return adoption.conflict_share(self.result) > self.terms.conflict_share

    def findings(self) -> list[Finding]:
        return adoption_words.findings(self.result, self.case, self.terms)


@dataclass(frozen=True, slots=True)
class VerdictView:
    """What pages show. frozen_at None: provisional, computed for this view. numbers and rows as in `Verdict`."""

    voucher: Voucher
    outcome: str
    label: str
    headline: str
    need: str
    clause: str
    numbers: dict[str, Any]
    findings: list[dict[str, str]]
    rows: list[HeatRow]
    days: list[date]
    levels: list[str]
    by_device: bool
    frozen_at: datetime | None
    computed_at: datetime
    reviews: list[Review]
    timeline: Timeline

    @property
    def contestable(self) -> bool:
        """Enterprise and supplier may put it in question."""
        return self.frozen_at is None and not self.passed

    @property
    def tone(self) -> str:
        return {Outcome.PASSED: "ok", Outcome.FAILED: "bad"}.get(Outcome(self.outcome), "warn")

    @property
    def passed(self) -> bool:
        return self.outcome == Outcome.PASSED

    @property
    def doubts(self) -> list[dict[str, str]]:
        """What a person must look at."""
        return [one for one in self.findings if one["severity"] == "warn"] if self.outcome == Outcome.LOOK else []

    @property
    def unit(self) -> str:
        return "台达标" if self.by_device else "人使用"

    @property
    def heat_days(self) -> list[str]:
        """A date over every seventh column."""
        return [f"{day.month}/{day.day}" if index % 7 == 0 else "" for index, day in enumerate(self.days)]

    @property
    def heat_rows(self) -> list[dict[str, Any]]:
        """The worst rows as the heat component wants them."""
        return [
            {
                "name": short_name(row.subject),
                "full": row.subject,
                "cells": [cell.level for cell in row.cells],
                "count": row.days,
                "passed": row.met,
            }
            for row in self.rows[:SHOWN_ROWS]
        ]

    @property
    def more_rows(self) -> int:
        return max(len(self.rows) - SHOWN_ROWS, 0)

    @property
    def earliest(self) -> date | None:
        """The first morning on which it could pass; None: passed, or not possible as things are listed."""
        return date.fromisoformat(self.numbers["earliest"]) if self.numbers["earliest"] else None


def assessed(voucher: Voucher, at: datetime, *, amount: Decimal | None = None) -> Judged:
    """The verdict as it stands now; by the claim remembered, unless another amount is given."""
    if amount is None:
        amount = Verdict.objects.filter(voucher=voucher).values_list("claimed_amount", flat=True).first()
    return assessed_together([voucher], at, {voucher.pk: amount})[voucher.pk]


def assessed_together(
    vouchers: Sequence[Voucher], at: datetime, claims: Mapping[int, Decimal | None]
) -> dict[int, Judged]:
    """By voucher. claims: lower amounts that enterprises claim. As many readings for a hundred vouchers as for one."""
    found, terms = {}, terms_of_vouchers(vouchers)
    for by_device in (True, False):
        alike = [voucher for voucher in vouchers if terms[voucher.pk].by_device == by_device]
        for pk, case in _cases(alike, at, claims, by_device=by_device):
            found[pk] = Judged(case=case, terms=terms[pk], result=adoption.judge(case, terms[pk]))
    return found


def _cases(
    vouchers: Sequence[Voucher], at: datetime, claims: Mapping[int, Decimal | None], *, by_device: bool
) -> Iterator[tuple[int, AdoptionCase]]:
    """Everything the verdicts rest on."""
    ids, today, table = [voucher.pk for voucher in vouchers], day_of(at), region_table()
    if not ids:
        return
    (courses, addresses), devices = seen_of(ids, by_device=by_device), devices_listed(ids)
    modules = {} if by_device else modules_of(ids)
    upheld, doubtful = upheld_reasons(ids), vouchers_in_doubt(ids)
    for voucher in vouchers:
        pk, claim = voucher.pk, claims.get(voucher.pk)
        regions = count_regions(addresses[pk].items(), table)
        case = AdoptionCase(
            amount=voucher.current_amount if claim is None else claim,
            today=today,
            devices=tuple(devices[pk]),
            courses=tuple(courses[pk]),
            modules=modules.get(pk, {}),
            contract_modules=tuple(voucher.contract.modules),
            inside=regions[Region.INSIDE],
            outside=regions[Region.OUTSIDE],
            unknown=regions[Region.UNKNOWN],
            upheld=upheld[pk],
            in_doubt=pk in doubtful,
        )
        yield pk, case


def verdict_of(voucher: Voucher) -> Verdict | None:
    """The last written one; None before the first night."""
    return Verdict.objects.filter(voucher=voucher).first()


def doubts_of(verdict: Verdict | None) -> list[dict[str, str]]:
    """What a person must look at, as findings; empty unless the outcome says so."""
    if verdict is None or verdict.outcome != Outcome.LOOK:
        return []
    return [finding for finding in verdict.explanation["findings"] if finding["severity"] == "warn"]


def heat_map(voucher: Voucher, days: int = HEAT_DAYS, *, at: datetime) -> list[HeatRow]:
    """Listed devices (or accounts) by day up to yesterday, worst first."""
    terms = terms_of(voucher)
    last = day_of(at) - timedelta(days=1)
    window = (last - timedelta(days=days - 1), last)
    subjects = devices_listed([voucher.pk])[voucher.pk] if terms.by_device else ()
    return heat_rows(_courses(voucher, terms, window), subjects, window, terms)


def verdict_view(voucher: Voucher, at: datetime, *, amount: Decimal | None = None) -> VerdictView:
    """The frozen verdict if there is one, else what it would be now; with its heat map over the window judged by."""
    stored = verdict_of(voucher)
    if stored is not None and stored.frozen_at is not None:
        return _frozen_view(voucher, stored)
    judged = assessed(voucher, at, amount=amount)
    numbers, explanation = as_json(judged)
    return _view(voucher, judged.result.outcome, numbers, explanation, judged.terms, (at, None))


def as_json(judged: Judged) -> tuple[dict[str, Any], dict[str, Any]]:
    """Numbers and explanation as a verdict row keeps them."""
    result, terms, case = judged.result, judged.terms, judged.case
    window = result.window or (None, None)
    numbers = {
        **{name: getattr(result, name) for name in _PLAIN},
        "amount": str(case.amount),
        "per_device": None if terms.per_device is None else str(terms.per_device),
        "supported": None if result.supported is None else str(result.supported),
        "window_first": window[0] and window[0].isoformat(),
        "window_last": window[1] and window[1].isoformat(),
        "earliest": result.earliest and result.earliest.isoformat(),
        "inside": case.inside,
        "outside": case.outside,
        "unknown": case.unknown,
        "missing": dict(result.missing),
        "modules_used": list(result.modules_used),
    }
    explanation = {
        "headline": adoption_words.headline(result, terms),
        "need": adoption_words.need_sentence(result, case, terms),
        "findings": [finding.as_dict() for finding in judged.findings()],
        "rows": [{"subject": r.subject, "days": r.days, "met": r.met, "conflicts": r.conflicts} for r in result.rows],
    }
    return numbers, explanation


_PLAIN = (
    "needed", "reached", "listed", "observed_days", "days_used", "days_needed", "modules_needed", "conflict_days",
    "watched_days", "counted_days",
)  # fmt: skip


def _frozen_view(voucher: Voucher, stored: Verdict) -> VerdictView:
    terms = terms_from_json(stored.scheme)
    times = (stored.computed_at, stored.frozen_at)
    return _view(voucher, stored.outcome, stored.numbers, stored.explanation, terms, times)


def _view(
    voucher: Voucher,
    outcome: str,
    numbers: dict[str, Any],
    explanation: dict[str, Any],
    terms: AdoptionTerms,
    times: tuple[datetime, datetime | None],
) -> VerdictView:
    window = _shown_window(numbers, times[0])
    subjects = [row["subject"] for row in explanation["rows"]]
    rows = heat_rows(_courses(voucher, terms, window), subjects, window, terms)
    days = [window[0] + timedelta(days=step) for step in range((window[1] - window[0]).days + 1)]
    return VerdictView(
        voucher=voucher,
        outcome=str(outcome),
        label=dict(OUTCOMES)[Outcome(outcome)],
        headline=explanation["headline"],
        need=explanation["need"],
        clause="S19/annex.note2" if terms.per_device else terms.clause,
        numbers=numbers,
        findings=explanation["findings"],
        rows=rows,
        days=days,
        reviews=reviews_of(voucher),
        timeline=timeline_of(rows, days, terms, numbers["needed"]),
        levels=heat_levels(terms),
        by_device=terms.by_device,
        computed_at=times[0],
        frozen_at=times[1],
    )


def _shown_window(numbers: dict[str, Any], at: datetime) -> tuple[date, date]:
    """The window judged by; before any data the last week, so that the emptiness shows."""
    if numbers["window_first"]:
        return date.fromisoformat(numbers["window_first"]), date.fromisoformat(numbers["window_last"])
    yesterday = day_of(at) - timedelta(days=1)
    return yesterday - timedelta(days=6), yesterday


def _courses(voucher: Voucher, terms: AdoptionTerms, window: tuple[date, date]) -> list[Course]:
    return courses_of([voucher.pk], by_device=terms.by_device, window=window)[voucher.pk]
