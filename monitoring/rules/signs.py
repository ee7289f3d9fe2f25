"""Signs of fabrication: a score with its evidence. What all nine have in common; each kind's rule is in `signs_…`.

A sign is no proof and refuses nothing: it tells an officer where to look, and what to look at.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from monitoring.enums import SignKind
from monitoring.rules.minute_map import MINUTES

LEAST, MOST = 40, 100
KEPT_ITEMS = 40  # of each list in the evidence: enough to look at, short enough to keep

Limits = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SignTerms:
    """Thresholds of fixtures/monitoring/signs.yaml; limits by kind, shares are fractions of 1."""

    clause: str
    window_days: int
    look_score: int
    reopen_rise: int
    explain_working_days: int
    limits: Mapping[SignKind, Limits]


@dataclass(frozen=True, slots=True)
class Found:
    """One sign of one voucher. evidence: `says` in words, then days, subjects, addresses, vouchers and figures."""

    kind: SignKind
    score: int
    evidence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DayFacts:
    """One stream (device or account) on one day, as the supplier sent it. bits: the minute map as a number."""

    subject: str
    day: date
    bits: int
    addresses: tuple[str, ...] = ()

    @property
    def records(self) -> int:
        """Minutes with a record."""
        return self.bits.bit_count()

    @property
    def first(self) -> int:
        return MINUTES - self.bits.bit_length()

    @property
    def last(self) -> int:
        return MINUTES - 1 - ((self.bits & -self.bits).bit_length() - 1)


@dataclass(frozen=True, slots=True)
class Stream:
    """Days of one voucher in the window, empty ones left out, and which days of the window are Sundays or holidays."""

    days: tuple[DayFacts, ...]
    rest_days: frozenset[date] = field(default_factory=frozenset)

    def by_subject(self) -> dict[str, list[DayFacts]]:
        found: dict[str, list[DayFacts]] = {}
        for day in self.days:
            found.setdefault(day.subject, []).append(day)
        return found


def score_of(value: float, limits: Limits) -> int:
    """0 below `low`; 40 at `low`, rising to 100 at `high`."""
    low, high = float(limits["low"]), float(limits["high"])
    if value < low:
        return 0
    return min(MOST, LEAST + round((MOST - LEAST) * (value - low) / (high - low)))


def evidence(
    says: str,
    *,
    days: Iterable[date] = (),
    subjects: Iterable[str] = (),
    addresses: Iterable[str] = (),
    vouchers: Iterable[int] = (),
    **figures: Any,
) -> dict[str, Any]:
    """The shape in which every sign keeps what it rests on; lists are cut."""
    return {
        "says": says,
        "days": [day.isoformat() for day in sorted(set(days))[:KEPT_ITEMS]],
        "subjects": sorted(set(subjects))[:KEPT_ITEMS],
        "addresses": sorted(set(addresses))[:KEPT_ITEMS],
        "vouchers": sorted(set(vouchers))[:KEPT_ITEMS],
        "figures": figures,
    }


def percent(share: float) -> str:
    return f"{share * 100:.0f}%"
