"""What the plots share: the season's people, one application's story, and the steps a city walks with it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from catalog.models import Period
from monitoring.enums import Outcome
from monitoring.tasks import fold_batches, judge_all
from platform_site.management.season import redemptions as claims
from platform_site.management.season import reviews
from platform_site.management.season.cast import HOME_CITY, CityOffice, Offices
from platform_site.management.season.enterprises import Deal, Factory, apply, strike_deal
from platform_site.management.season.stage import Stage
from platform_site.management.season.suppliers import House, Offer
from platform_site.notices.tasks import close_due
from platform_site.outbox.domain import deliver_all
from settlement.enums import RedemptionState
from settlement.models import NoticeList, Redemption
from settlement.queries.redemptions import redemption_for_work
from settlement.tasks import note_verdicts
from vouchers.domain import give_up, withdraw
from vouchers.enums import VoucherState
from vouchers.models import Voucher
from vouchers.queries import vouchers_visible_to

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
        self.voucher = vouchers_visible_to(self.factory.staff.actor).get(pk=self.voucher.pk)
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


def cities_of(season: Season) -> list[str]:
    others = [code for code in season.offices.cities if code != HOME_CITY]
    return [HOME_CITY, *others[: season.size.cities]]


SHENZHEN = "440300"
FATES = ("paid", "paid", "paid", "refused", "paid", "withdrawn", "paid", "expired", "paid", "given_up")


def applications(season: Season, period: Period, stride: int, *, offset: int) -> list[Story]:
    """One or more per city; 2020 leaves Shenzhen out (N20/2)."""
    stories = []
    for place, code in enumerate(cities_of(season)):
        if code == SHENZHEN and period.edition.code == "2020":
            continue
        factories = season.factories[code]
        count = season.size.home if code == HOME_CITY else season.size.each
        if code not in (HOME_CITY, SHENZHEN) and (place + offset) % stride and season.size.each == 1:
            continue
        for index in range(count):
            factory = factories[index % len(factories)]
            deal = strike_deal(season.stage, factory, *season.offer(place * 3 + index + offset))
            fate = FATES[(place + index) % len(FATES)]
            stories.append(Story(factory, deal, apply(season.stage, factory, deal, period), fate))
            season.stage.wait(minutes=3)
    return stories


def review_all(season: Season, stories: list[Story]) -> None:
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


def redeem_all(season: Season, stories: list[Story]) -> None:
    """Claims, confirmations, a month of data, verdicts, approvals."""
    stage = season.stage
    claimed = [story for story in stories if story.fresh().state == VoucherState.ISSUED]
    for story in claimed:
        story.redemption = claims.claim(stage, story.factory, story.deal, story.voucher)
        stage.wait(minutes=5)
    stage.wait(days=1)
    for story in claimed:
        claims.confirm(stage, story.deal, current(story))
        claims.send_telemetry(stage, story.voucher)
    judge(stage)
    stage.wait(hours=20)
    for story in claimed:
        _decide_claim(stage, story)


def _decide_claim(stage: Stage, story: Story) -> None:
    """Approved where adoption is proven; else the story ends here."""
    redemption = current(story)
    if redemption.state != RedemptionState.MONITORED:
        story.redemption = None
    elif redemption.verdict is not None and redemption.verdict.outcome == Outcome.PASSED:
        claims.approve(stage, story.factory.office, redemption)
    else:
        claims.refuse_unused(stage, story.factory.office, redemption)
        story.redemption = None


def judge(stage: Stage) -> None:
    """What the scheduled jobs do in an hour: fold, judge, pass on, tell."""
    fold_batches()
    judge_all()
    note_verdicts()
    deliver_all(at=stage.now)


def current(story: Story) -> Redemption:
    if story.redemption is None:
        raise LookupError(f"{story.voucher} was not claimed")
    return redemption_for_work(story.redemption.pk)


def settle_cities(season: Season, stories: list[Story]) -> None:
    """Each city publishes its list; after the notice it pays."""
    stage = season.stage
    stage.wait(days=1)
    lists = publish_lists(season, stories)
    stage.wait(days=12)
    close_due()
    deliver_all(at=stage.now)
    for office, listed in lists:
        batch = claims.build_and_sign(stage, office, listed, Decimal("3000000.00"))
        claims.pay(stage, office, batch)


def publish_lists(season: Season, stories: list[Story]) -> list[tuple[CityOffice, NoticeList]]:
    by_city: dict[str, list[Redemption]] = {}
    for story in stories:
        if story.redemption is not None:
            by_city.setdefault(story.factory.office.city.code, []).append(current(story))
    return [
        (season.office(code), claims.publish_list(season.stage, season.office(code), rows))
        for code, rows in by_city.items()
    ]
