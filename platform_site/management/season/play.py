"""The plot: 2019 and 2020 as history, and a period that is open today with work on every desk."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from catalog.models import Period
from catalog.queries import catalog_of, published_edition
from monitoring.tasks import fold_batches, judge_all
from platform_site.kit import clock
from platform_site.management.season import redemptions as claims
from platform_site.management.season import reviews
from platform_site.management.season import suppliers as houses
from platform_site.management.season.cast import HOME_CITY, CityOffice, Offices, open_offices
from platform_site.management.season.enterprises import (
    Deal,
    Factory,
    apply,
    approve_factory,
    found_factory,
    return_factory,
    strike_deal,
)
from platform_site.management.season.periods import end_period, open_period
from platform_site.management.season.stage import SHANGHAI, Stage
from platform_site.management.season.suppliers import House, Offer
from platform_site.notices.tasks import close_due
from platform_site.outbox.domain import deliver_all
from settlement.models import NoticeList, Redemption
from settlement.tasks import note_verdicts, void
from vouchers.domain import give_up, withdraw
from vouchers.enums import VoucherState
from vouchers.models import Voucher

SUPPLIERS = Path(settings.BASE_DIR) / "fixtures" / "demo" / "suppliers.yaml"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """cities: how many cities beside the home city take part; each: applications per city and period."""

    cities: int
    each: int
    home: int


SIZES = {"small": Size(20, 1, 4), "medium": Size(20, 6, 24), "large": Size(20, 40, 160)}


@dataclass(slots=True)
class Story:
    """One application and what became of it."""

    factory: Factory
    deal: Deal
    voucher: Voucher
    fate: str
    redemption: Redemption | None = None

    def fresh(self) -> Voucher:
        """The voucher as it stands now, bound to the factory's present."""
        self.voucher = Voucher.objects.select_related("period", "enterprise", "product", "supplier").get(
            pk=self.voucher.pk
        )
        return self.voucher


@dataclass(slots=True)
class Season:
    """Everything the plot needs at hand."""

    stage: Stage
    offices: Offices
    houses: list[House]
    size: Size
    say: Say
    factories: dict[str, list[Factory]] = field(default_factory=dict)

    def office(self, code: str) -> CityOffice:
        return self.offices.city(code)

    def offer(self, number: int) -> tuple[House, Offer]:
        """The number-th listed product, counted round."""
        pairs = [(house, offer) for house in self.houses for offer in house.offers]
        return pairs[number % len(pairs)]


def play(*, seed: int, size: str, password: str, say: Say) -> None:
    """Play everything; the clock is back at zero afterwards, whatever happens."""
    today = datetime.now(SHANGHAI)
    stage = Stage(seed=seed, password=password)
    try:
        season = _set_up(stage, SIZES[size], say)
        _history(season, 2019)
        _history(season, 2020)
        _present(season, today)
    finally:
        clock.dial(timedelta(0))


def _set_up(stage: Stage, size: Size, say: Say) -> Season:
    stage.turn_to_day(2019, 6, 3)
    offices = open_offices(stage)
    say("人员到位")
    rows = yaml.safe_load(SUPPLIERS.read_text(encoding="utf-8"))
    season = Season(stage, offices, [], size, say)
    version = catalog_of(published_edition("2019"))
    for row in rows["suppliers"]:
        house = houses.register(stage, offices, row)
        houses.admit(stage, offices, house, row)
        houses.offer_products(stage, offices, house, row["products"], version)
        season.houses.append(house)
    for number, code in enumerate(_cities(season)):
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


def _cities(season: Season) -> list[str]:
    others = [code for code in season.offices.cities if code != HOME_CITY]
    return [HOME_CITY, *others[: season.size.cities]]


# -- history ---------------------------------------------------------------------------------------------------------------

HISTORY = {
    2019: ("2019", "2019 年服务券", "S19/letter.3", (7, 15), (2020, 1, 6), 2),
    2020: ("2020", "2020 年服务券", "N20/1", (5, 25), (2020, 10, 12), 1),
}
WINDOWS = {
    2019: ((2019, 7, 10, 10), (2020, 1, 1, 0), (2019, 9, 2, 10), (2020, 4, 1, 0)),
    2020: ((2020, 5, 25, 10), (2020, 9, 30, 17), (2020, 10, 8, 10), (2021, 2, 8, 17)),
}


