"""Nine kinds of cheats, one per sign: how each differs from the honest member it is made from, and what it sends.

They are tries of people who know the thresholds roughly, not caricatures: half of them in a weaker form.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from monitoring.enums import SignKind
from monitoring.rules.factory_shapes import DAY, SLOT, device_ids
from monitoring.rules.fleets import (
    DEVICE_ITEM,
    OUTSIDE,
    Fleet,
    Member,
    Span,
    honest_member,
    machines_prefix,
    operator_rows,
    own_line,
    row,
    rows_of,
    with_line,
)
from monitoring.rules.records import Row

COPY_RING, ADDRESS_RING = 4, 10
LEAST_EACH = 6
COPY_MOVES = ((0, 0), (0, 0), (0, 37), (1, 0))  # days and minutes by place in the ring; the first is the donor
SCRIPT_START, SCRIPT_RECORDS = 8 * 60, 118
SPARSE = (80, 140)  # records a day strewn over day and night
STILL_ALIVE = 0.05  # share of days on which something is sent after the payment
DENIED = (0.7, 0.35)  # shares of days on which the operator sees nothing


@dataclass(frozen=True, slots=True)
class Plan:
    """All cheats of one kind while they are planted: their numbers, everybody so far, the days."""

    numbers: list[int]
    members: dict[int, Member]
    span: Span


def make_fleet(seed: str, vouchers: int, span: Span, holidays: frozenset[date]) -> Fleet:
    """So many vouchers, of them one in a hundred (at least six) of each kind of cheat, spread by the dice.

    Raises ValueError when there is no room for them.
    """
    each = max(LEAST_EACH, vouchers // 100)
    members = {number: honest_member(seed, number, span, holidays) for number in range(vouchers)}
    chosen = random.Random(f"{seed}|cheats").sample(range(vouchers), each * len(SignKind))
    for place, kind in enumerate(SignKind):
        plan = Plan(sorted(chosen[place * each : (place + 1) * each]), members, span)
        for turn, number in enumerate(plan.numbers):
            planted = replace(_plain(members[number], holidays), cheat=kind, ring=turn)
            members[number] = _CHANGES[kind](planted, plan) if kind in _CHANGES else planted
    return Fleet(tuple(members.values()), span)


def sent_rows(member: Member, day: date) -> Iterator[Row]:
    """The supplier's records of a day, true or not."""
    forge = _FORGERIES.get(member.cheat) if member.cheat else None
    return forge(member, day) if forge else rows_of(member, day)


def seen_rows(member: Member, day: date) -> Iterator[Row]:
    """The operators' records of a day."""
    if member.cheat != SignKind.CONTRADICTED:
        yield from operator_rows(member, day)
        return
    for seen in operator_rows(member, day):
        kind, device = seen[0], seen[1]
        denied = _dice(member, "denied", device, day).random() < DENIED[member.ring % 2]
        yield row(kind, device, day, 0, "", span=0) if denied else seen


def otherwise(device: str, turn: int) -> str:
    """The same serial number as others would write it."""
    letters, kind, number = device.split("-")
    forms = (f"{letters}{kind}{number}", f"{letters}_{kind}_{int(number)}", f"{letters}-{kind}{number}")
    return forms[turn % len(forms)]


# -- what is planted ---------------------------------------------------------------------------------------------------


def _plain(member: Member, holidays: frozenset[date]) -> Member:
    """Before cheating: machines and a line of its own, everybody's holidays, nothing unusual."""
    devices = device_ids(machines_prefix(member.place), max(len(member.plant.devices), 2))
    plant = replace(
        member.plant,
        devices=devices,
        users=(),
        holidays=holidays,
        outages=frozenset(),
        addresses=(own_line(member.place),),
        steady=False,
        one_clock=False,
        sharp=False,
        seven_days=False,
        continuous=False,
    )
    return Member(member.number, member.place, member.number, DEVICE_ITEM, plant, devices)


def _copies(member: Member, plan: Plan) -> Member:
    """The first of a ring has real machines; the others send its days again."""
    lead = plan.numbers[member.ring - member.ring % COPY_RING]
    return member if lead == member.number else replace(member, donor=plan.members[lead])


