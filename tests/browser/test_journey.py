"""One voucher, from the company's sign-up to the bank's reference, by every role in the browser."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from platform_site.management.season import papers
from platform_site.management.season.papers import Party
from tests.accounts.people import company_number
from tests.browser import telemetry
from tests.browser.running import Platform, until
from tests.browser.steps import Journey, clicks, count_clicks, fill, press, saved_by_itself, told, two_invoices
from tests.browser.watch import Watch

Enter = Callable[..., Page]
PRODUCT = "衡牧设备云"


@pytest.fixture(scope="module")
def journey(platform: Platform, watch: Watch, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    used = "BROWSER_SITE" in os.environ  # a platform that is used again knows the last company already
    serial = int(time.time()) % 1_000_000 if used else 260416
    company = Party(f"佛山市朗德{serial if used else ''}精密机械有限公司", company_number(serial))
    journey = Journey(
        platform, watch, tmp_path_factory.mktemp("papers"), company, f"lande{serial}", "shan-shui-tian-yuan-8"
    )
    journey.product, journey.reference = PRODUCT, f"YH20260416{serial:06d}"
    journey.devices = tuple(f"LD{serial}-{number:03d}" for number in range(1, 21))
    return journey


@pytest.fixture(autouse=True)
def _one_after_another(request: pytest.FixtureRequest, journey: Journey) -> Iterator[None]:
    """A journey that stopped goes no further."""
    if journey.stopped:
        pytest.skip(f"the journey stopped: {journey.stopped}")
    failed = request.session.testsfailed
    journey.stopped = request.node.name
    yield
    journey.stopped = journey.stopped if request.session.testsfailed > failed else ""


@pytest.fixture(scope="module")
def company(enter: Enter) -> Page:
    """The enterprise's browser: nobody is signed in at first."""
    return enter("", {"width": 1280, "height": 900})


def test_a_company_signs_up_and_hands_in_its_profile(journey: Journey, company: Page) -> None:
    company.goto("/")
    journey.look(company, "home")
    company.goto("/account/sign-up/")
    company.get_by_label("企业：", exact=False).check()
    fill(
        company,
        {
            "organisation_name": journey.enterprise.name,
            "uscc": journey.enterprise.code,
            "area_code": "440600",
            "name": "梁启明",
            "phone": "0757-83000318",
            "email": f"{journey.login}@example.test",
            "username": journey.login,
            "password": journey.password,
            "password_again": journey.password,
        },
    )
    journey.look(company, "sign-up")
    press(company, "注册")
    _profile(journey, company)


def _profile(journey: Journey, page: Page) -> None:
    page.goto("/enterprise/profile/")
    page.locator("[name=county]").select_option(index=1)
    fill(
        page,
        {
            "founded_on": "2009-05-18",
            "address": "佛山市示例路 8 号",
            "kind": "manufacturing",
            "industry_code": "34",
            "business_scope": "精密机械零部件的研发、生产、销售",
            "size": "small",
            "employees": "186",
            "revenue": "68000000",
            "contact_name": "梁启明",
            "contact_phone": "0757-83000318",
        },
    )
    licence = papers.plain_paper("营业执照（副本）", [journey.enterprise.name, journey.enterprise.code])
    page.set_input_files("[name=licence_file]", journey.paper("营业执照.pdf", licence))
    for name in ("declared_no_violation", "declared_no_other_funds", "commitment"):
        page.check(f"[name={name}]")
    journey.look(page, "profile")
    press(page, "提交审核")
    told(page, "已提交审核")


def test_the_city_lets_the_company_in(journey: Journey, enter: Enter) -> None:
    page = enter("city-reviewer")
    page.goto("/city/")
    journey.look(page, "city-todo")
    page.goto("/city/enterprises/")
    page.get_by_role("link", name=journey.enterprise.name).click()
    journey.look(page, "city-enterprise")
    press(page, "审核通过")
    page.goto("/city/enterprises/")
    journey.look(page, "city-enterprises")