def _history(season: Season, year: int) -> None:
    code, title, clause, first, redeem, stride = HISTORY[year]
    stage = season.stage
    windows = tuple(datetime(*moment, tzinfo=SHANGHAI) for moment in WINDOWS[year])
    stage.turn_to(windows[0] - timedelta(days=6))
    period = open_period(
        stage, season.offices, code=code, title=title, edition=code, windows=windows, clause=clause, short={}
    )  # type: ignore[arg-type]
    stage.turn_to_day(year, *first, 10, 30)
    stories = _applications(season, period, stride, offset=year)
    _review_all(season, stories)
    stage.turn_to_day(*redeem, 9, 30)
    _redeem_all(season, [story for story in stories if story.fate in ("paid", "dropped")])
    _settle_cities(season, stories)
    stage.turn_to(windows[3] + timedelta(hours=1))
    void()
    end_period(stage, season.offices, period)
    season.say(f"{title}：{len(stories)} 件，办结")


FATES = ("paid", "paid", "paid", "refused", "paid", "withdrawn", "paid", "expired", "paid", "given_up")


def _applications(season: Season, period: Period, stride: int, *, offset: int) -> list[Story]:
    """One or more per city; 2020 leaves Shenzhen out (N20/2)."""
    stories = []
    for place, code in enumerate(_cities(season)):
        if code == "440300" and period.edition.code == "2020":
            continue
        factories = season.factories[code]
        count = season.size.home if code == HOME_CITY else season.size.each
        if code != HOME_CITY and place % stride and season.size.each == 1:
            continue
        for index in range(count):
            factory = factories[index % len(factories)]
            deal = strike_deal(season.stage, factory, *season.offer(place * 3 + index + offset))
            fate = FATES[(place + index) % len(FATES)]
            stories.append(Story(factory, deal, apply(season.stage, factory, deal, period), fate))
            season.stage.wait(minutes=3)
    return stories


def _review_all(season: Season, stories: list[Story]) -> None:
    stage = season.stage
    stage.wait(days=1)
    for story in stories:
        voucher = story.fresh()
        if story.fate == "withdrawn":
            withdraw(voucher=voucher, reason="改用别的产品", by=story.factory.staff.actor, at=stage.now)
        elif voucher.state == VoucherState.UNDER_REVIEW:
            reviews.decide(stage, story.factory, voucher, approve=story.fate != "refused")
            if story.fate == "given_up":
                give_up(voucher=story.fresh(), reason="项目调整", by=story.factory.staff.actor, at=stage.now)


def _redeem_all(season: Season, stories: list[Story]) -> None:
    """Claims, confirmations, a month of data, verdicts, approvals."""
    stage = season.stage
    claimed = [story for story in stories if story.fresh().state == VoucherState.ISSUED]
    for story in claimed:
        story.redemption = claims.claim(stage, story.factory, story.deal, story.voucher)
        stage.wait(minutes=5)
    stage.wait(days=1)
    for story in claimed:
        claims.confirm(stage, story.deal, _now(story))
        claims.send_telemetry(stage, story.voucher)
    judge(stage)
    stage.wait(hours=20)
    for story in claimed:
        claims.approve(stage, story.factory.office, _now(story))


def judge(stage: Stage) -> None:
    """What the scheduled jobs do in an hour: fold, judge, pass on, tell."""
    fold_batches()
    judge_all()
    note_verdicts()
    deliver_all(at=stage.now)


def _now(story: Story) -> Redemption:
    if story.redemption is None:
        raise LookupError(f"{story.voucher} was not claimed")
    return Redemption.objects.select_related("voucher", "period", "city").get(pk=story.redemption.pk)


def _settle_cities(season: Season, stories: list[Story]) -> None:
    """Each city publishes its list; after the notice it pays."""
    stage = season.stage
    stage.wait(days=1)
    lists = _publish_lists(season, stories)
    stage.wait(days=12)
    close_due()
    deliver_all(at=stage.now)
    for office, listed in lists:
        batch = claims.build_and_sign(stage, office, listed, Decimal("3000000.00"))
        claims.pay(stage, office, batch)


