"""A new year's policy in the browser: drafted, compared, tried on real applications, signed by a second person and
published from a day on; who applied before it and who applies after it are each assessed under their own edition."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from platform_site.kit import clock
from tests.browser.staged import People, people_on, staged
from tests.browser.steps import fill, press, saved_by_itself, state, told
from tests.browser.watch import PHONE, WIDE, barriers, shot, too_wide
from tests.concurrency.stage import Stage, signed_in, until
from tests.vouchers.world import FOSHAN, PDF, World, apply, make_enterprise, make_world
from vouchers.models import Voucher

SHANGHAI = ZoneInfo("Asia/Shanghai")
CONTRACT = "250,000.00"


@dataclass
class Play:
    """before: an application under the edition of 2020, of the enterprise that applies again after the new one."""

    world: World
    before: Voucher
    sessions: dict[str, str]

    @property
    def opens(self) -> datetime:
        """The new period: once the present one takes no more applications."""
        return self.world.period.apply_to.astimezone(SHANGHAI).replace(microsecond=0) + timedelta(days=1)

    @property
    def effective(self) -> date:
        return self.opens.date()


@pytest.fixture
def play(fresh_database: None) -> Play:
    """Item 5 at 200 devices: 250,000 yuan are cut by the cap, 100,000 are not. A third enterprise has nothing of it."""
    world = make_world(items=(5, 12))
    enterprise, actor = make_enterprise(world, city=FOSHAN)
    before = apply(world, enterprise, actor, item=5, total="250000.00", devices=200).voucher
    apply(world, *make_enterprise(world, city=FOSHAN), item=5, total="100000.00", devices=200)
    apply(world, *make_enterprise(world, city=FOSHAN), item=12, total="80000.00")
    actors = {"officer": world.officer, "approver": world.approver, "enterprise": actor}
    return Play(world, before, {name: signed_in(one) for name, one in actors.items()})


@pytest.fixture
def stage(play: Play) -> Iterator[Stage]:
    with staged("edition-stage") as made:
        made.start("web")
        yield made


@pytest.fixture
def people(stage: Stage, play: Play, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[People]:
    with people_on(stage, play.sessions, browser, browser_context_args) as pages:
        yield pages


def test_a_new_edition_from_its_draft_to_an_application_under_it(play: Play, stage: Stage, people: People) -> None:
    officer, approver, enterprise = people("officer"), people("approver"), people("enterprise")
    edition = draft(officer)
    join_and_leave(officer, edition)
    compare(officer, edition)
    try_it(officer, stage, edition)
    hand_over(officer, approver, edition, play.effective)
    open_period(officer, approver, play)
    until(lambda: carried_products(stage) == 2, "the products of 2019 are listed under the new catalog")

    by_product(people(""), play)
    officer.goto("/province/dashboard/")
    told(officer, "总目标")
    look(officer, "dashboard-targets")
    stage.later(play.opens - clock.now() + timedelta(hours=1))
    apply_again(enterprise, play)
    explained(enterprise, "policy-after", "2021 年", "按 60% 计算", "150,000.00", "120,000.00")
    enterprise.goto(f"/enterprise/vouchers/{play.before.pk}/")
    explained(enterprise, "policy-before", "2020 年", "按 70% 计算", "175,000.00", "100,000.00")


def look(page: Page, name: str) -> None:
    """At both widths: no barrier, no wider than the window. Scripts, policy and answers are watched all the time."""
    if page.locator("[data-chart]").count():
        page.wait_for_selector("[data-drawn]")
    for width, size in (("wide", WIDE), ("phone", PHONE)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert [*barriers(page), *too_wide(page)] == [], name
        shot(page, f"{width}-{name}")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def draft(page: Page) -> str:
    """Rates 60 % and 75 %, item 5 capped at 120,000; gives the path of its page."""
    page.goto("/province/editions/")
    page.get_by_role("link", name="2020 年", exact=True).click()
    page.get_by_role("link", name="照它起草新版本").click()
    fill(page, {"parent": "2020", "code": "2021", "title": "2021 年", "notes": "按新办法"})
    look(page, "edition-new")
    press(page, "存为草稿")
    edition = page.url
    page.get_by_role("link", name="修改数值").click()
    page.get_by_role("link", name="奖补比例", exact=True).click()
    fill(page, {"rates__0__rate": "75", "rates__1__rate": "60", "rates__2__rate": "75"})
    look(page, "edition-rates")
    press(page, "保存这一组")
    told(page, "已保存")
    page.get_by_role("link", name="项目上限和每台金额").click()
    press(page, "起草随附的目录")
    page.fill("[name=cap_5]", "120000")
    look(page, "edition-items")
    press(page, "保存这一组")
    return edition


def join_and_leave(page: Page, edition: str) -> None:
    """An item joins the draft of the catalog with clause and reason, and is taken out again before it is handed in."""
    page.goto(edition)
    page.get_by_role("link", name="看目录").click()
    page.get_by_role("link", name="增加项目").click()
    fill(page, {"name": "碳排放管理", "cap": "90000", "clause_id": "S19/annex.note1", "scene": "核算排放"})
    fill(page, {"modules": "排放核算", "group": "", "group_key": "carbon", "group_name": "绿色低碳", "reason": "新增"})
    look(page, "catalog-item-new")
    press(page, "增加")
    expect(page.get_by_role("row").filter(has_text="碳排放管理")).to_contain_text("新增")
    look(page, "catalog-version")
    page.get_by_role("link", name="碳排放管理").click()
    page.get_by_text("从这个目录里去掉").click()
    page.locator("[name=reason]").fill("不加了")
    look(page, "catalog-item")
    press(page, "去掉")
    expect(page.get_by_role("row").filter(has_text="碳排放管理")).to_have_count(0)


def by_product(page: Page, play: Play) -> None:
    """Anybody: an approved product says item and class, under the newest edition."""
    page.goto("/calculator/?edition=2021&city=440600&contract_amount=250000&devices=200")
    page.get_by_role("link", name="按产品算").click()
    page.fill("main [name=q]", play.world.products[5].name)
    press(page, "查找")
    look(page, "calculator-products")
    page.get_by_role("link", name="用它算").click()
    expect(page.locator(".pf-ladder")).to_contain_text("120,000.00")
    look(page, "calculator-by-product")


def compare(page: Page, edition: str) -> None:
    page.goto(edition)
    rates = page.get_by_role("row").filter(has_text="奖补比例").filter(has_text="有变")
    expect(rates).to_contain_text("珠三角 70%")
    expect(rates).to_contain_text("珠三角 60%")
    cap = page.get_by_role("table", name="有变的项目").get_by_role("row").nth(1)
    expect(cap).to_contain_text("100,000.00")
    expect(cap).to_contain_text("120,000.00")
    look(page, "edition-compare")


def try_it(page: Page, stage: Stage, edition: str) -> None:
    """Asked while nobody works on it: the page shows that it waits, and comes to the result by itself."""
    page.get_by_role("link", name="用真实申请试算").click()
    look(page, "policy-what-if")
    press(page, "开始试算")
    look(page, "policy-what-if-waiting")
    progress = page.get_by_role("progressbar")
    expect(progress).to_be_visible()
    stage.start("worker")
    expect(page.get_by_role("table", name="各市")).to_be_visible(timeout=60_000)
    told(page, "奖补比例")
    changed = page.get_by_role("table", name="有变化的申请")
    expect(changed).to_contain_text("120,000.00")
    expect(changed.get_by_role("row")).to_have_count(4)
    look(page, "policy-what-if-result")
    page.goto(edition)


def hand_over(officer: Page, approver: Page, edition: str, effective: date) -> None:
    """The drafter hands in; the second person hears of it, compares, signs and publishes."""
    press(officer, "提交复核")
    expect(officer.get_by_role("button", name="复核通过")).to_have_count(0)
    approver.goto("/messages/")
    told(approver, "有政策版本待复核")
    look(approver, "edition-message")
    approver.goto(edition)
    expect(approver.get_by_role("row").filter(has_text="奖补比例").filter(has_text="有变")).to_contain_text("60%")
    press(approver, "复核通过")
    look(approver, "edition-signed")
    approver.fill("[name=effective_from]", effective.isoformat())
    press(approver, "公布")
    assert state(approver) == "已公布"
    look(approver, "edition-published")
    officer.goto("/messages/")
    told(officer, "政策版本已复核")


def open_period(officer: Page, approver: Page, play: Play) -> None:
    officer.goto("/province/periods/new/?edition=2021")
    opens = play.opens
    ends = [opens, opens + timedelta(days=60), opens + timedelta(days=61), opens + timedelta(days=200)]
    names = ("apply_from", "apply_to", "redeem_from", "redeem_to")
    windows = {name: moment.strftime("%Y-%m-%dT%H:%M:%S") for name, moment in zip(names, ends, strict=True)}
    words = {"code": "2021-1", "title": "2021 年第一期", "edition": "2021", "catalog_version": "2021"}
    fill(officer, {**words, **windows, "clause": "S19/6.1"})
    officer.check("[name=assumptions_confirmed]")
    press(officer, "存为草稿")
    approver.goto(officer.url)
    press(approver, "复核")
    press(approver, "公布")
    assert state(approver) == "已发布"


def carried_products(stage: Stage) -> int:
    return int(
        stage.value(
            "SELECT count(*) FROM suppliers_product p JOIN catalog_catalogversion v ON v.id = p.catalog_version_id "
            "WHERE v.code = '2021' AND p.state = 'listed'"
        )
    )


def apply_again(page: Page, play: Play) -> None:
    """The same enterprise, the same product, the same amount, in the new period."""
    page.goto("/enterprise/apply/")
    page.locator("main [name=q]").fill(play.world.products[5].name)
    expect(page.get_by_role("button", name="选这个")).to_have_count(1)
    press(page, "选这个")
    with saved_by_itself(page):
        fill(
            page,
            {
                "contract_number": "HT-2021-01",
                "signed_on": play.opens.date().isoformat(),
                "total": "250000",
                "unrelated_amount": "0",
                "devices": "200",
                "place_city": FOSHAN,
                "place": "佛山市顺德区示例路 8 号 2 号厂房",
                "costs-0-name": "软件订阅",
                "costs-0-kind": "application",
                "costs-0-amount": "250000",
            },
        )
        for box in page.locator("[name=modules]").all():
            box.check()
        for name in ("declares_no_other_funds", "commits"):
            page.check(f"[name={name}]")
    page.set_input_files("[name=file]", {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": PDF})
    press(page, "上传")
    press(page, "提交申请")
    told(page, "已送达")


def explained(page: Page, name: str, edition: str, rate: str, *amounts: str) -> None:
    """The ladder: which edition, the rate with its clause, the item's cap with its clause, the amount."""
    ladder = page.locator(".pf-ladder")
    expect(page.get_by_role("region", name="金额怎么来的").or_(page.locator("main"))).to_contain_text(edition)
    for words in (CONTRACT, rate, *amounts):
        expect(ladder).to_contain_text(words)
    expect(ladder).to_contain_text("2020通知 四")
    expect(ladder).to_contain_text("2019目录 第5项")
    look(page, name)