def test_the_company_applies_with_its_contract_and_gets_a_receipt(journey: Journey, company: Page) -> None:
    company.goto("/enterprise/apply/")
    company.locator("main [name=q]").fill(PRODUCT)
    expect(company.get_by_role("button", name="选这个")).to_have_count(1)
    journey.look(company, "apply-product")
    press(company, "选这个")
    journey.supplier = company.locator(".pf-pick .pf-dim").first.inner_text().strip()
    with saved_by_itself(company):
        _contract(journey, company)
    expect(company.locator("#autosave")).to_contain_text("已自动保存")
    typed = company.url
    company.goto("/enterprise/vouchers/")
    told(company, journey.contract)  # the draft, though nothing was pressed
    company.goto(typed)
    expect(company.locator("[name=contract_number]")).to_have_value(journey.contract)
    company.set_input_files("[name=file]", journey.paper("合同.pdf", _contract_paper(journey)))
    press(company, "上传")
    told(company, "合同.pdf")
    journey.look(company, "application")
    press(company, "提交申请")
    told(company, "已送达")
    journey.voucher = company.locator("h1").inner_text().strip()
    journey.receipt = company.url
    assert journey.voucher.startswith("SQ")
    journey.look(company, "receipt")


def _contract(journey: Journey, page: Page) -> None:
    fill(
        page,
        {
            "contract_number": journey.contract,
            "signed_on": str(journey.today - timedelta(days=20)),
            "total": "24000",
            "unrelated_amount": "0",
            "devices": "10",
            "place_city": "440600",
            "place": "佛山市示例路 8 号 2 号厂房",
            "costs-0-name": "软件订阅（两年）",
            "costs-0-kind": "application",
            "costs-0-amount": "18000",
            "costs-1-name": "实施与培训",
            "costs-1-kind": "implementation",
            "costs-1-amount": "6000",
        },
    )
    for box in page.locator("[name=modules]").all():
        box.check()
    for name in ("declares_no_other_funds", "commits"):
        page.check(f"[name={name}]")


def _contract_paper(journey: Journey) -> bytes:
    costs = [("软件订阅（两年）", Decimal("18000.00")), ("实施与培训", Decimal("6000.00"))]
    return papers.contract(
        number=journey.contract,
        signed_on=journey.today - timedelta(days=20),
        buyer=journey.enterprise,
        seller=Party(journey.supplier, company_number(1)),
        product=journey.product,
        modules=["设备接入", "运行监测"],
        costs=costs,
        place="佛山市示例路 8 号 2 号厂房",
        devices=10,
    )


def test_one_official_proposes_and_another_issues(journey: Journey, enter: Enter) -> None:
    reviewer, approver = enter("city-reviewer"), enter("city-approver")
    reviewer.goto(f"/city/applications/?view=all&q={journey.voucher}")
    journey.look(reviewer, "city-applications")
    reviewer.get_by_role("link", name=journey.voucher, exact=True).click()
    reviewer.fill("[name=opinion]", "合同与填报一致")
    journey.look(reviewer, "city-application")
    press(reviewer, "送签发")
    expect(reviewer.get_by_role("button", name="签发", exact=True)).to_have_count(0)
    approver.goto(reviewer.url)
    journey.look(approver, "city-sign")
    press(approver, "签发")
    expect(approver.locator("main")).to_contain_text("15,000.00")


def test_the_company_redeems_with_invoices_payments_and_acceptance(journey: Journey, company: Page) -> None:
    company.goto(journey.receipt)
    journey.look(company, "voucher-issued")
    company.goto("/enterprise/redemptions/")
    company.get_by_role("row", name=journey.voucher).get_by_role("link", name="申请兑现").click()
    journey.look(company, "redeem")
    press(company, "开始填写")
    seller = Party(journey.supplier, company_number(1))
    invoices = two_invoices(seller=seller, buyer=journey.enterprise, whole=Decimal("23000.00"), day=journey.today)
    for number, paper in enumerate(invoices, start=1):
        _hand_in(company, "invoice", journey.paper(f"发票{number}.pdf", papers.invoice(paper)))
        told(company, f"已读出发票 {paper.number}")
    for number, paper in enumerate(invoices, start=1):
        slip = papers.payment_slip(
            reference=f"HD{paper.number[-9:]}",
            paid_on=paper.issued_on + timedelta(days=1),
            amount=paper.total,
            payer=journey.enterprise.name,
            payee=seller.name,
        )
        _hand_in(company, "payment", journey.paper(f"回单{number}.pdf", slip))
    _hand_in(company, "acceptance", journey.paper("验收报告.pdf", _acceptance(journey, seller)))
    _claim(journey, company, invoices)


def _acceptance(journey: Journey, seller: Party) -> bytes:
    return papers.acceptance_report(
        number=journey.contract,
        accepted_on=journey.today - timedelta(days=3),
        buyer=journey.enterprise,
        seller=seller,
        product=journey.product,
        modules=["设备接入", "运行监测"],
        devices=10,
    )


