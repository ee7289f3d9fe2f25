"""The minute map: 1,440 bits of a day as 180 bytes, most significant bit first.

Merging is OR, so that order and repetition do not matter.
"""

from collections.abc import Iterable

import numpy as np

MINUTES = 1440
BYTES = MINUTES // 8
EMPTY = bytes(BYTES)
KEPT = 12  # distinct addresses and modules kept per day: the first ones in sorted order, so that merging commutes


def of_minutes(minutes: Iterable[int]) -> bytes:
    """Map with these minutes of the day set. Raises IndexError outside 0–1439."""
    flags = bytearray(MINUTES)
    for minute in minutes:
        flags[minute] = 1
    return of_flags(flags)


def of_flags(flags: bytes | bytearray) -> bytes:
    """Map of 1,440 bytes that are 0 or 1."""
    return np.packbits(np.frombuffer(flags, np.uint8)).tobytes()


def either(one: bytes | bytearray, other: bytes | bytearray) -> bytearray:
    """Flags set in one or the other; both of the same length."""
    merged = int.from_bytes(one, "big") | int.from_bytes(other, "big")
    return bytearray(merged.to_bytes(len(one), "big"))


def merge(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one, "big") | int.from_bytes(other, "big")).to_bytes(BYTES, "big")


def minutes_in(day_map: bytes) -> list[int]:
    bits = f"{int.from_bytes(day_map, 'big'):0{MINUTES}b}"
    return [minute for minute, bit in enumerate(bits) if bit == "1"]


def active_minutes(day_map: bytes, slot_minutes: int) -> int:
    """Minutes of all slots in which anything was seen: a device that reports once a slot is active all the while."""
    value = int.from_bytes(day_map, "big")
    if slot_minutes == 1:
        return value.bit_count()
    # Fold every slot onto its last bit, then count those bits only.
    folded = value
    for step in range(1, slot_minutes):
        folded |= value >> step
    return (folded & _last_bits(slot_minutes)).bit_count() * slot_minutes


def first_sorted(one: Iterable[str], other: Iterable[str]) -> list[str]:
    """The first few of both in sorted order."""
    return sorted({*one, *other})[:KEPT]


def _last_bits(slot_minutes: int) -> int:
    mask = _MASKS.get(slot_minutes)
    if mask is None:
        mask = sum(1 << shift for shift in range(0, MINUTES, slot_minutes))
        _MASKS[slot_minutes] = mask
    return mask


_MASKS: dict[int, int] = {}
