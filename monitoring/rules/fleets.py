"""A fleet by seed: many customers with their shifts, weekends, holidays, outages, sizes and lines, honest or planted
cheats; what their systems send, when it arrives, and what the operators see.

Pure and repeatable. It makes the rows of accepted records (`rules.records.Row`) at once, without going through texts
and signatures: that is for ingest's own tests.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from zlib import crc32

from monitoring.enums import SignKind
from monitoring.rules.factory_shapes import DAY, Plant, device_ids, device_moments, line_of, user_moments
from monitoring.rules.payload import day_number
from monitoring.rules.records import SHANGHAI_SECONDS, Row

ONE_DAY = timedelta(days=1)
INSIDE, OUTSIDE, MOBILE = "198.18", "198.19", "203.0.113"  # reserved ranges, see fixtures/monitoring/ip_regions.csv
MODULES = ("实时产量", "运维管理", "设备 OEE 分析", "停机管理及分析")
DEVICE_ITEM, METER_ITEM, SOFTWARE_ITEM = 5, 15, 7
# Shares of the honest: what is unusual and yet right.
SOFTWARE, METERS, STEADY, ONE_CLOCK, ON_MOBILE, IN_A_PARK = 0.3, 0.03, 0.25, 0.1, 0.08, 0.1
SHARP, SEVEN_DAYS = 0.1, 0.03
SECOND_VOUCHER, LONG_REST, LOST, LATE, WATCHED, PAID = 0.04, 0.05, 0.06, 0.06, 0.3, 0.15
PLACES = 18_000  # where fleets begin
PARK = 4  # enterprises that share one line
MISSED = 0.03  # days on which an operator misses what was there


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day, both included."""

    first: date
    last: date

    def days(self) -> list[date]:
        return [self.first + ONE_DAY * step for step in range((self.last - self.first).days + 1)]


@dataclass(frozen=True, slots=True)
class Member:
    """One voucher of the fleet. cheat None: honest. ring: which cheats of its kind belong together.

    place: its number among all fleets, so that two fleets share no lines and no machines.
    enterprise: number of its enterprise, mostly its own. paid_on: None while not paid. watched: an operator reports
    too. held_back: days that arrive together the morning after the last of them. donor: whose stream is copied.
    """

    number: int
    place: int
    enterprise: int
    item: int
    plant: Plant
    listed: tuple[str, ...]
    cheat: SignKind | None = None
    ring: int = 0
    paid_on: date | None = None
    watched: bool = False
    held_back: Span | None = None
    donor: "Member | None" = None

    @property
    def by_device(self) -> bool:
        return self.item != SOFTWARE_ITEM


@dataclass(frozen=True)
class Fleet:
    """Everybody, in the order of their numbers."""

    members: tuple[Member, ...]
    span: Span

    @cached_property
    def honest(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.cheat is None)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What arrived on one morning. late: records more than two days old then."""

    on: date
    first: date
    last: date
    records: int
    late: int


def honest_member(seed: str, number: int, span: Span, holidays: frozenset[date]) -> Member:
    dice = random.Random(f"{seed}|member|{number}")
    item, place = _item(dice), crc32(seed.encode()) % PLACES + number
    days = span.days()
    plant = Plant(
        seed=f"{seed}-{number}",
        devices=() if item == SOFTWARE_ITEM else device_ids(machines_prefix(place), _size(dice)),
        users=tuple(f"u{one:03d}" for one in range(1, dice.randint(4, 13))) if item == SOFTWARE_ITEM else (),
        modules=MODULES,
        holidays=holidays | _long_rest(dice, days),
        outages=_lost(dice, days),
        addresses=_lines(dice, place - number % PARK, place),
        steady=(steady := dice.random() < STEADY),
        one_clock=not steady and dice.random() < ONE_CLOCK,
        sharp=dice.random() < SHARP,
        seven_days=dice.random() < SEVEN_DAYS,
        continuous=item == METER_ITEM,
    )
    return Member(
        number=number,
        place=place,
        enterprise=number - 1 if number and dice.random() < SECOND_VOUCHER else number,
        item=item,
        plant=plant,
        listed=plant.devices,
        paid_on=days[len(days) // 3 + dice.randint(0, 3)] if dice.random() < PAID else None,
        watched=item != SOFTWARE_ITEM and dice.random() < WATCHED,
        held_back=_stretch(dice, days) if dice.random() < LATE else None,
    )


def rows_of(member: Member, day: date) -> Iterator[Row]:
    """The customer's own records of a day, as an honest system sends them."""
    plant = member.plant
    for device in plant.devices:
        address = line_of(plant, device)
        for minute, count in device_moments(plant, device, day):
            yield row("d", device, day, minute, address, count=count)
    for user in plant.users:
        address = line_of(plant, user)
        for minute, module, count in user_moments(plant, user, day):
            yield row("u", user, day, minute, address, module=module, count=count)


