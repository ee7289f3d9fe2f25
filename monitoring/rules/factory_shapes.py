"""Honest-looking use of a factory's machines and software: shifts, breaks, weekends, holidays, downtime, lost signal.

Pure and repeatable: the same plant, day and seed give the same records. Used by the demo season, the stand-in supplier
and tests; the records are those of the telemetry protocol.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
SLOT = 5
DAY = 1440
PLANT_ADDRESS = "192.0.2.18"  # RFC 5737: stands for Guangdong
NOON_BREAK = range(12 * 60, 13 * 60)
# Minutes of the day in which a machine runs: one long shift, two shifts, around the clock.
SHIFTS = ((8 * 60, 18 * 60), (7 * 60 + 30, 23 * 60 + 30), (0, DAY))
WORKDAY, SATURDAY, OTHER = 0.97, 0.88, 0.12  # shares of machines that run
QUIET = 0.25  # a machine that is hardly used
SIGNAL = 0.985  # records that arrive


@dataclass(frozen=True, slots=True)
class Plant:
    """One customer. quiet: devices hardly used. holidays: days on which nearly nothing runs. outages: days on which
    nothing is recorded at all.

    addresses: several lines, each machine keeps to one (empty: `address`). steady: the gateway asks its machines at the
    same minute of every slot. one_clock: it asks all of them at the same moment, early or late. sharp: machines start
    and stop with the bell. seven_days: no day of rest but holidays. continuous: runs through nights, Sundays and
    holidays, as furnaces and meters do.
    """

    seed: str
    devices: tuple[str, ...] = ()
    quiet: frozenset[str] = frozenset()
    users: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    address: str = PLANT_ADDRESS
    holidays: frozenset[date] = field(default_factory=frozenset)
    outages: frozenset[date] = field(default_factory=frozenset)
    addresses: tuple[str, ...] = ()
    steady: bool = False
    one_clock: bool = False
    sharp: bool = False
    seven_days: bool = False
    continuous: bool = False


def device_ids(prefix: str, number: int) -> tuple[str, ...]:
    """Serial numbers: lathes, presses, injection machines in turn."""
    kinds = ("CNC", "PRS", "INJ")
    return tuple(f"{prefix}-{kinds[index % 3]}-{index + 1:03d}" for index in range(number))


def day_records(plant: Plant, day: date) -> Iterator[dict[str, Any]]:
    """All records of a Shanghai day, machine after machine, then people."""
    for device in plant.devices:
        yield from _device_records(plant, device, day)
    for user in plant.users:
        yield from _user_records(plant, user, day)


def slot_records(plant: Plant, moment: datetime) -> list[dict[str, Any]]:
    """Records of the slot that holds the moment: what a supplier sends every few minutes."""
    local = moment.astimezone(SHANGHAI)
    first = (local.hour * 60 + local.minute) // SLOT * SLOT
    start, end = _stamp(local.date(), first), _stamp(local.date(), first + SLOT)
    return [record for record in day_records(plant, local.date()) if start <= record["at"] < end]


def runs(plant: Plant, subject: str, day: date) -> bool:
    """Whether a machine or person is at work on a day."""
    chance = _chance(plant, day) * (QUIET if subject in plant.quiet else 1)
    return _dice(plant, subject, day).random() < chance


def line_of(plant: Plant, subject: str) -> str:
    """The address a machine or person is seen with."""
    if not plant.addresses:
        return plant.address
    return plant.addresses[_dice(plant, subject, date.min, "line").randrange(len(plant.addresses))]


def device_moments(plant: Plant, device: str, day: date) -> Iterator[tuple[int, int]]:
    """Minutes of the day at which a machine reports, each with its count."""
    if not runs(plant, device, day):
        return
    dice = _dice(plant, device, day, "minutes")
    start, end = (0, DAY) if plant.continuous else _shift(plant, device)
    early, late = dice.randint(-10, 20), dice.randint(-40, 30)
    if not plant.sharp:
        start, end = max(start + early, 0), min(end + late, DAY)
    down = dice.randrange(start, end) if dice.random() < 0.15 else DAY  # a repair of up to two hours
    repair = range(down, min(down + dice.randint(20, 120), DAY))
    ticks = _ticks(plant, day)
    for minute in range(start - start % SLOT, end, SLOT):
        resting = minute in NOON_BREAK and end - start < DAY - 60
        if not resting and minute not in repair and dice.random() < SIGNAL:
            yield minute + (ticks[minute // SLOT] if ticks else dice.randrange(SLOT)), dice.randint(1, 30)


def user_moments(plant: Plant, user: str, day: date) -> Iterator[tuple[int, str, int]]:
    """Minutes of the day at which a person clicks, with module and count."""
    if not plant.modules or not runs(plant, user, day):
        return
    dice = _dice(plant, user, day, "clicks")
    usual = dice.sample(plant.modules, k=min(len(plant.modules), dice.randint(1, 4)))
    for _ in range(dice.randint(4, 30)):
        minute = int(min(max(dice.gauss(11 * 60, 150), 7 * 60), 20 * 60))
        module = dice.choice(usual)
        yield minute, module, dice.randint(1, 12)


def _shift(plant: Plant, device: str) -> tuple[int, int]:
    return SHIFTS[_dice(plant, device, date.min).choices(range(3), weights=(5, 3, 2))[0]]


def _ticks(plant: Plant, day: date) -> list[int]:
    """Minutes after the start of each slot at which the gateway asks; empty: each machine at its own moment."""
    if plant.steady:
        return [len(plant.seed) % SLOT] * (DAY // SLOT)
    if not plant.one_clock:
        return []
    dice = _dice(plant, "gateway", day)
    return [dice.randrange(SLOT) for _ in range(DAY // SLOT)]


def _chance(plant: Plant, day: date) -> float:
    if day in plant.outages:
        return 0
    if plant.continuous:
        return WORKDAY
    if day in plant.holidays:
        return OTHER / 4
    if plant.seven_days:
        return WORKDAY
    return {5: SATURDAY, 6: OTHER}.get(day.weekday(), WORKDAY)


def _device_records(plant: Plant, device: str, day: date) -> Iterator[dict[str, Any]]:
    address = line_of(plant, device)
    for minute, count in device_moments(plant, device, day):
        yield {"device": device, "at": _stamp(day, minute), "address": address, "count": count}


def _user_records(plant: Plant, user: str, day: date) -> Iterator[dict[str, Any]]:
    address = line_of(plant, user)
    for minute, module, count in user_moments(plant, user, day):
        yield {"user": user, "at": _stamp(day, minute), "address": address, "module": module, "count": count}


def _stamp(day: date, minute: int) -> str:
    """2020-06-01T08:05:00+08:00; a season has millions, so nothing is counted but what a clock would."""
    if minute >= DAY:
        day, minute = day + timedelta(days=1), minute - DAY
    return f"{day}T{minute // 60:02}:{minute % 60:02}:00+08:00"


def _dice(plant: Plant, subject: str, day: date, purpose: str = "") -> random.Random:
    return random.Random(f"{plant.seed}|{subject}|{day}|{purpose}")
