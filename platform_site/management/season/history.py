"""Seasons that are over: 2019 and 2020, from the announcement to the closed period."""

from datetime import datetime, timedelta

from platform_site.management.season.periods import end_period, open_period
from platform_site.management.season.stage import SHANGHAI
from platform_site.management.season.story import Season, applications, redeem_all, review_all, settle_cities
from settlement.tasks import void
from vouchers.tasks import lapse

# year: code, title, clause of the windows, first application, first redemption, every which city takes part
HISTORY: dict[int, tuple[str, str, str, tuple[int, int], tuple[int, int, int], int]] = {
    2019: ("2019", "2019 年服务券", "S19/letter.3", (7, 15), (2020, 1, 6), 2),
    2020: ("2020", "2020 年服务券", "N20/1", (5, 25), (2020, 11, 23), 2),
}
WINDOWS: dict[int, tuple[tuple[int, int, int, int], ...]] = {
    2019: ((2019, 7, 10, 10), (2020, 1, 1, 0), (2019, 9, 2, 10), (2020, 4, 1, 0)),
    2020: ((2020, 5, 25, 10), (2020, 9, 30, 17), (2020, 10, 8, 10), (2021, 2, 8, 17)),
}


def play_history(season: Season, year: int) -> None:
    code, title, clause, first, redeem, stride = HISTORY[year]
    stage = season.stage
    first_day, last_day, redeem_from, redeem_to = (datetime(*moment, tzinfo=SHANGHAI) for moment in WINDOWS[year])
    stage.turn_to(first_day - timedelta(days=6))
    period = open_period(
        stage,
        season.offices,
        code=code,
        title=title,
        edition=code,
        windows=(first_day, last_day, redeem_from, redeem_to),
        clause=clause,
        short={},
    )
    stage.turn_to_day(year, *first, 10, 30)
    stories = applications(season, period, stride, offset=year)
    review_all(season, stories)
    stage.turn_to_day(*redeem, 9, 30)
    redeem_all(season, [story for story in stories if story.fate in ("paid", "dropped")])
    settle_cities(season, stories)
    stage.turn_to(redeem_to + timedelta(hours=1))
    lapse()
    void()
    end_period(stage, season.offices, period)
    season.say(f"{title}：{len(stories)} 件，办结")
