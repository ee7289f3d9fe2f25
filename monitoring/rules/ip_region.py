"""Where an address lies: in Guangdong, outside, or unknown. A risk signal with its date, never a block (S19/4.3)."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from ipaddress import ip_address, ip_network
from itertools import pairwise


class Region(StrEnum):
    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RegionTable:
    """Ranges that do not overlap, sorted; addresses in none of them are unknown. as_of: date of the table."""

    starts: tuple[tuple[int, int], ...]
    ends: tuple[int, ...]
    regions: tuple[Region, ...]
    as_of: date | None

    def region_of(self, address: str) -> Region:
        try:
            parsed = ip_address(address)
        except ValueError:
            return Region.UNKNOWN
        place = bisect_right(self.starts, (parsed.version, int(parsed))) - 1
        if place < 0 or self.starts[place][0] != parsed.version or int(parsed) > self.ends[place]:
            return Region.UNKNOWN
        return self.regions[place]


def table_from_rows(rows: Iterable[Mapping[str, str]]) -> RegionTable:
    """Rows with `network`, `region` (inside, outside) and `as_of`. Raises ValueError when two ranges overlap."""
    ranges, dates = [], []
    for row in rows:
        network = ip_network(row["network"])
        low, high = int(network.network_address), int(network.broadcast_address)
        ranges.append(((network.version, low), high, Region(row["region"])))
        dates.append(date.fromisoformat(row["as_of"]))
    ranges.sort()
    for (before, end, _), (after, _, _) in pairwise(ranges):
        if before[0] == after[0] and after[1] <= end:
            raise ValueError(f"ranges overlap at {ip_address(after[1])}")
    starts, ends, regions = zip(*ranges, strict=True) if ranges else ((), (), ())
    return RegionTable(starts=starts, ends=ends, regions=regions, as_of=min(dates, default=None))


def count_regions(addresses: Iterable[tuple[Iterable[str], int]], table: RegionTable) -> dict[Region, int]:
    """Subject-days by region: a day with any address outside is outside, else inside if any is known, else unknown.
    Given as (addresses of a day, how many days have them): a factory has few addresses and thousands of days."""
    counts = dict.fromkeys(Region, 0)
    for seen, days in addresses:
        counts[_of_day({table.region_of(address) for address in seen})] += days
    return counts


def _of_day(seen: set[Region]) -> Region:
    if Region.OUTSIDE in seen:
        return Region.OUTSIDE
    return Region.INSIDE if Region.INSIDE in seen else Region.UNKNOWN