def _hand_in(page: Page, kind: str, path: Path) -> None:
    page.locator("[name=kind]").select_option(kind)
    page.set_input_files("[name=file]", path)
    press(page, "上传")
    told(page, path.name)


def _claim(journey: Journey, page: Page, invoices: list[papers.Invoice]) -> None:
    """The invoices' rows filled themselves in from the QR codes, all but what the code does not say."""
    for row, paper in enumerate(invoices):
        expect(page.locator(f"[name=invoices-{row}-number]")).to_have_value(paper.number)
        page.fill(f"[name=invoices-{row}-amount]", f"{paper.total}")
    press(page, "加一笔付款")
    for row, paper in enumerate(invoices):
        paid_on = paper.issued_on + timedelta(days=1)
        reference = {"reference": f"HD{paper.number[-9:]}", "paid_on": str(paid_on), "amount": f"{paper.total}"}
        fill(page, {f"payments-{row}-{name}": value for name, value in reference.items()})
    bank = {
        "bank_account_name": journey.enterprise.name,
        "bank_name": "广发银行佛山（演示）支行",
        "bank_account": "6200000000000318",
    }
    with saved_by_itself(page):
        fill(page, {"accepted_on": str(journey.today - timedelta(days=3)), **bank})
    journey.look(page, "claim")
    press(page, "提交兑现")
    told(page, "已提交，兑现号")
    journey.redemption = page.locator("main").inner_text().split("兑现号 ")[1][:13].strip("。")
    journey.look(page, "claimed")


def test_the_supplier_confirms_with_its_devices_and_gets_a_key_once(journey: Journey, enter: Enter) -> None:
    page = enter("supplier")
    page.goto("/supplier/confirmations/")
    journey.look(page, "supplier-confirmations")
    page.get_by_role("link", name=journey.redemption, exact=True).click()
    rows = [
        f"{device}, {number} 号加工中心, 用户侧, 192.0.2.18" for number, device in enumerate(journey.devices, start=1)
    ]
    page.fill("[name=devices]", "\n".join(rows))
    journey.look(page, "supplier-confirmation")
    press(page, "确认交付")
    told(page, "密钥只显示这一次")
    shown = page.locator("main dd").all_inner_texts()
    journey.key = (shown[0].strip(), shown[1].strip())


def test_signed_telemetry_over_http_leads_to_a_verdict(journey: Journey, enter: Enter) -> None:
    journey.dial(30)
    first = journey.today - timedelta(days=29)
    for number, devices in enumerate((journey.devices[:10], journey.devices[10:])):
        records = list(telemetry.running_machines(devices, first, 29))
        answer = telemetry.send(journey.platform.url, *journey.key, f"b-{number}", records, now=journey.now)
        assert (answer["received"], answer["accepted"], answer["rejected"]) == (len(records), len(records), 0)
        again = telemetry.send(journey.platform.url, *journey.key, f"b-{number}", records, now=journey.now)
        assert (again["repeat"], again["accepted"]) == (True, 0)
    journey.platform.ask_for("monitoring.judge")
    page = enter("supplier")
    page.goto(f"/supplier/telemetry/{journey.voucher}/")
    until(lambda: page.reload() and "已达标" in page.locator("main").inner_text(), "a verdict")
    journey.look(page, "supplier-telemetry")
    journey.platform.ask_for("settlement.note_verdicts")
    reviewer = enter("city-reviewer")
    reviewer.goto(f"/city/redemptions/?view=review&q={journey.redemption}")
    until(
        lambda: reviewer.reload() and reviewer.get_by_role("link", name=journey.redemption, exact=True).count(),
        "the city's desk",
    )
    journey.look(reviewer, "city-redemptions")


def test_one_official_checks_the_form_and_another_signs(journey: Journey, enter: Enter) -> None:
    reviewer, approver = enter("city-reviewer"), enter("city-approver")
    count_clicks(reviewer)
    reviewer.get_by_role("link", name=journey.redemption, exact=True).click()
    press(reviewer, "开始审核")
    for box in reviewer.locator("[name=checked]").all():
        box.check()
    reviewer.locator("[name=opinion]").select_option("approve")
    reviewer.locator("form#check [name=note]").fill("票、款、验收一致")
    journey.look(reviewer, "city-redemption")
    press(reviewer, "签名并送复核")
    assert 3 < clicks(reviewer) < 10
    approver.goto(reviewer.url)
    journey.look(approver, "city-redemption-sign")
    press(approver, "，签名", exact=False)
    told(approver, "已签名，决定生效")


