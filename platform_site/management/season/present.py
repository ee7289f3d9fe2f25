"""The period that is open today, under the rules of 2020: stories stop where somebody's desk is."""

from datetime import datetime, timedelta
from decimal import Decimal

from catalog.models import Period
from catalog.queries import catalog_of, published_edition
from platform_site.kit.yaml_files import read_yaml
from platform_site.management.season import redemptions as claims
from platform_site.management.season import reviews
from platform_site.management.season import suppliers as houses
from platform_site.management.season.cast import HOME_CITY
from platform_site.management.season.enterprises import (
    Deal,
    Factory,
    apply,
    approve_factory,
    found_factory,
    return_factory,
    strike_deal,
)
from platform_site.management.season.periods import open_period
from platform_site.management.season.stage import SHANGHAI
from platform_site.management.season.story import (
    SUPPLIERS,
    Season,
    Story,
    applications,
    current,
    judge,
    publish_lists,
    redeem_all,
    review_all,
)
from platform_site.notices.tasks import close_due
from platform_site.outbox.domain import deliver_all
from vouchers.enums import VoucherState


def play_present(season: Season, today: datetime) -> None:
    """A period under the rules of 2020 that is open now; the stories stop where their desks are."""
    stage, start = season.stage, today - timedelta(days=70)
    stage.turn_to(start - timedelta(days=8))
    limits = read_yaml(SUPPLIERS)["present"]["limits"].items()
    short = {
        house.supplier.pk: limit for house in season.houses for mark, limit in limits if mark in house.supplier.name
    }
    period = open_period(
        stage,
        season.offices,
        code=f"{today.year}",
        title=f"{today.year} 年服务券（按 2020 年规则）",
        edition="2020",
        windows=_windows(start, today),
        clause="N20/1",
        short=short,
    )
    stage.turn_to(start + timedelta(hours=26))
    early = applications(season, period, 2, offset=7)
    review_all(season, early)
    stage.turn_to(today - timedelta(days=46))
    ready = [story for story in early if story.fate == "paid" and story.fresh().state == VoucherState.ISSUED]
    redeem_all(season, ready)
    _settle_home_and_others(season, ready)
    _on_every_desk(season, period, today)
    season.say(f"{period.title}：申领中，各环节都有待办")


def _windows(start: datetime, today: datetime) -> tuple[datetime, datetime, datetime, datetime]:
    def at(day: datetime, hour: int) -> datetime:
        return day.astimezone(SHANGHAI).replace(hour=hour, minute=0, second=0, microsecond=0)

    return (
        at(start, 10),
        at(today + timedelta(days=75), 17),
        at(start + timedelta(days=7), 10),
        at(today + timedelta(days=200), 17),
    )


def _settle_home_and_others(season: Season, ready: list[Story]) -> None:
    """Half of the cities have paid; the home city's batch waits at the finance bureau."""
    stage = season.stage
    stage.wait(days=1)
    lists = publish_lists(season, ready)
    stage.wait(days=14)
    close_due()
    deliver_all(at=stage.now)
    for number, (office, listed) in enumerate(lists):
        if number % 3 == 2:
            continue
        batch = claims.build_and_sign(stage, office, listed, Decimal("3000000.00"))
        if office.city.code != HOME_CITY:
            claims.pay(stage, office, batch)


DESKS: tuple[tuple[str, int, int], ...] = (
    ("on_notice", 0, 4),
    ("approved", 6, 3),  # after the list above was made, else it would stand on it
    ("checked", 10, 6),
    ("monitored", 1, 5),
    ("short_of_devices", 0, 5),
    ("confirmed", 11, 5),
    ("submitted", 2, 4),
    ("claim_draft", 0, 9),
    ("issued", 3, 9),
    ("issued", 16, 9),
    ("returned", 4, 3),
    ("proposed", 12, 3),
    ("refusal_proposed", 5, 3),
    ("waiting", 8, 2),
    ("waiting", 9, 2),
    ("under_review", 7, 1),
    ("under_review", 13, 1),
    ("under_review", 14, 0),
)


