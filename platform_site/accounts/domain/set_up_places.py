"""Cities, counties and the standing bureaus; may be repeated, changes what differs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from platform_site.accounts.domain.organisations import Bureau, create_bureaus
from platform_site.accounts.enums import Kind
from platform_site.accounts.models import City, County, Organisation
from platform_site.accounts.queries import PROVINCE_AREA
from platform_site.kit.actor import Actor
from platform_site.kit.command import command

# County and city bureaus are called the same, which the reform of 2019 settled.
BUREAU = "工业和信息化局"
FINANCE = "财政局"
_PROVINCE = (
    Bureau(Kind.ALLIANCE, "广东省“上云上平台”省联盟", PROVINCE_AREA),
    Bureau(Kind.EXPERT, "广东省“上云上平台”专家库", PROVINCE_AREA),
)


@command
def set_up_places(*, cities: Iterable[Mapping[str, Any]], by: Actor, at: datetime) -> int:
    """`cities` as in fixtures/cities.yaml. Returns how many organisations were made.

    From the top down, level by level: whom a bureau answers to is there before it.
    """
    rows = list(cities)
    _set_up_areas(rows)
    made = _stand([(Bureau(Kind.PROVINCE, "广东省工业和信息化厅", PROVINCE_AREA), None)], by, at)
    province = Organisation.objects.get(kind=Kind.PROVINCE, area_code=PROVINCE_AREA)
    of_cities = [Bureau(Kind.CITY, f"{row['name']}{BUREAU}", row["code"]) for row in rows]
    made += _stand([(bureau, province) for bureau in (*_PROVINCE, *of_cities)], by, at)
    over = {bureau.area_code: bureau for bureau in Organisation.objects.filter(kind=Kind.CITY)}
    below = [(bureau, over[row["code"]]) for row in rows for bureau in _below_the_city(row)]
    return made + _stand(below, by, at)


def _set_up_areas(rows: list[Mapping[str, Any]]) -> None:
    cities = [
        City(
            code=row["code"],
            name=row["name"],
            short=row["short"],
            region_hint=row["region"],
            tile_col=row["tile"][0],
            tile_row=row["tile"][1],
            has_counties=bool(row.get("counties")),
        )
        for row in rows
    ]
    counties = [
        County(code=one["code"], name=one["name"], city_id=row["code"])
        for row in rows
        for one in row.get("counties") or []
    ]
    of_city = ["name", "short", "region_hint", "tile_col", "tile_row", "has_counties"]
    City.objects.bulk_create(cities, update_conflicts=True, unique_fields=["code"], update_fields=of_city)
    of_county = ["name", "city"]
    County.objects.bulk_create(counties, update_conflicts=True, unique_fields=["code"], update_fields=of_county)


def _below_the_city(row: Mapping[str, Any]) -> list[Bureau]:
    counties = [
        Bureau(Kind.COUNTY, f"{row['name']}{one['name']}{BUREAU}", one["code"]) for one in row.get("counties") or []
    ]
    return [Bureau(Kind.FINANCE, f"{row['name']}{FINANCE}", row["code"]), *counties]


def _stand(wanted: Sequence[tuple[Bureau, Organisation | None]], by: Actor, at: datetime) -> int:
    """Make those that are not there yet; gives how many."""
    areas = {bureau.area_code for bureau, _ in wanted}
    there = set(Organisation.objects.filter(area_code__in=areas).values_list("kind", "area_code"))
    missing = [(bureau, parent) for bureau, parent in wanted if (bureau.kind, bureau.area_code) not in there]
    return len(create_bureaus(rows=missing, by=by, at=at))