def test_the_notice_list_is_compiled_signed_by_the_second_person_and_published(journey: Journey, enter: Enter) -> None:
    reviewer, approver = enter("city-reviewer"), enter("city-approver")
    reviewer.goto("/city/notice-lists/")
    told(reviewer, journey.redemption)
    periods = reviewer.locator("[name=period] option").count()
    reviewer.locator("[name=period]").select_option(index=periods - 1)
    journey.look(reviewer, "notice-lists")
    press(reviewer, "编制名单")
    told(reviewer, journey.enterprise.name)
    expect(reviewer.get_by_role("button", name="复核签名")).to_have_count(0)
    approver.goto(reviewer.url)
    press(approver, "复核签名")
    journey.look(approver, "notice-list-signed")
    reviewer.reload()
    press(reviewer, "发布公示")
    journey.notice = reviewer.url
    journey.look(reviewer, "notice-list-published")


def test_everybody_reads_the_list_downloads_it_and_checks_it(journey: Journey, enter: Enter) -> None:
    page = enter("")
    number = enter("city-reviewer").locator(".pf-head, main header").first.inner_text().split("GS")[1].split()[0]
    number = f"GS{number}".strip("　")
    page.goto(f"/notices/{number}/")
    told(page, journey.enterprise.name)
    told(page, "15,000.00")
    journey.look(page, "public-notice")
    with page.expect_download() as waited:
        page.get_by_role("link", name="PDF").click()
    pdf = journey.papers / waited.value.suggested_filename
    waited.value.save_as(pdf)
    assert pdf.read_bytes()[:5] == b"%PDF-"
    page.get_by_role("link", name="去查验").click()
    told(page, "真实有效，与平台记录一致")
    page.set_input_files("[name=file]", pdf)
    press(page, "查验文件")
    told(page, "一个字节都不差")
    journey.look(page, "verify")


def test_after_the_notice_the_city_builds_a_batch_and_finance_pays_it(journey: Journey, enter: Enter) -> None:
    reviewer, approver, finance = enter("city-reviewer"), enter("city-approver"), enter("finance")
    journey.dial(9)
    journey.platform.ask_for("notices.close_due")
    reviewer.goto(journey.notice)
    until(
        lambda: reviewer.reload() and "待兑付" in reviewer.get_by_role("row", name=journey.redemption).inner_text(),
        "the end of the notice",
    )
    reviewer.goto("/city/batches/")
    periods = reviewer.locator("[name=period] option").count()
    reviewer.locator("[name=period]").select_option(index=periods - 1)
    reviewer.fill("[name=budget]", "3000000")
    journey.look(reviewer, "batches")
    press(reviewer, "编制")
    told(reviewer, journey.redemption)
    approver.goto(reviewer.url)
    press(approver, "复核签名，送财政")
    journey.look(approver, "batch-signed")
    finance.goto("/finance/batches/")
    finance.get_by_role("link", name=reviewer.locator("h1").inner_text().removeprefix("批次").strip()).click()
    journey.look(finance, "finance-batch")
    finance.get_by_role("row", name=journey.redemption).get_by_role("link", name="登记付款").click()
    fill(finance, {"bank_reference": journey.reference, "paid_on": str(journey.today)})
    journey.look(finance, "finance-line")
    press(finance, "登记")
    told(finance, journey.reference)


def test_the_voucher_is_settled_and_everybody_who_may_sees_the_whole_line(
    journey: Journey, company: Page, enter: Enter
) -> None:
    company.goto(journey.receipt)
    told(company, "已兑付")
    journey.look(company, "voucher-settled")
    for login in ("supplier", "city-reviewer", "province-officer", "auditor"):
        page = enter(login)
        page.goto(f"/portals/vouchers/{journey.voucher}/")
        told(page, journey.voucher)
        journey.look(page, f"whole-line-{login}")
    province = enter("province-officer")
    province.goto("/province/dashboard/")
    journey.look(province, "province-dashboard")


def test_no_page_had_a_barrier_an_error_or_a_forbidden_source(journey: Journey, watch: Watch) -> None:
    """axe, the browser's console, the content security policy, every answer, on all pages above."""
    watch.nothing_wrong()
    assert len(journey.seen) > 30
