"""Cities, counties and the standing bureaus; may be repeated, changes what differs."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from platform_site.accounts.domain.organisations import create_organisation
from platform_site.accounts.enums import Kind
from platform_site.accounts.models import City, County, Organisation
from platform_site.accounts.queries import PROVINCE_AREA
from platform_site.kit.actor import Actor
from platform_site.kit.command import command

# County and city bureaus are called the same, which the reform of 2019 settled.
BUREAU = "工业和信息化局"
FINANCE = "财政局"


@command
def set_up_places(*, cities: Iterable[Mapping[str, Any]], by: Actor, at: datetime) -> int:
    """`cities` as in fixtures/cities.yaml. Returns how many organisations were made."""
    before = Organisation.objects.count()
    province = _standing(Kind.PROVINCE, "广东省工业和信息化厅", PROVINCE_AREA, None, by, at)
    _standing(Kind.ALLIANCE, "广东省“上云上平台”省联盟", PROVINCE_AREA, province, by, at)
    _standing(Kind.EXPERT, "广东省“上云上平台”专家库", PROVINCE_AREA, province, by, at)
    for row in cities:
        _set_up_city(row, province, by, at)
    return Organisation.objects.count() - before


def _set_up_city(row: Mapping[str, Any], province: Organisation, by: Actor, at: datetime) -> None:
    counties = row.get("counties") or []
    column, line = row["tile"]
    values = {
        "name": row["name"],
        "short": row["short"],
        "region_hint": row["region"],
        "tile_col": column,
        "tile_row": line,
        "has_counties": bool(counties),
    }
    city, _ = City.objects.update_or_create(code=row["code"], defaults=values)
    bureau = _standing(Kind.CITY, f"{city.name}{BUREAU}", city.code, province, by, at)
    _standing(Kind.FINANCE, f"{city.name}{FINANCE}", city.code, bureau, by, at)
    for one in counties:
        County.objects.update_or_create(code=one["code"], defaults={"name": one["name"], "city": city})
        _standing(Kind.COUNTY, f"{city.name}{one['name']}{BUREAU}", one["code"], bureau, by, at)


def _standing(
    kind: str, name: str, area_code: str, parent: Organisation | None, by: Actor, at: datetime
) -> Organisation:
    found = Organisation.objects.filter(kind=kind, area_code=area_code).first()
    return found or create_organisation(kind=kind, name=name, area_code=area_code, parent=parent, by=by, at=at)
