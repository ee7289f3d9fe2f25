"""The offices: province, cities, finance bureaus, operator, auditor, and the people in them."""

from dataclasses import dataclass

from platform_site.accounts.domain import create_organisation
from platform_site.accounts.enums import Kind, Role
from platform_site.accounts.models import City
from platform_site.accounts.queries import bureau_of, cities, counties_of, finance_bureau_of, province_bureau
from platform_site.management.season.stage import Player, Stage

HOME_CITY = "440600"  # where the demo's sign-ins work


@dataclass(frozen=True, slots=True)
class CityOffice:
    """A city's two people, and the finance officer who pays."""

    city: City
    reviewer: Player
    approver: Player
    finance: Player
    counties: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Offices:
    """Everybody who works for the scheme."""

    officer: Player
    approver: Player
    auditor: Player
    operator: Player
    cities: dict[str, CityOffice]

    def city(self, code: str) -> CityOffice:
        return self.cities[code]

    @property
    def city_names(self) -> dict[str, str]:
        return {code: office.city.name for code, office in self.cities.items()}


def open_offices(stage: Stage) -> Offices:
    """People take up their posts; the standing organisations exist since the cities were loaded."""
    province = province_bureau()
    operator = create_organisation(
        kind=Kind.OPERATOR, name="粤通信服务（演示）有限公司", area_code="440000", by=stage.director, at=stage.now
    )
    return Offices(
        officer=stage.person(province, Role.PROVINCE_OFFICER, Role.BUREAU_ADMIN, username="province-officer"),
        approver=stage.person(province, Role.PROVINCE_APPROVER, username="province-approver"),
        auditor=stage.person(province, Role.AUDITOR, username="auditor"),
        operator=stage.person(operator, Role.OPERATOR_STAFF, username="operator"),
        cities={city.code: _open_city(stage, city) for city in cities()},
    )


def _open_city(stage: Stage, city: City) -> CityOffice:
    bureau, home = bureau_of(city.code), city.code == HOME_CITY
    return CityOffice(
        city=city,
        reviewer=stage.person(bureau, Role.CITY_REVIEWER, username="city-reviewer" if home else ""),
        approver=stage.person(bureau, Role.CITY_APPROVER, Role.BUREAU_ADMIN, username="city-approver" if home else ""),
        finance=stage.person(finance_bureau_of(city.code), Role.FINANCE_OFFICER, username="finance" if home else ""),
        counties=tuple((county.code, county.name) for county in counties_of(city.code)),
    )
