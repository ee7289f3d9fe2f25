"""Cities, counties and the bureaus responsible for them."""

from django.db.models import Q, QuerySet

from platform_site.accounts.enums import (
    COMPANIES,
    Kind,
)
from platform_site.accounts.models import City, County, Organisation
from platform_site.kit.compiled import Compiled, given

PROVINCE_AREA = "440000"
_BUREAUS_OVER = Compiled(
    lambda: Organisation.objects.filter(
        Q(kind=Kind.CITY, area_code=given("city")) | Q(kind=Kind.COUNTY, area_code=given("county"))
    ).only("pk")
)


def cities() -> QuerySet[City]:
    """All 21, by code."""
    return City.objects.all()


def counties_of(city_code: str) -> QuerySet[County]:
    return County.objects.filter(city_id=city_code)


def city_of(area_code: str) -> str:
    """The city's code of a city or county code; "" for "" and for the province."""
    return "" if not area_code or area_code == PROVINCE_AREA else f"{area_code[:4]}00"


def bureau_of(city_code: str) -> Organisation:
    """The city's 工业和信息化局. Raises Organisation.DoesNotExist for a code that is no city of Guangdong."""
    return Organisation.objects.get(kind=Kind.CITY, area_code=city_code)


def bureau_at(kind: str, area_code: str) -> Organisation | None:
    """The official body of this kind and area, None where there is none."""
    found = Organisation.objects.filter(kind=kind, area_code=area_code).exclude(kind__in=sorted(COMPANIES))
    return found.order_by("pk").first()


def county_bureau_of(county_code: str) -> Organisation | None:
    """The county's bureau; None where there is none (Dongguan, Zhongshan)."""
    return Organisation.objects.filter(kind=Kind.COUNTY, area_code=county_code).first()


def bureaus_over(city_code: str, county_code: str | None) -> list[int]:
    """Ids of the bureaus of a city and of one of its counties, one query; Dongguan and Zhongshan have no counties."""
    return [one.pk for one in _BUREAUS_OVER.rows(city=city_code, county=county_code)]


def finance_bureau_of(city_code: str) -> Organisation:
    return Organisation.objects.get(kind=Kind.FINANCE, area_code=city_code)


def province_bureau() -> Organisation:
    """省工业和信息化厅."""
    return Organisation.objects.get(kind=Kind.PROVINCE, area_code=PROVINCE_AREA)


def alliance() -> Organisation:
    """省联盟."""
    return Organisation.objects.filter(kind=Kind.ALLIANCE).order_by("pk")[0]


def responsible_bureau(organisation: Organisation) -> Organisation:
    """Whose officials help: a company's city bureau; from outside the province, and for bureaus, the province."""
    city = city_of(organisation.area_code)
    if organisation.is_company and city:
        return bureau_of(city)
    return province_bureau()
