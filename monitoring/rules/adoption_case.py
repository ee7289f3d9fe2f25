"""What the adoption verdict is made from, and its result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from monitoring.enums import Outcome


@dataclass(frozen=True, slots=True)
class Course:
    """One subject (device or user): minutes by day as each source counted them. Days are ordinals (`date.toordinal`);
    a day that is not there: the source said nothing about it."""

    subject: str
    supplier: Mapping[int, int]
    operator: Mapping[int, int]

    @property
    def last_day(self) -> int:
        """0: nothing came."""
        return max(max(self.supplier, default=0), max(self.operator, default=0))


@dataclass(frozen=True, slots=True)
class AdoptionCase:
    """amount: the voucher's, or the lower claim. devices: listed ones. today: Shanghai day on which is judged; it and
    later days are not whole yet. modules: days (ordinals) on which the supplier reported each, by its name there.
    inside, outside, unknown: subject-days by region of their addresses. upheld: the city's answers to those who
    contested with good reason. in_doubt: signs of fabrication that nobody has ruled out."""

    amount: Decimal
    today: date
    devices: tuple[str, ...] = ()
    courses: tuple[Course, ...] = ()
    modules: Mapping[str, Sequence[int]] = field(default_factory=dict)
    contract_modules: tuple[str, ...] = ()
    inside: int = 0
    outside: int = 0
    unknown: int = 0
    upheld: tuple[str, ...] = ()
    in_doubt: bool = False

    @property
    def last_day(self) -> date:
        """Of everything that came; a case that passes has some."""
        last = max((course.last_day for course in self.courses), default=0)
        return date.fromordinal(last) if last else self.today


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """One device or user in the window judged by."""

    subject: str
    days: int
    met: bool
    conflicts: int


@dataclass(frozen=True, slots=True)
class Adoption:
    """outcome with what it rests on. window None: no whole day has been observed. earliest None: passed already, or
    it cannot pass as things are listed. supported: the amount that the devices in use carry; None where the item has
    no per-device amount."""

    outcome: Outcome
    needed: int
    reached: int
    listed: int
    window: tuple[date, date] | None
    observed_days: int
    rows: tuple[SubjectRow, ...]
    earliest: date | None
    supported: Decimal | None
    days_used: int = 0
    days_needed: int = 0
    modules_used: tuple[str, ...] = ()
    modules_needed: int = 0
    conflict_days: int = 0
    watched_days: int = 0
    counted_days: int = 0
    doubts: tuple[str, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)

    @property
    def days_to_window(self) -> int:
        """Whole days in the window."""
        return 0 if self.window is None else (self.window[1] - self.window[0]).days + 1
