"""Honest-looking use of a factory's machines and software: shifts, breaks, weekends, holidays, downtime, lost signal.

Pure and repeatable: the same plant, day and seed give the same records. Used by the demo season, the stand-in supplier
and tests; the records are those of the telemetry protocol.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
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
    """One customer. quiet: devices hardly used. holidays: days on which nearly nothing runs."""

    seed: str
    devices: tuple[str, ...] = ()
    quiet: frozenset[str] = frozenset()
    users: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    address: str = PLANT_ADDRESS
    holidays: frozenset[date] = field(default_factory=frozenset)


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


def _chance(plant: Plant, day: date) -> float:
    if day in plant.holidays:
        return OTHER / 4
    return {5: SATURDAY, 6: OTHER}.get(day.weekday(), WORKDAY)


def _device_records(plant: Plant, device: str, day: date) -> Iterator[dict[str, Any]]:
    if not runs(plant, device, day):
        return
    dice = _dice(plant, device, day, "minutes")
    start, end = SHIFTS[_dice(plant, device, date.min).choices(range(3), weights=(5, 3, 2))[0]]
    start, end = max(start + dice.randint(-10, 20), 0), min(end + dice.randint(-40, 30), DAY)
    down = dice.randrange(start, end) if dice.random() < 0.15 else DAY  # a repair of up to two hours
    repair = range(down, min(down + dice.randint(20, 120), DAY))
    for minute in range(start - start % SLOT, end, SLOT):
        resting = minute in NOON_BREAK and end - start < DAY - 60
        if not resting and minute not in repair and dice.random() < SIGNAL:
            at = _stamp(day, minute + dice.randrange(SLOT))
            yield {"device": device, "at": at, "address": plant.address, "count": dice.randint(1, 30)}


def _user_records(plant: Plant, user: str, day: date) -> Iterator[dict[str, Any]]:
    if not plant.modules or not runs(plant, user, day):
        return
    dice = _dice(plant, user, day, "clicks")
    usual = dice.sample(plant.modules, k=min(len(plant.modules), dice.randint(1, 4)))
    for _ in range(dice.randint(4, 30)):
        minute = int(min(max(dice.gauss(11 * 60, 150), 7 * 60), 20 * 60))
        module = dice.choice(usual)
        at = _stamp(day, minute)
        yield {"user": user, "at": at, "address": plant.address, "module": module, "count": dice.randint(1, 12)}


def _stamp(day: date, minute: int) -> str:
    return (datetime.combine(day, time(), tzinfo=SHANGHAI) + timedelta(minutes=minute)).isoformat(timespec="seconds")


def _dice(plant: Plant, subject: str, day: date, purpose: str = "") -> random.Random:
    return random.Random(f"{plant.seed}|{subject}|{day}|{purpose}")
