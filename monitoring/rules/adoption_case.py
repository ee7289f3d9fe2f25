"""What the adoption verdict is made from, and its result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from monitoring.enums import Outcome


@dataclass(frozen=True, slots=True)
class SeenDay:
    """One subject (device or user) on one day; minutes as each source counted them, None: the source said nothing."""

    subject: str
    day: date
    supplier: int | None = None
    operator: int | None = None
    modules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdoptionCase:
    """amount: the voucher's, or the lower claim. devices: listed ones. today: Shanghai day on which is judged; it and
    later days are not whole yet. inside, outside, unknown: subject-days by region of their addresses. upheld: the
    city's answers to those who contested with good reason. in_doubt: signs of fabrication that nobody has ruled out."""

    amount: Decimal
    today: date
    devices: tuple[str, ...] = ()
    days: tuple[SeenDay, ...] = ()
    contract_modules: tuple[str, ...] = ()
    inside: int = 0
    outside: int = 0
    unknown: int = 0
    upheld: tuple[str, ...] = ()
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """One device or user in the window judged by."""

    subject: str
    days: int
    met: bool
    conflicts: int
    minutes: int


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
