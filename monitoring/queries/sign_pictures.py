"""What the officer looks at: the evidence of a voucher's signs drawn, and what vouchers share among each other."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import filterfalse, islice
from typing import Any

from django.db.models import Count, QuerySet

from monitoring.enums import MarkKind, SignKind, SourceKind
from monitoring.models import Mark, Sign
from monitoring.queries.sign_facts import Facts, day_rows, device_listings, facts_of, sign_terms, window_of
from monitoring.queries.signs import signs_of
from monitoring.rules.sign_grids import Grid, address_grid, hour_grid, records_by_day
from monitoring.rules.signs import DayFacts
from monitoring.rules.signs_places import lies_within, serial_of
from platform_site.kit.actor import Actor
from vouchers.enums import LIVE_STATES
from vouchers.models import Voucher
from vouchers.queries import vouchers_visible_to

SHOWN_PAIRS, SHOWN_STREAMS, SHOWN_DAYS, SHOWN_SHARED = 3, 2, 14, 40
_OF_STREAMS = (SignKind.REGULAR, SignKind.SHAPELESS, SignKind.CONTRADICTED)
_OF_PLACES = (SignKind.ADDRESS, SignKind.OUTSIDE)
_OF_COURSE = (SignKind.STOPPED, SignKind.BACKFILL)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two heat maps side by side."""

    title: str
    own: Grid
    other: Grid
    other_voucher: Voucher | None


@dataclass(frozen=True, slots=True)
class SignView:
    """A sign with what is drawn of it. vouchers: the others involved, as far as the person may see them."""

    sign: Sign
    vouchers: list[Voucher] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    chart: dict[str, Any] | None = None
    devices: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shared:
    """An address or device that several enterprises have."""

    kind: str
    value: str
    enterprises: int
    vouchers: list[Voucher]


def sign_views(voucher: Voucher, actor: Actor, at: datetime) -> list[SignView]:
    """All signs of a voucher, highest first, each with its pictures."""
    signs = signs_of(voucher)
    facts = next(iter(facts_of([voucher.pk], at)), None)
    if facts is None:
        return []
    others = _involved(signs, actor)
    foreign = _streams_of([pair["voucher"] for sign in signs for pair in _pairs_of(sign)], at)
    return [_view(sign, facts, others, foreign, at) for sign in signs]


def shared_marks(actor: Actor, at: datetime, *, kind: str = "", least: int = 0) -> list[Shared]:
    """What most enterprises share, of vouchers the person may see; `least`: so many enterprises at least (0: the
    thresholds'). Networks that are shared by their nature are left out."""
    limits = sign_terms().limits
    leasts = {MarkKind.ADDRESS: least or int(limits[SignKind.ADDRESS]["low"]), MarkKind.DEVICE: max(least, 2)}
    found: list[Shared] = []
    for mark_kind in MarkKind:
        if kind in ("", mark_kind):
            found += _most_shared(mark_kind, leasts[mark_kind], actor, at)
    return sorted(found, key=lambda one: (-one.enterprises, one.value))[:SHOWN_SHARED]


Streams = Mapping[tuple[int, str], list[DayFacts]]


def _view(sign: Sign, facts: Facts, others: Mapping[int, Voucher], foreign: Streams, at: datetime) -> SignView:
    made = SignView(sign, [others[pk] for pk in sign.evidence["vouchers"] if pk in others])
    streams = facts.stream.by_subject()
    if sign.kind == SignKind.COPIED:
        made.pairs.extend(_pair(pair, streams, others, foreign) for pair in _pairs_of(sign))
    elif sign.kind in _OF_STREAMS:
        made.grids.extend(_stream_grid(subject, streams) for subject in _busiest(sign, streams))
    elif sign.kind in _OF_PLACES:
        made.grids.append(address_grid("地址逐日出现的数据流", facts.stream.days, window_of(at)[1]))
    elif sign.kind == SignKind.DEVICE:
        made.devices.extend(_device_rows(sign, others))
    if sign.kind in _OF_COURSE:
        return SignView(sign, made.vouchers, chart=_course_chart(facts, window_of(at)[1]))
    return made


def _pairs_of(sign: Sign) -> list[dict[str, Any]]:
    if sign.kind != SignKind.COPIED:
        return []
    pairs: list[dict[str, Any]] = sign.evidence["figures"]["pairs"][:SHOWN_PAIRS]
    return pairs


def _pair(
    pair: Mapping[str, Any],
    streams: Mapping[str, list[DayFacts]],
    others: Mapping[int, Voucher],
    foreign: Streams,
) -> Pair:
    """The last days of the stream, and the same days of the other, moved as they were found moved."""
    own = streams.get(pair["subject"], [])
    days = sorted(one.day for one in own)[-SHOWN_DAYS:]
    moved = [day - timedelta(days=pair["lag"]) for day in days]
    other = others.get(pair["voucher"])
    name = other.number if other else "另一张券"
    title = f"{pair['days']} 天相同；相差 {pair['lag']} 天 {pair['shift']} 分钟"
    return Pair(
        title,
        hour_grid(f"本券 {pair['subject']}", own, days),
        hour_grid(f"{name} {pair['other']}", foreign.get((pair["voucher"], pair["other"]), []), moved),
        other,
    )


