"""All nine rules in one pass over a voucher's facts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from monitoring.enums import SignKind
from monitoring.rules.ip_region import Region
from monitoring.rules.signs import Found, SignTerms, Stream
from monitoring.rules.signs_copied import Twin, find_copied
from monitoring.rules.signs_course import Arrival, BothSaw, find_backfill, find_contradicted, find_stopped
from monitoring.rules.signs_places import SharedMark, find_address, find_device, find_outside
from monitoring.rules.signs_rhythm import find_regular, find_shapeless


@dataclass(frozen=True, slots=True)
class SignCase:
    """One voucher. item: of the catalog; min_minutes, elsewhere_allowed: of its scheme; paid_on: None while not paid;
    today: Shanghai day of looking; names: how it writes its devices, by serial number."""

    item: int
    min_minutes: int
    elsewhere_allowed: bool
    today: date
    stream: Stream
    paid_on: date | None = None
    both: Sequence[BothSaw] = ()
    arrivals: Sequence[Arrival] = ()
    twins: Sequence[Twin] = ()
    printed: int = 0
    addresses: Sequence[SharedMark] = ()
    devices: Sequence[SharedMark] = ()
    names: dict[str, str] | None = None
    listed: int = 0


def find_signs(case: SignCase, terms: SignTerms, region_of: Callable[[str], Region]) -> list[Found]:
    """The signs there are, in the order of their kinds."""
    limits, stream = terms.limits, case.stream
    address, outside = limits[SignKind.ADDRESS], limits[SignKind.OUTSIDE]
    elsewhere = case.elsewhere_allowed
    found = [
        find_copied(case.twins, case.printed, limits[SignKind.COPIED]),
        find_regular(stream, limits[SignKind.REGULAR]),
        find_shapeless(stream, case.item, limits[SignKind.SHAPELESS]),
        find_address(case.addresses, len(stream.days), address["shared"], address),
        find_device(case.devices, case.names or {}, case.listed, limits[SignKind.DEVICE]),
        find_backfill(case.arrivals, limits[SignKind.BACKFILL]),
        find_outside(stream, region_of, elsewhere_allowed=elsewhere, limits=outside),
        find_stopped(stream, case.paid_on, case.today, limits[SignKind.STOPPED]),
        find_contradicted(case.both, case.min_minutes, limits[SignKind.CONTRADICTED]),
    ]
    return [one for one in found if one is not None]
