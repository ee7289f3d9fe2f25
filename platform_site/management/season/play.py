"""The plot: 2019 and 2020 as history, and a period that is open today with work on every desk."""

from datetime import datetime, timedelta

from catalog.queries import catalog_of, published_edition
from platform_site.kit import clock
from platform_site.kit.yaml_files import read_yaml
from platform_site.management.season import suppliers as houses
from platform_site.management.season.cast import HOME_CITY, open_offices
from platform_site.management.season.enterprises import approve_factory, found_factory
from platform_site.management.season.history import play_history
from platform_site.management.season.present import play_present
from platform_site.management.season.stage import SHANGHAI, Stage
from platform_site.management.season.story import SIZES, SUPPLIERS, Say, Season, Size, cities_of

__all__ = ["SIZES", "play"]


def play(*, seed: int, size: str, password: str, say: Say) -> None:
    """Play everything; the clock is back at zero afterwards, whatever happens."""
    today = datetime.now(SHANGHAI)
    stage = Stage(seed=seed, password=password)
    try:
        season = _set_up(stage, SIZES[size], say)
        play_history(season, 2019)
        play_history(season, 2020)
        play_present(season, today)
    finally:
        clock.dial(timedelta(0))


def _set_up(stage: Stage, size: Size, say: Say) -> Season:
    stage.turn_to_day(2019, 6, 3)
    offices = open_offices(stage)
    say("人员到位")
    rows = read_yaml(SUPPLIERS)
    season = Season(stage, offices, [], size, say)
    version = catalog_of(published_edition("2019"))
    for row in rows["suppliers"]:
        house = houses.register(stage, offices, row)
        houses.admit(stage, offices, house, row)
        houses.offer_products(stage, offices, house, row["products"], version)
        season.houses.append(house)
    for number, code in enumerate(cities_of(season)):
        count = season.size.home if code == HOME_CITY else max(1, season.size.each // 2)
        login = "enterprise" if code == HOME_CITY else ""
        season.factories[code] = [
            found_factory(stage, season.office(code), username=login if index == 0 else "") for index in range(count)
        ]
        for factory in season.factories[code]:
            approve_factory(stage, factory)
        stage.wait(minutes=number)
    say("供应商和产品上架，企业登记")
    return season
