"""An edition that asks the supplier first (T18/5.3.7): it looks through what waits, objects to one, confirms another."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from platform_site.kit import clock
from platform_site.outbox.domain import deliver_all
from tests.browser.staged import People, people_on, staged
from tests.browser.steps import press, told
from tests.browser.watch import PHONE, WIDE, barriers, shot, too_wide
from tests.concurrency.stage import signed_in
from tests.vouchers.world import FOSHAN, apply, make_enterprise, make_world
from vouchers.models import Voucher


@dataclass
class Play:
    """Two applications that wait for the supplier's word."""

    right: Voucher
    wrong: Voucher
    sessions: dict[str, str]


@pytest.fixture
def play(fresh_database: None) -> Play:
    world = make_world(items=(5,), numbers={"supplier_confirms_application": True})
    vouchers = [apply(world, *make_enterprise(world, city=FOSHAN), item=5, devices=60).voucher for _ in range(2)]
    deliver_all(at=clock.now())
    actors = {"supplier": world.supplier_actor, "city": world.city(FOSHAN)["reviewer"]}
    return Play(*vouchers, {name: signed_in(one) for name, one in actors.items()})


@pytest.fixture
def people(play: Play, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[People]:
    with staged("supplier-word") as stage:
        stage.start("web")
        with people_on(stage, play.sessions, browser, browser_context_args) as pages:
            yield pages


def look(page: Page, name: str) -> None:
    for width, size in (("wide", WIDE), ("phone", PHONE)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert [*barriers(page), *too_wide(page)] == [], name
        shot(page, f"{width}-{name}")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def test_the_supplier_answers_and_the_city_reads_it(play: Play, people: People) -> None:
    supplier, city = people("supplier"), people("city")
    supplier.goto("/supplier/applications/")
    waiting = supplier.get_by_role("row").filter(has_text=play.wrong.number)
    expect(waiting).to_contain_text("个工作日")
    look(supplier, "supplier-applications")
    waiting.get_by_role("link", name=play.wrong.number).click()
    look(supplier, "supplier-application")
    supplier.fill("[name=reason]", "合同是 40 台，不是 60 台。")
    press(supplier, "有不对的，不确认")
    supplier.get_by_role("link", name=play.right.number).click()
    press(supplier, "确认无误")
    told(supplier, "没有要确认的申领")
    supplier.goto("/supplier/applications/?view=all")
    expect(supplier.get_by_role("row").filter(has_text=play.wrong.number)).to_contain_text("没有确认")
    expect(supplier.get_by_role("row").filter(has_text=play.right.number)).to_contain_text("已确认")
    look(supplier, "supplier-applications-all")
    supplier.fill("main [name=q]", play.right.number)
    press(supplier, "查找")
    expect(supplier.get_by_role("link", name="全部")).to_have_attribute("aria-current", "page")
    expect(supplier.get_by_role("row").filter(has_text=play.right.number)).to_contain_text("已确认")
    expect(supplier.get_by_role("row").filter(has_text=play.wrong.number)).to_have_count(0)
    city.goto(f"/city/applications/{play.wrong.pk}/")
    told(city, "合同是 40 台，不是 60 台。")
    look(city, "city-application-objection")
