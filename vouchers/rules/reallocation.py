"""Who could give quota and who lacks it (S19/7.3, N20/3): a suggestion, never a decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Room:
    """One city, supplier or pilot, yuan. waiting: what those who wait here need in all."""

    dimension: str
    total: Decimal
    available: Decimal
    waiting: Decimal


@dataclass(frozen=True, slots=True)
class RoomLine:
    """spare: could go elsewhere. gap: is missing for those who wait. One of both is zero."""

    room: Room
    spare: Decimal
    gap: Decimal


@dataclass(frozen=True, slots=True)
class Suggestion:
    source: str
    target: str
    amount: Decimal


def room_lines(rooms: Iterable[Room], *, keep_share: Decimal, unit: Decimal) -> list[RoomLine]:
    """Largest gap first, then largest spare. Spare is what is left beyond the waiting and a kept share of the total,
    down to whole units; gaps are rounded up to them."""
    lines = [_line(room, keep_share, unit) for room in rooms]
    return sorted(lines, key=lambda line: (-line.gap, -line.spare, line.room.dimension))


def suggestions(lines: Sequence[RoomLine]) -> list[Suggestion]:
    """Largest gap filled from the largest spare, as far as it goes."""
    spare = {line.room.dimension: line.spare for line in lines if line.spare > ZERO}
    found = []
    for line in lines:
        missing = line.gap
        for source in sorted(spare, key=lambda name: (-spare[name], name)):
            moved = min(missing, spare[source])
            if moved > ZERO:
                found.append(Suggestion(source, line.room.dimension, moved))
                spare[source] -= moved
                missing -= moved
    return found


def _line(room: Room, keep_share: Decimal, unit: Decimal) -> RoomLine:
    gap = max(room.waiting - room.available, ZERO)
    spare = max(room.available - room.waiting - room.total * keep_share, ZERO)
    whole_gap = (gap / unit).to_integral_value(rounding=ROUND_CEILING) * unit
    whole_spare = (spare / unit).to_integral_value(rounding=ROUND_DOWN) * unit
    return RoomLine(room, whole_spare if not gap else ZERO, whole_gap)