def _on_every_desk(season: Season, period: Period, today: datetime) -> None:
    """In the home city one application stops at each desk: (where, product, days before today it was handed in)."""
    stage = season.stage
    plots = [_plot(season, fate, product, days, number) for number, (fate, product, days) in enumerate(DESKS)]
    for factory, deal, fate, days in sorted(plots, key=lambda plot: -plot[3]):
        stage.turn_to(max(stage.now + timedelta(minutes=2), today - timedelta(days=days, hours=6)))
        story = Story(factory, deal, apply(stage, factory, deal, period), fate)
        _walk(season, story)
    _newcomers(season, today)


def _plot(season: Season, fate: str, product: int, days: int, number: int) -> tuple[Factory, Deal, str, int]:
    factories = season.factories[HOME_CITY]
    if number >= len(factories) - 1:
        factory = found_factory(season.stage, season.office(HOME_CITY))
        approve_factory(season.stage, factory)
        factories.append(factory)
    factory = factories[0] if number < 3 else factories[number % len(factories)]
    house, offer = season.offer(product)
    scale = Decimal("0.5") if number < 3 else None
    return factory, strike_deal(season.stage, factory, house, offer, scale=scale), fate, days


ISSUED_FATES = (
    "on_notice",
    "approved",
    "checked",
    "monitored",
    "short_of_devices",
    "confirmed",
    "submitted",
    "claim_draft",
    "issued",
)
CONFIRMED_FATES = ISSUED_FATES[:6]
MEASURED_FATES = ISSUED_FATES[:5]


def _walk(season: Season, story: Story) -> None:
    """As far as its fate."""
    stage, factory, fate = season.stage, story.factory, story.fate
    voucher = story.fresh()
    stage.wait(minutes=20)
    if voucher.state != VoucherState.UNDER_REVIEW or fate in ("under_review", "waiting"):
        return
    if fate == "returned":
        reviews.send_back(stage, factory, voucher)
    elif fate in ("proposed", "refusal_proposed"):
        reviews.propose(stage, factory, voucher, approve=fate == "proposed")
    elif fate in ISSUED_FATES:
        reviews.decide(stage, factory, voucher)
        _walk_redemption(season, story)


def _walk_redemption(season: Season, story: Story) -> None:
    stage, fate = season.stage, story.fate
    if fate == "issued":
        return
    story.redemption = claims.claim(stage, story.factory, story.deal, story.fresh(), submit=fate != "claim_draft")
    if fate in CONFIRMED_FATES:
        claims.confirm(stage, story.deal, current(story))
    if fate in MEASURED_FATES:
        quiet = claims.spare(story.deal.devices or 0) * 2 // 3 if fate == "short_of_devices" else 0
        claims.send_telemetry(stage, story.voucher, quiet=quiet)
        judge(stage)
    if fate == "checked":
        claims.check(stage, story.factory.office, current(story))
    if fate in ("on_notice", "approved"):
        claims.approve(stage, story.factory.office, current(story))
    if fate == "on_notice":
        claims.publish_list(stage, story.factory.office, [current(story)])


def _newcomers(season: Season, today: datetime) -> None:
    """Companies that wait to be let in: suppliers, products and enterprises on the desks of city and province."""
    stage, offices = season.stage, season.offices
    data = read_yaml(SUPPLIERS)
    for row in data["newcomers"]:
        house = houses.register(stage, offices, row)
        if row["stop"] == "returned":
            houses.send_back(stage, offices, house, row["place"])
    version = catalog_of(published_edition("2020"))
    houses.submitted_product(stage, season.houses[1], data["present"]["product"], version)
    for number in range(3):
        factory = found_factory(stage, season.office(HOME_CITY))
        if number == 2:
            return_factory(stage, factory)
    stage.turn_to(max(stage.now, today - timedelta(minutes=30)))
    close_due()
    deliver_all(at=stage.now)
