"""A small cast for the platform under test, on the stage of the demo season: one period, work on every desk of Foshan.

python -m tests.browser.cast
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import django

from platform_site.kit.yaml_files import read_yaml

django.setup()  # the platform's own settings: this runs beside it, in a process of its own


from catalog.models import CatalogVersion, Period  # noqa: E402
from catalog.queries import catalog_of, published_edition  # noqa: E402
from platform_site.kit import clock  # noqa: E402
from platform_site.management.commands.play_season import demo_password  # noqa: E402
from platform_site.management.season import redemptions, reviews, story, suppliers  # noqa: E402
from platform_site.management.season.cast import HOME_CITY, CityOffice, Offices, open_offices  # noqa: E402
from platform_site.management.season.enterprises import (  # noqa: E402
    Deal,
    Factory,
    apply,
    approve_factory,
    found_factory,
    strike_deal,
)
from platform_site.management.season.periods import open_period  # noqa: E402
from platform_site.management.season.stage import SHANGHAI, Stage  # noqa: E402
from platform_site.management.season.suppliers import House  # noqa: E402
from platform_site.notices.tasks import close_due  # noqa: E402
from platform_site.outbox.domain import deliver_all  # noqa: E402
from settlement.models import Redemption  # noqa: E402
from vouchers.models import Voucher  # noqa: E402

DAYS = 75


def main() -> None:
    stage = Stage(seed=2020, password=demo_password())
    try:
        _play(stage, datetime.now(SHANGHAI))
    finally:
        clock.dial(timedelta(0))


def _play(stage: Stage, today: datetime) -> None:
    stage.turn_to(today - timedelta(days=DAYS + 10))
    offices, version = open_offices(stage), catalog_of(published_edition("2020"))
    rows = read_yaml(story.SUPPLIERS)
    houses = [_house(stage, offices, row, version) for row in rows["suppliers"][:2]]
    period = _period(stage, offices, today)
    office = offices.city(HOME_CITY)
    factories = [_factory(stage, office, "enterprise" if number == 0 else "") for number in range(4)]
    found_factory(stage, office)
    stage.turn_to(today - timedelta(days=DAYS - 4))
    first = _voucher(stage, factories[0], houses[0], 0, period, issued=True)
    stage.turn_to(today - timedelta(days=50))
    paying = _approved(stage, factories[0], *first)
    listed = redemptions.publish_list(stage, office, [paying])
    stage.wait(days=12)
    close_due()
    deliver_all(at=stage.now)
    redemptions.build_and_sign(stage, office, listed, Decimal("1000000.00"))
    stage.turn_to(today - timedelta(days=6))
    _desks(stage, office, factories, houses, period)
    _newcomers(stage, offices, rows["newcomers"])


def _house(stage: Stage, offices: Offices, row: dict[str, Any], version: CatalogVersion) -> House:
    house = suppliers.register(stage, offices, row)
    suppliers.admit(stage, offices, house, row)
    suppliers.offer_products(stage, offices, house, row["products"], version)
    return house


def _period(stage: Stage, offices: Offices, today: datetime) -> Period:
    start = today - timedelta(days=DAYS)
    ends = (start, today + timedelta(days=75), start + timedelta(days=7), today + timedelta(days=200))
    return open_period(
        stage,
        offices,
        code=f"{today.year}",
        title=f"{today.year} 年服务券（按 2020 年规则）",
        edition="2020",
        windows=ends,
        clause="N20/1",
        short={},
    )


def _factory(stage: Stage, office: CityOffice, login: str) -> Factory:
    factory = found_factory(stage, office, username=login)
    approve_factory(stage, factory)
    return factory


def _voucher(
    stage: Stage, factory: Factory, house: House, product: int, period: Period, *, issued: bool
) -> tuple[Deal, Voucher]:
    deal = strike_deal(stage, factory, house, house.offers[product], scale=Decimal("0.5"))
    voucher = _fresh(apply(stage, factory, deal, period))
    stage.wait(minutes=10)
    if issued:
        reviews.decide(stage, factory, voucher)
    return deal, _fresh(voucher)


def _fresh(voucher: Voucher) -> Voucher:
    return Voucher.objects.select_related("period", "enterprise", "product", "supplier").get(pk=voucher.pk)


def _now(redemption: Redemption) -> Redemption:
    return Redemption.objects.select_related("voucher", "period", "city").get(pk=redemption.pk)


def _measured(stage: Stage, factory: Factory, deal: Deal, voucher: Voucher) -> Redemption:
    redemption = redemptions.claim(stage, factory, deal, voucher)
    redemptions.confirm(stage, deal, _now(redemption))
    redemptions.send_telemetry(stage, voucher)
    story.judge(stage)
    return _now(redemption)


def _approved(stage: Stage, factory: Factory, deal: Deal, voucher: Voucher) -> Redemption:
    redemption = _measured(stage, factory, deal, voucher)
    redemptions.approve(stage, factory.office, redemption)
    return _now(redemption)


def _desks(stage: Stage, office: CityOffice, factories: list[Factory], houses: list[House], period: Period) -> None:
    """One on notice, one to check, one to confirm, one still a draft, one issued, and applications at each stage."""
    hengmu, tuorang = houses
    deal, voucher = _voucher(stage, factories[1], hengmu, 0, period, issued=True)
    redemptions.publish_list(stage, office, [_approved(stage, factories[1], deal, voucher)])
    _measured(stage, factories[2], *_voucher(stage, factories[2], hengmu, 0, period, issued=True))
    redemptions.claim(stage, factories[0], *_voucher(stage, factories[0], hengmu, 1, period, issued=True))
    draft = _voucher(stage, factories[0], tuorang, 0, period, issued=True)
    redemptions.claim(stage, factories[0], *draft, submit=False)
    _voucher(stage, factories[1], tuorang, 1, period, issued=True)
    _, proposed = _voucher(stage, factories[2], tuorang, 1, period, issued=False)
    reviews.propose(stage, factories[2], proposed)
    _, returned = _voucher(stage, factories[3], hengmu, 1, period, issued=False)
    reviews.send_back(stage, factories[3], returned)
    _voucher(stage, factories[3], tuorang, 0, period, issued=False)


def _newcomers(stage: Stage, offices: Offices, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        house = suppliers.register(stage, offices, row)
        if row["stop"] == "returned":
            suppliers.send_back(stage, offices, house, row["place"])


if __name__ == "__main__":
    main()
