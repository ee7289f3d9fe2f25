"""Who is paid first (platform default 9), and how far the money goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

CARRIED_OVER, PILOT, EXCELLENT, OTHER = "carried_over", "pilot", "excellent_supplier", "other"
PRIORITY_LABELS = {CARRIED_OVER: "上批结转", PILOT: "集群试点", EXCELLENT: "优秀供应商", OTHER: "按兑现时间"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A payable redemption. sequence: of the application. total: voucher money and bonus, yuan."""

    redemption_id: int
    submitted_at: datetime
    sequence: int
    total: Decimal
    carried_over: bool = False
    pilot: bool = False
    excellent: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """order_no from 1. fits: paid from this budget."""

    candidate: Candidate
    order_no: int
    priority: str
    fits: bool


def priority_of(candidate: Candidate, order: Sequence[str]) -> str:
    """The first class of the edition's order that the candidate belongs to."""
    marks = {CARRIED_OVER: candidate.carried_over, PILOT: candidate.pilot, EXCELLENT: candidate.excellent, OTHER: True}
    return next((name for name in order if marks.get(name, False)), OTHER)


def ranks_of(order: Sequence[str]) -> dict[str, int]:
    """Each class once, the first place counts; what has no class comes last. Raises ValueError for an unknown one."""
    unknown = sorted(set(order) - set(PRIORITY_LABELS))
    if unknown:
        raise ValueError(f"unknown classes of settlement: {', '.join(unknown)}")
    return {name: rank for rank, name in enumerate([*order, OTHER]) if name not in order[:rank]}


def in_order(candidates: Iterable[Candidate], order: Sequence[str]) -> list[tuple[str, Candidate]]:
    """By class, then redemption time, application sequence, id. Raises ValueError for an unknown class."""
    ranks = ranks_of(order)
    named = [(priority_of(candidate, order), candidate) for candidate in candidates]
    return sorted(named, key=lambda pair: (ranks[pair[0]], *_when(pair[1])))


def _when(candidate: Candidate) -> tuple[datetime, int, int]:
    return candidate.submitted_at, candidate.sequence, candidate.redemption_id


def settle_within(candidates: Iterable[Candidate], order: Sequence[str], budget: Decimal) -> list[Place]:
    """Strict: the first that doesn't fit stops all behind it, they come first next time (S19/7.2)."""
    places, left, open_ = [], budget, True
    for number, (priority, candidate) in enumerate(in_order(candidates, order), start=1):
        open_ = open_ and candidate.total <= left
        left -= candidate.total if open_ else Decimal(0)
        places.append(Place(candidate, number, priority, open_))
    return places