def _stream_grid(subject: str, streams: Mapping[str, list[DayFacts]]) -> Grid:
    days = sorted(one.day for one in streams[subject])[-SHOWN_DAYS:]
    whole = [days[0] + timedelta(days=step) for step in range((days[-1] - days[0]).days + 1)]
    return hour_grid(f"{subject} 逐日逐时记录", streams[subject], whole)


def _busiest(sign: Sign, streams: Mapping[str, list[DayFacts]]) -> list[str]:
    named = [subject for subject in sign.evidence["subjects"] if subject in streams]
    return sorted(named, key=lambda one: (-len(streams[one]), one))[:SHOWN_STREAMS]


def _course_chart(facts: Facts, last: date) -> dict[str, Any]:
    """Records a day up to the last whole day, and how many of the deliveries' records came that day."""
    made = records_by_day(facts.stream.days)
    came: dict[date, int] = defaultdict(int)
    for arrival in facts.arrivals:
        came[arrival.on] += arrival.records
    first = min({*made, *came}, default=last)
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    paid = f"，{facts.paid_on:%Y-%m-%d} 兑付" if facts.paid_on else ""
    return {
        "label": f"逐日记录和送达，共 {len(days)} 天{paid}",
        "option": {
            "legend": {"data": ["当天发生", "当天送达"]},
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "category", "data": [f"{day:%m-%d}" for day in days]},
            "yAxis": {"type": "value", "minInterval": 1},
            "series": [
                {"name": "当天发生", "type": "bar", "data": [made.get(day, 0) for day in days]},
                {"name": "当天送达", "type": "line", "data": [came.get(day, 0) for day in days]},
            ],
        },
    }


def _device_rows(sign: Sign, others: Mapping[int, Voucher]) -> list[dict[str, Any]]:
    """Who lists the same machine, written how, since when."""
    serials, length = set(sign.evidence["figures"]["serials"]), sign_terms().limits[SignKind.DEVICE]["length"]
    ids = [sign.voucher_id, *others]
    return [
        {
            "serial": serial,
            "written": device_id,
            "voucher": others.get(voucher_id),
            "own": voucher_id == sign.voucher_id,
            "since": since,
            "until": until,
        }
        for voucher_id, device_id, since, until in device_listings(ids)
        if (serial := serial_of(device_id, length)) in serials
    ]


def _involved(signs: Iterable[Sign], actor: Actor) -> dict[int, Voucher]:
    wanted = {pk for sign in signs for pk in sign.evidence["vouchers"]}
    return {one.pk: one for one in vouchers_visible_to(actor).filter(pk__in=wanted)}


def _streams_of(voucher_ids: Sequence[int], at: datetime) -> dict[tuple[int, str], list[DayFacts]]:
    found: dict[tuple[int, str], list[DayFacts]] = defaultdict(list)
    for voucher_id, subject, day, kind, minutes, _, addresses in day_rows(voucher_ids, at) if voucher_ids else ():
        if kind != SourceKind.OPERATOR_FEED:
            facts = DayFacts(subject, day, int.from_bytes(minutes, "big"), tuple(addresses))
            found[voucher_id, subject].append(facts)
    return found


def _most_shared(kind: MarkKind, least: int, actor: Actor, at: datetime) -> list[Shared]:
    live = Mark.objects.filter(kind=kind, last_day__gte=window_of(at)[0], voucher__state__in=LIVE_STATES)
    counted = live.values("value").annotate(enterprises=Count("voucher__enterprise", distinct=True))
    most = counted.filter(enterprises__gte=least).order_by("-enterprises", "value").values_list("value", "enterprises")
    top = dict(islice(filterfalse(_by_nature(kind), most.iterator()), SHOWN_SHARED))
    who: dict[str, list[int]] = defaultdict(list)
    for value, voucher_id in live.filter(value__in=top).values_list("value", "voucher_id").order_by("voucher_id"):
        who[value].append(voucher_id)
    seen = {one.pk: one for one in _seen_vouchers(actor, who)}
    return [
        Shared(str(kind), value, number, [seen[pk] for pk in who[value] if pk in seen]) for value, number in top.items()
    ]


def _by_nature(kind: MarkKind) -> Callable[[tuple[str, int]], bool]:
    """Is the mark, given with its count, an address of a network that many share by its nature?"""
    if kind != MarkKind.ADDRESS:
        return lambda row: False
    networks = sign_terms().limits[SignKind.ADDRESS]["shared"]
    return lambda row: lies_within(row[0], networks)


def _seen_vouchers(actor: Actor, who: Mapping[str, list[int]]) -> QuerySet[Voucher]:
    return vouchers_visible_to(actor).filter(pk__in={pk for ids in who.values() for pk in ids})