def operator_rows(member: Member, day: date) -> Iterator[Row]:
    """What an operator saw of the same machines: the hours they ran, now and then nothing where there was something."""
    if not member.watched:
        return
    for device in member.plant.devices:
        dice = random.Random(f"{member.plant.seed}|operator|{device}|{day}")
        moments = [minute for minute, _ in device_moments(member.plant, device, day)]
        if not moments or dice.random() < MISSED:
            yield row("d", device, day, 0, "", span=0)
        else:
            yield row("d", device, day, moments[0], "", span=moments[-1] - moments[0] + 1)


def deliveries_of(member: Member, counts: dict[date, int]) -> Iterator[Delivery]:
    """`counts`: records by day. Every morning the day before; what was held back together, after its last day."""
    held = member.held_back
    for day, records in counts.items():
        if records and not (held and held.first <= day <= held.last):
            yield Delivery(day + ONE_DAY, day, day, records, 0)
    if held is None:
        return
    waiting = {day: counts.get(day, 0) for day in held.days() if counts.get(day, 0)}
    if waiting:
        late = sum(records for day, records in waiting.items() if held.last - day >= 2 * ONE_DAY)
        yield Delivery(held.last + ONE_DAY, min(waiting), max(waiting), sum(waiting.values()), late)


def row(
    kind: str,
    subject: str,
    day: date,
    minute: int,
    address: str,
    *,
    module: str = "",
    span: int = 1,
    count: int = 1,
) -> Row:
    """A record of a minute of a Shanghai day; span 0: watched, nothing seen."""
    return (kind, subject, day_number(day) * DAY - SHANGHAI_SECONDS // 60 + minute, span, address, module, count)


def own_line(place: int, line: int = 0, *, network: str = INSIDE) -> str:
    """An address of its own for each of 20,000 customers, three lines each."""
    host = (place * 3 + line) % 62_500
    return f"{network}.{host // 250}.{host % 250 + 1}"


def machines_prefix(place: int) -> str:
    """What the serial numbers of a customer's machines begin with."""
    return f"GD{place:05d}"


def with_line(member: Member, *addresses: str) -> Member:
    return replace(member, plant=replace(member.plant, addresses=addresses))


def _item(dice: random.Random) -> int:
    chance = dice.random()
    if chance < SOFTWARE:
        return SOFTWARE_ITEM
    return METER_ITEM if chance < SOFTWARE + METERS else DEVICE_ITEM


def _size(dice: random.Random) -> int:
    """Most are small."""
    return min(max(int(dice.lognormvariate(1.1, 0.6)), 1), 16)


def _lines(dice: random.Random, park: int, place: int) -> tuple[str, ...]:
    chance = dice.random()
    if chance < ON_MOBILE:
        return (f"{MOBILE}.{dice.randint(1, 20)}",)
    if chance < ON_MOBILE + IN_A_PARK:
        return (own_line(park, 2),)
    return tuple(own_line(place, line) for line in range(dice.choice((1, 1, 2))))


def _long_rest(dice: random.Random, days: list[date]) -> frozenset[date]:
    """A factory's own holidays: a week and a half at once."""
    if dice.random() >= LONG_REST:
        return frozenset()
    start = dice.randrange(max(len(days) - 10, 1))
    return frozenset(days[start : start + 10])


def _lost(dice: random.Random, days: list[date]) -> frozenset[date]:
    """The line is down and nothing is kept."""
    return frozenset(_stretch(dice, days).days()) if dice.random() < LOST else frozenset()


def _stretch(dice: random.Random, days: list[date]) -> Span:
    start = dice.randrange(max(len(days) - 7, 1))
    return Span(days[start], days[min(start + dice.randint(1, 6), len(days) - 1)])
