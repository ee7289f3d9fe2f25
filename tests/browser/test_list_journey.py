"""A whole list in the browser: one objection upheld, one rejected, one claim held back to the next list, one carried
over for lack of money and paid first in the next batch."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect

from tests.browser.staged import People, people_on, staged
from tests.browser.steps import fill, press, told
from tests.browser.watch import too_wide
from tests.concurrency.stage import Stage, signed_in, until
from tests.settlement.world import Case, approved, issued, treasurer
from tests.vouchers.world import PDF, make_world


@dataclass
class Play:
    """Four approved claims in the order of redemption, and everybody's session."""

    dropped: Case
    cleared: Case
    carried: Case
    held_back: Case
    sessions: dict[str, str] = field(default_factory=dict)


def prepare() -> Play:
    call_command("load_monitoring", verbosity=0)
    world = make_world(items=(5,))
    cases = [issued(world) for _ in range(4)]
    for case in cases:
        approved(case)
    city, (dropped, *_) = cases[0].city, cases
    actors = {
        "reviewer": city["reviewer"], "approver": city["approver"], "finance": treasurer(),
        "enterprise": dropped.actor, "supplier": world.supplier_actor,
    }  # fmt: skip
    return Play(*cases, sessions={name: signed_in(actor) for name, actor in actors.items()})


@pytest.fixture
def play(fresh_database: None) -> Play:
    return prepare()


@pytest.fixture
def stage(play: Play) -> Iterator[Stage]:
    with staged("list-stage") as made:
        made.later(timedelta(days=45))
        made.start("web")
        made.start("worker")
        yield made


@pytest.fixture
def people(stage: Stage, play: Play, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[People]:
    with people_on(stage, play.sessions, browser, browser_context_args) as pages:
        yield pages


def test_a_list_with_every_fate(play: Play, stage: Stage, people: People) -> None:
    number = publish(people, hold_back=play.held_back, reason="发票待核实")
    for case, name in ((play.dropped, "李四"), (play.cleared, "王五")):
        object_to(people(""), number, case, name)
    until(lambda: stage.value(_in("disputed")) == 2, "both lines are held")
    for side in ("enterprise", "supplier"):
        reply(people(side), side, play.dropped)
    answer(people("approver"), play.dropped, upheld=True)
    answer(people("approver"), play.cleared, upheld=False)
    end_notice(stage, payable=2)
    batch = build(people, "10500")
    told(people("approver"), "结转下批")
    pay(people("finance"), batch, play.cleared, "YH-1")
    assert stage.value(_in("carried_over")) == 1

    second = publish(people)
    assert second != number
    end_notice(stage, payable=1)
    batch = build(people, "10500")
    first_row = people("approver").get_by_role("table", name="批次各行").locator("tbody tr").first
    expect(first_row).to_contain_text("上批结转")
    expect(first_row).to_contain_text(play.carried.redemption.number)
    pay(people("finance"), batch, play.carried, "YH-2")
    told(people("finance"), "各处合计一致")

    states = dict(stage.rows("SELECT id, state FROM settlement_redemption"))
    cases = (play.dropped, play.cleared, play.carried, play.held_back)
    assert [states[case.redemption.pk] for case in cases] == ["dropped", "paid", "paid", "carried_over"]
    page = people("")
    page.goto(f"/notices/{number}/")
    told(page, "已答复的异议")
    assert not {"李四", "王五"} & set(page.locator("main").inner_text().split())
    assert too_wide(page) == []


def _in(state: str) -> str:
    return f"SELECT count(*) FROM settlement_redemption WHERE state = '{state}'"


def publish(people: People, hold_back: Case | None = None, reason: str = "") -> str:
    """Compiled, signed by the second person, made public; gives its number."""
    reviewer, approver = people("reviewer"), people("approver")
    reviewer.goto("/city/notice-lists/")
    if hold_back is not None and hold_back.redemption is not None:
        reviewer.locator(f"[name=leave_out][value='{hold_back.redemption.pk}']").check()
        reviewer.fill(f"[name=reason_{hold_back.redemption.pk}]", reason)
    press(reviewer, "编制名单")
    if reason:
        told(reviewer, reason)
    approver.goto(reviewer.url)
    press(approver, "复核签名")
    reviewer.reload()
    press(reviewer, "发布公示")
    number = reviewer.locator(".pf-head, main header").first.inner_text().split("GS")[1].split()[0]
    return f"GS{number}".strip("　")


def object_to(page: Page, number: str, case: Case, name: str) -> None:
    page.goto(f"/notices/{number}/")
    row = page.get_by_role("row").filter(has_text=case.enterprise.name)
    row.get_by_role("link", name="提出异议").click()
    fill(page, {"statement": "现场没有看到设备。", "name": name, "contact": "0757-83000000"})
    page.set_input_files("[name=evidence]", {"name": "证明.pdf", "mimeType": "application/pdf", "buffer": PDF})
    press(page, "提交异议")


def reply(page: Page, side: str, case: Case) -> None:
    """What the enterprise or the supplier of the line says."""
    page.goto(f"/{side}/objections/")
    page.get_by_role("row").filter(has_text=str(case.voucher.number)).get_by_role("link").first.click()
    page.fill("[name=text]", "设备已经搬到新厂房。")
    press(page, "提交说明")
    told(page, "您的说明")


def answer(page: Page, case: Case, *, upheld: bool) -> None:
    page.goto("/city/objections/")
    page.get_by_role("row").filter(has_text=str(case.voucher.number)).get_by_role("link").first.click()
    page.locator(f"[name=upheld][value='{'yes' if upheld else 'no'}']").check()
    if upheld:
        page.locator("[name=follow]").select_option("drop")
    page.fill("[name=answer]", "已现场核查。")
    press(page, "签名答复")


def end_notice(stage: Stage, payable: int) -> None:
    """The notice runs out."""
    stage.later(timedelta(days=20))
    stage.ask_for("notices.close_due")
    until(lambda: stage.value(_in("payable")) == payable, "the end of the notice")


def build(people: People, budget: str) -> str:
    """A batch, signed by the second person; gives the path of its page at the finance bureau."""
    reviewer, approver = people("reviewer"), people("approver")
    reviewer.goto("/city/batches/")
    reviewer.fill("[name=budget]", budget)
    press(reviewer, "编制")
    approver.goto(reviewer.url)
    press(approver, "复核签名，送财政")
    return approver.url.replace("/city/", "/finance/")


def pay(page: Page, batch: str, case: Case, reference: str) -> None:
    page.goto(batch)
    row = page.get_by_role("row").filter(has_text=str(case.redemption and case.redemption.number))
    row.get_by_role("link", name="登记付款").click()
    fill(page, {"bank_reference": reference, "paid_on": "2020-10-21"})
    press(page, "登记")
    told(page, reference)
