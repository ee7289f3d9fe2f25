"""Periods of the season: drafted, signed, announced, with quota for cities and suppliers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from catalog.domain import close_period, draft_period, publish_period, sign_period
from catalog.models import Period
from catalog.queries import catalog_of, period_by_code, published_edition, terms_of_period
from platform_site.management.season.cast import Offices
from platform_site.management.season.stage import Stage
from platform_site.notices.domain import announce
from vouchers.domain import drain_queue, initial_supplier_lines, plan_quota, sign_plan

CITY_QUOTAS = (120_000, 200_000, 320_000, 480_000)
HOME_QUOTA = 1_600_000
SUPPLIER_QUOTA = 5_000_000  # where the edition names no initial limit (2019)


def open_period(
    stage: Stage,
    offices: Offices,
    *,
    code: str,
    title: str,
    edition: str,
    windows: tuple[datetime, datetime, datetime, datetime],
    clause: str,
    short: Mapping[int, int],
) -> Period:
    """Two people make it public, then grant the quota. `short`: supplier id → a smaller limit, so that some wait."""
    chosen = published_edition(edition)
    period = draft_period(
        edition=chosen,
        catalog_version=catalog_of(chosen),
        code=code,
        title=title,
        apply_from=windows[0],
        apply_to=windows[1],
        redeem_from=windows[2],
        redeem_to=windows[3],
        clause=clause,
        assumptions_confirmed=True,
        by=offices.officer.actor,
        at=stage.now,
    )
    stage.wait(hours=1)
    sign_period(period=period, by=offices.approver.actor, at=stage.now)
    period = publish_period(period=period, by=offices.officer.actor, at=stage.now)
    _announce(stage, offices, period)
    _grant(stage, offices, period, short)
    return period


def _announce(stage: Stage, offices: Offices, period: Period) -> None:
    opening = f"{period.apply_from.astimezone():%Y-%m-%d %H:%M}"
    announce(
        title=f"{period.title}将于 {opening} 开始申领",
        body=f"申领从 {opening} 开始，先到先得，以服务器时间为准。请提前填好企业信息，备好合同。",
        kind="notice",
        period_code=period.code,
        by=offices.officer.actor,
        at=stage.now,
    )


def _grant(stage: Stage, offices: Offices, period: Period, short: Mapping[int, int]) -> None:
    excluded = set(terms_of_period(period).excluded_cities)
    lines = [
        (f"city:{code}", Decimal(HOME_QUOTA if code == "440600" else stage.dice.choice(CITY_QUOTAS)))
        for code in offices.cities
        if code not in excluded
    ]
    lines += [
        (dimension, Decimal(short.get(int(dimension.removeprefix("supplier:")), limit or SUPPLIER_QUOTA)))
        for dimension, limit in initial_supplier_lines(period)
    ]
    plan = plan_quota(
        period=period,
        title=f"{period.title}首批额度",
        reason="按工业产值、企业数量和上期进度分配到市；供应商按类别给初始限额",
        lines=lines,
        by=offices.officer.actor,
        at=stage.now,
    )
    stage.wait(minutes=30)
    sign_plan(plan=plan, by=offices.approver.actor, at=stage.now)
    stage.wait(minutes=1)
    drain_queue(period_id=period.pk)


def end_period(stage: Stage, offices: Offices, period: Period) -> None:
    """After its last day."""
    stage.turn_to(period.redeem_to + timedelta(days=1))
    close_period(period=period_by_code(period.code), by=offices.officer.actor, at=stage.now)