def _publish_lists(season: Season, stories: list[Story]) -> list[tuple[CityOffice, NoticeList]]:
    by_city: dict[str, list[Redemption]] = {}
    for story in stories:
        if story.redemption is not None:
            by_city.setdefault(story.factory.office.city.code, []).append(_now(story))
    return [
        (season.office(code), claims.publish_list(season.stage, season.office(code), rows))
        for code, rows in by_city.items()
    ]


# -- the present -----------------------------------------------------------------------------------------------------------


def _present(season: Season, today: datetime) -> None:
    """A period under the rules of 2020 that is open now; the stories stop where their desks are."""
    stage, start = season.stage, today - timedelta(days=70)
    stage.turn_to(start - timedelta(days=8))
    short = {house.supplier.pk: 90_000 for house in season.houses if house.supplier.name.startswith("映潮")}
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
    early = _applications(season, period, 2, offset=7)
    _review_all(season, early)
    stage.turn_to(today - timedelta(days=46))
    ready = [story for story in early if story.fate == "paid" and story.fresh().state == VoucherState.ISSUED]
    _redeem_all(season, ready)
    _settle_home_and_others(season, ready)
    _on_every_desk(season, period, today)
    season.say(f"{period.title}：申领中，各环节都有待办")


def _windows(start: datetime, today: datetime) -> tuple[datetime, datetime, datetime, datetime]:
    def at(day: datetime, hour: int) -> datetime:
        return day.astimezone(SHANGHAI).replace(hour=hour, minute=0, second=0, microsecond=0)

    return (at(start, 10), at(today + timedelta(days=75), 17), at(start + timedelta(days=7), 10), at(today + timedelta(days=200), 17))


def _settle_home_and_others(season: Season, ready: list[Story]) -> None:
    """Half of the cities have paid; the home city's batch waits at the finance bureau."""
    stage = season.stage
    stage.wait(days=1)
    lists = _publish_lists(season, ready)
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
    ("on_notice", 0, 12),
    ("approved", 6, 8),
    ("checked", 8, 6),
    ("monitored", 1, 5),
    ("short_of_devices", 0, 5),
    ("confirmed", 11, 5),
    ("submitted", 2, 4),
    ("claim_draft", 0, 9),
    ("issued", 3, 9),
    ("issued", 9, 9),
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


ISSUED_FATES = ("on_notice", "approved", "checked", "monitored", "short_of_devices", "confirmed", "submitted", "claim_draft", "issued")
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
        claims.confirm(stage, story.deal, _now(story))
    if fate in MEASURED_FATES:
        quiet = claims.spare(story.deal.devices or 0) * 2 // 3 if fate == "short_of_devices" else 0
        claims.send_telemetry(stage, story.voucher, quiet=quiet)
        judge(stage)
    if fate == "checked":
        claims.check(stage, story.factory.office, _now(story))
    if fate in ("on_notice", "approved"):
        claims.approve(stage, story.factory.office, _now(story))
    if fate == "on_notice":
        claims.publish_list(stage, story.factory.office, [_now(story)])


def _newcomers(season: Season, today: datetime) -> None:
    """Companies that wait to be let in: suppliers, products and enterprises on the desks of city and province."""
    stage, offices = season.stage, season.offices
    rows: list[dict[str, Any]] = yaml.safe_load(SUPPLIERS.read_text(encoding="utf-8"))["newcomers"]
    for row in rows:
        house = houses.register(stage, offices, row)
        if row["stop"] == "returned":
            houses.send_back(stage, offices, house, row["place"])
    version = catalog_of(published_edition("2020"))
    product = {"name": "拓壤现场看板", "item": 11, "class": "B", "price": 40000}
    houses.submitted_product(stage, season.houses[1], product, version)
    for number in range(3):
        factory = found_factory(stage, season.office(HOME_CITY))
        if number == 2:
            return_factory(stage, factory)
    stage.turn_to(max(stage.now, today - timedelta(minutes=30)))
    close_due()
    deliver_all(at=stage.now)

