"""Signs 4, 5 and 7: where the data come from, and whose machines they are."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address, ip_network

from monitoring.enums import SignKind
from monitoring.rules.ip_region import Region
from monitoring.rules.signs import DayFacts, Found, Limits, Stream, evidence, percent, score_of

_LINE = 64
_MARKS, _ZEROS = re.compile(r"[^0-9A-Z]+"), re.compile(r"(?<![0-9])0+(?=[0-9])")


@dataclass(frozen=True, slots=True)
class SharedMark:
    """An address or device that other enterprises have too. days: on which this voucher showed it."""

    value: str
    days: int
    enterprises: int
    vouchers: tuple[int, ...]
    first: date
    last: date


def line_of(address: str) -> str:
    """What one customer's line shows: an IPv4 address as it is; of IPv6 the network of 64 bits that operators give to a
    line, because machines behind it change the rest by themselves."""
    parsed = ip_address(address)
    return str(ip_network((parsed, _LINE), strict=False)) if parsed.version == 6 else address


def lies_within(line: str, networks: Iterable[str]) -> bool:
    """Is the line (`line_of`) part of one of them?"""
    own = ip_network(line)
    wider = (other for other in map(ip_network, networks) if other.prefixlen <= own.prefixlen)
    return any(own.network_address in other for other in wider)


def serial_of(device_id: str, length: int) -> str:
    """A serial number without marks and leading zeros, so that GD-001 and GD1 are one; "" where too short to tell."""
    plain = _MARKS.sub("", _ZEROS.sub("", _MARKS.sub("-", device_id.upper())))
    return plain if len(plain) >= length else ""


def find_address(shared: Iterable[SharedMark], seen_days: int, networks: Sequence[str], limits: Limits) -> Found | None:
    """`shared`: the voucher's lines (`line_of`) with the enterprises behind each; networks: shared by their nature."""
    needed = limits["share"] * max(seen_days, 1)
    found = [mark for mark in shared if mark.days >= needed and not lies_within(mark.value, networks)]
    most = max(found, key=lambda mark: mark.enterprises, default=None)
    score = score_of(most.enterprises, limits) if most else 0
    if most is None or not score:
        return None
    share = most.days / max(seen_days, 1)
    says = f"{most.value} 上有 {most.enterprises} 家企业的数据；这张券 {percent(share)} 的记录日来自这个地址。"
    return Found(
        SignKind.ADDRESS,
        score,
        evidence(
            says,
            days=[most.first, most.last],
            addresses=[mark.value for mark in found if score_of(mark.enterprises, limits)],
            vouchers=[voucher for mark in found for voucher in mark.vouchers],
            enterprises=most.enterprises,
            share=round(share, 3),
        ),
    )


def find_device(shared: Sequence[SharedMark], names: Mapping[str, str], listed: int, limits: Limits) -> Found | None:
    """`names`: how the voucher writes each shared device; listed: all its devices."""
    share = len(shared) / max(listed, 1)
    score = score_of(share, limits) if shared else 0
    if not score:
        return None
    first = shared[0]
    says = (
        f"登记的 {listed} 台设备中，{len(shared)} 台也登记在别的企业的券上，例如 "
        f"{names.get(first.value, first.value)}（写法不同的按同一台计）。"
    )
    return Found(
        SignKind.DEVICE,
        score,
        evidence(
            says,
            subjects=[names.get(mark.value, mark.value) for mark in shared],
            vouchers=[voucher for mark in shared for voucher in mark.vouchers],
            serials=[mark.value for mark in shared][:40],
            share=round(share, 3),
        ),
    )


def find_outside(
    stream: Stream, region_of: Callable[[str], Region], *, elsewhere_allowed: bool, limits: Limits
) -> Found | None:
    """Share of the days with a known place that have an address outside the province (S19/4.3)."""
    if elsewhere_allowed:
        return None
    places = {address: region_of(address) for day in stream.days for address in day.addresses}
    known = [day for day in stream.days if any(places[one] != Region.UNKNOWN for one in day.addresses)]
    away = [day for day in known if _is_away(day, places)]
    share = len(away) / max(len(known), 1)
    score = score_of(share, limits) if len(away) >= limits["min_days"] else 0
    if not score:
        return None
    addresses = [one for one, place in places.items() if place == Region.OUTSIDE]
    says = f"能判断地区的 {len(known)} 个记录日中，{len(away)} 个（{percent(share)}）来自省外地址。"
    return Found(
        SignKind.OUTSIDE,
        score,
        evidence(
            says,
            days=[day.day for day in away],
            subjects=[day.subject for day in away],
            addresses=addresses,
            share=round(share, 3),
        ),
    )


def _is_away(day: DayFacts, places: Mapping[str, Region]) -> bool:
    return any(places[address] == Region.OUTSIDE for address in day.addresses)