def _one_line(member: Member, plan: Plan) -> Member:
    """A room full of gateways; those left over join the last ring."""
    rings = max(len(plan.numbers) // ADDRESS_RING, 1)
    first = plan.numbers[min(member.ring // ADDRESS_RING, rings - 1)]
    return with_line(member, own_line(plan.members[first].place, 1))


def _reuses(member: Member, plan: Plan) -> Member:
    """Lists machines of the one before it beside its own, written otherwise: two of them, or one."""
    before = machines_prefix(plan.members[plan.numbers[member.ring - 1]].place)
    foreign = [otherwise(one, member.ring) for one in device_ids(before, 1 + member.ring % 2)]
    listed = (*member.listed, *foreign)
    return replace(member, listed=listed, plant=replace(member.plant, devices=listed))


def _holds_back(member: Member, plan: Plan) -> Member:
    """Everything, or all but the first week, in one morning."""
    days = plan.span.days()
    return replace(member, held_back=Span(days[7 if member.ring % 2 else 0], days[-1]))


def _paid(member: Member, plan: Plan) -> Member:
    days = plan.span.days()
    return replace(member, paid_on=days[len(days) // 3])


def _watched(member: Member, plan: Plan) -> Member:
    return replace(member, watched=True)


_CHANGES: dict[SignKind, Callable[[Member, Plan], Member]] = {
    SignKind.COPIED: _copies,
    SignKind.ADDRESS: _one_line,
    SignKind.DEVICE: _reuses,
    SignKind.BACKFILL: _holds_back,
    SignKind.STOPPED: _paid,
    SignKind.CONTRADICTED: _watched,
}


# -- what is sent ------------------------------------------------------------------------------------------------------


def _copied(member: Member, day: date) -> Iterator[Row]:
    """The donor's day, its machines renamed, the same minutes or moved by minutes or a day."""
    if member.donor is None:
        yield from rows_of(member, day)
        return
    lag, minutes = COPY_MOVES[member.ring % COPY_RING]
    names = dict(zip(member.donor.listed, member.listed, strict=False))
    address = own_line(member.place)
    for kind, device, minute, span, _, module, count in rows_of(member.donor, day - timedelta(days=lag)):
        if device in names:
            yield (kind, names[device], minute + lag * DAY + minutes, span, address, module, count)


def _regular(member: Member, day: date) -> Iterator[Row]:
    """A script: every working day the same hours; the better one begins a minute or two earlier or later."""
    if day.weekday() == 6 or day in member.plant.holidays:
        return
    for device in member.listed:
        early = _dice(member, "start", device, day).randint(-2, 2) if member.ring % 2 else 0
        for step in range(SCRIPT_RECORDS):
            yield row("d", device, day, SCRIPT_START + early + step * SLOT, own_line(member.place))


def _shapeless(member: Member, day: date) -> Iterator[Row]:
    """Records strewn over day and night, or one in every slot, Sundays and holidays too."""
    for device in member.listed:
        dice = _dice(member, "strewn", device, day)
        if member.ring % 2:
            minutes = [slot + dice.randrange(SLOT) for slot in range(0, DAY, SLOT) if dice.random() < 0.97]
        else:
            minutes = sorted(dice.sample(range(DAY), dice.randint(*SPARSE)))
        for minute in minutes:
            yield row("d", device, day, minute, own_line(member.place))


def _outside(member: Member, day: date) -> Iterator[Row]:
    """All machines, or every second one, in another province."""
    away = set(member.listed[:: 1 + member.ring % 2])
    for kind, device, minute, span, address, module, count in rows_of(member, day):
        place = own_line(member.place, network=OUTSIDE) if device in away else address
        yield (kind, device, minute, span, place, module, count)


def _stopped(member: Member, day: date) -> Iterator[Row]:
    """True until the payment; afterwards nothing, or a little now and then."""
    over = member.paid_on is not None and day > member.paid_on
    alive = member.ring % 2 == 1 and _dice(member, "alive", "", day).random() < STILL_ALIVE
    if not over or alive:
        yield from rows_of(member, day)


_FORGERIES: dict[SignKind, Callable[[Member, date], Iterator[Row]]] = {
    SignKind.COPIED: _copied,
    SignKind.REGULAR: _regular,
    SignKind.SHAPELESS: _shapeless,
    SignKind.OUTSIDE: _outside,
    SignKind.STOPPED: _stopped,
}


def _dice(member: Member, purpose: str, device: str, day: date) -> random.Random:
    return random.Random(f"{member.plant.seed}|{purpose}|{device}|{day}")
