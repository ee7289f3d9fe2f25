"""Redemption, confirmation, notice, batch and payment: every wrong input is refused on the page."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from settlement.models import BankResult, Redemption
from tests.journeys.wrong import as_, at, refused
from tests.settlement.world import (
    Case,
    approved,
    checked,
    claimed,
    compiled,
    draft,
    issued,
    later,
    notice_over,
    payable,
    published,
    signed_batch,
    treasurer,
)
from tests.vouchers.world import World, make_product, upload

ITEMS = (5,)


@pytest.fixture
def case(world: World) -> Case:
    call_command("load_monitoring", verbosity=0)
    return issued(world)


@pytest.fixture
def open_window(case: Case) -> Iterator[None]:
    with at(case.at):
        yield


def typed(case: Case, **changes: str) -> dict[str, object]:
    """The claim as a browser sends it, without fault: one invoice, one payment over the contract."""
    day, contract = str(case.at.date() - timedelta(days=3)), case.voucher.contract
    invoice = {
        "number": f"{case.voucher.pk:020d}",
        "code": "",
        "issued_on": day,
        "amount": "15,000.00",
        "amount_without_tax": "",
        "check_code": "",
        "seller": case.voucher.supplier.name,
        "buyer": case.enterprise.name,
    }
    payment = {
        "reference": f"P{case.voucher.pk}",
        "paid_on": day,
        "amount": "15,000.00",
        "payer": case.enterprise.name,
        "payee": case.voucher.supplier.name,
        "explanation": "",
    }
    form: dict[str, object] = {
        "claimed_amount": f"{case.voucher.amount}",
        "delivered_modules": list(contract.modules),
        "delivered_devices": str(contract.devices or ""),
        "accepted_on": day,
        "acceptance_note": "十台设备都已接入",
        "bank_account_name": case.enterprise.name,
        "bank_name": "示例银行佛山分行",
        "bank_account": "4406001234567890",
        "action": "submit",
    }
    for prefix, row in (("invoices", invoice), ("payments", payment)):
        form |= {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0"}
        form |= {f"{prefix}-0-{name}": value for name, value in row.items()}
    return form | changes


def send(case: Case, **changes: str):
    row = draft(case)
    return as_(case.actor).post(f"/enterprise/redemptions/{row.pk}/edit/", typed(case, **changes))


WRONG = {
    "paid less than nine tenths": (
        {"payments-0-amount": "13,499.99", "invoices-0-amount": "13,499.99"},
        "S19/5.4.9", "还差 0.01 元", "请付清差额", ("13,499.99",)),
    "invoices that are not the payments": (
        {"invoices-0-amount": "14,000.00"}, "S19/5.4.9", "相差 1,000.00 元", "请核对每张发票和每笔付款", ("14,000.00",)),
    "an invoice of another supplier": (
        {"invoices-0-seller": "别家软件有限公司"}, "S19/5.4.9", "不是合同供应商", "请由供应商或已登记的代理商开票", ("别家软件有限公司",)),
    "an invoice to somebody else": (
        {"invoices-0-buyer": "另一家机械有限公司"}, "S19/5.4.9", "不是本企业", "请换开", ("另一家机械有限公司",)),
    "a payment by somebody else without a word": (
        {"payments-0-payer": "某投资有限公司"}, "REF/4", "不是合同双方", "请写明原因", ("某投资有限公司",)),
    "a claim above the voucher": (
        {"claimed_amount": "99,999.00"}, "D/3", "申请 99,999.00 元", "可以调低", ("99,999.00",)),
}  # fmt: skip


@pytest.mark.usefixtures("open_window")
@pytest.mark.parametrize("name", WRONG, ids=[name.replace(" ", "-") for name in WRONG])
def test_a_wrong_claim_is_refused_and_nothing_typed_is_lost(name: str, case: Case) -> None:
    changes, clause, reason, remedy, kept = WRONG[name]
    answer = send(case, **changes)
    refused(answer, clause=clause, reason=reason, remedy=remedy, kept=("示例银行佛山分行", "十台设备都已接入", *kept))
    assert Redemption.objects.get().state == "draft"


@pytest.mark.usefixtures("open_window")
def test_a_claim_without_an_account_is_asked_for_it(case: Case) -> None:
    answer = send(case, bank_account="")
    page = answer.content.decode()
    assert (answer.status_code, "请填写“账号”" in page, "示例银行佛山分行" in page) == (422, True, True)


def test_class_b_needs_seven_tenths(case: Case, world: World) -> None:
    world.products[5] = make_product(world, 5, product_class="B")
    other = issued(world)
    paid = {"payments-0-amount": "10,499.99", "invoices-0-amount": "10,499.99"}
    with at(other.at):
        answer = send(other, **paid)
    refused(answer, clause="S19/5.4.9", reason="还差 0.01 元", remedy="请付清差额", kept=("10,499.99",))


def test_an_invoice_is_used_once(case: Case, world: World) -> None:
    other = issued(world)
    claimed(case, number="26442000000000000318")
    with at(other.at):
        answer = send(other, **{"invoices-0-number": "26442000000000000318"})
    refused(
        answer,
        clause="S19/7.5.1",
        reason="同一张发票不能用两次",
        remedy="换成本合同的发票",
        kept=("26442000000000000318",),
    )


def test_a_claim_before_the_window_is_too_early(case: Case) -> None:
    with at(case.at):
        row = draft(case)
    with at(case.world.period.redeem_from - timedelta(minutes=1)):
        answer = as_(case.actor).post(f"/enterprise/redemptions/{row.pk}/edit/", typed(case))
    refused(
        answer,
        clause=case.world.period.clause_id,
        reason="开始。",
        remedy="草稿会保留",
        kept=("示例银行佛山分行",),
    )


def test_a_claim_one_second_after_the_window_is_too_late(case: Case) -> None:
    with at(case.at):
        row = draft(case)
    with at(case.world.period.redeem_to + timedelta(seconds=1)):
        answer = as_(case.actor).post(f"/enterprise/redemptions/{row.pk}/edit/", typed(case))
    refused(answer, clause=case.world.period.clause_id, reason="截止", remedy="", kept=("示例银行佛山分行",))


# -- the supplier ----------------------------------------------------------------------------------------------------


DEVICES = {
    "a device listed twice": (
        "LD-001, 一号机\nLD-002, 二号机\nld-001, 一号机",
        "编号 LD-001 写了两次",
        "删去重复的一行",
    ),
    "a device with a wrong address": ("LD-001, 一号机, 用户侧, 不知道", "不是 IP 地址", "或者留空"),
    "no device": ("", "没有填写设备", "请填写接入的设备编号"),
}


@pytest.mark.parametrize("name", DEVICES, ids=[name.replace(" ", "-") for name in DEVICES])
def test_a_wrong_list_of_devices_is_refused(name: str, case: Case) -> None:
    lines, reason, remedy = DEVICES[name]
    row = claimed(case)
    page = {"devices": lines, "version": row.version}
    with at(case.at):
        answer = as_(case.world.supplier_actor).post(f"/supplier/confirmations/{row.pk}/", page)
    refused(answer, clause="S19/5.4.10", reason=reason, remedy=remedy, kept=lines.splitlines())


# -- the city --------------------------------------------------------------------------------------------------------


def test_the_form_check_ticks_every_line(case: Case) -> None:
    row = confirmed_and_watched(case)
    typed_in = {"opinion": "approve", "note": "发票已逐张核对", "version": row.version}
    with at(later(case)):
        answer = as_(case.city["reviewer"]).post(f"/city/redemptions/{row.pk}/", typed_in)
    refused(answer, clause="S19/5.4.11", reason="项没核对", remedy="逐项核对后勾选", kept=("发票已逐张核对",))


def confirmed_and_watched(case: Case) -> Redemption:
    checked(case)
    Redemption.objects.filter(pk=case.redemption.pk).update(checked_by=None, opinion="", checklist={})
    return case.fresh()


def test_whoever_checked_a_redemption_cannot_sign_it(case: Case) -> None:
    row = checked(case)
    both = case.city["both"]
    Redemption.objects.filter(pk=row.pk).update(checked_by=both.user_id)
    with at(later(case)):
        answer = as_(both).post(f"/city/redemptions/{row.pk}/sign/", {"version": row.version, "note": "同意"})
    refused(answer, clause="S19/5.4.13", reason="两次签名要由两个人完成", remedy="请由另一位")
    assert case.fresh().state == "under_review"


def test_a_notice_list_is_not_signed_by_whoever_compiled_it(case: Case) -> None:
    approved(case)
    case.city["reviewer"] = case.city["both"]
    made = compiled(case)
    with at(later(case, 41)):
        answer = as_(case.city["both"]).post(f"/city/notice-lists/{made.pk}/steps/sign/")
    refused(answer, clause="S19/5.4.13", reason="两次签名要由两个人完成", remedy="请由另一位")
    made.refresh_from_db()
    assert made.state == "draft"


def test_an_objection_after_the_last_day_is_too_late(case: Case) -> None:
    approved(case)
    made = published(case)
    typed_in = {"name": "某某机械", "contact": "0757-80000000", "statement": "金额不对", "idempotency_key": "o1"}
    with at(notice_over(case, made)):
        answer = Client().post(f"/objections/new/{made.notice_id}/", typed_in | {"evidence": upload("证明.pdf")})
    refused(
        answer,
        clause="S19/6.3",
        reason="公示期已过",
        remedy="可以向",
        kept=("某某机械", "金额不对"),
    )


def test_an_objection_names_its_author_and_brings_evidence(case: Case) -> None:
    approved(case)
    made = published(case)
    with at(later(case, 43)):
        answer = Client().post(f"/objections/new/{made.notice_id}/", {"statement": "金额不对", "idempotency_key": "o2"})
    refused(answer, clause="P18/annex1.9", reason="匿名的不能受理", remedy="请上传 PDF 或图片", kept=("金额不对",))


# -- payment ---------------------------------------------------------------------------------------------------------


def test_a_bank_reference_is_recorded_once(case: Case, world: World) -> None:
    other = issued(world)
    approved(other)
    payable(case)
    batch = signed_batch(case)
    first, second = batch.lines.order_by("order_no")
    payer, day = as_(treasurer()), str(later(case, 60).date())
    with at(later(case, 61)):
        assert _record(payer, batch, first, "YH2026000318", day).status_code == 302
        answer = _record(payer, batch, second, "YH2026000318", day)
        refused(answer, clause="S19/5.4.14", reason="已经登记在另一行", remedy="请核对银行回单", kept=("YH2026000318",))
        again = _record(payer, batch, first, "YH2026000999", day)
        refused(again, clause="S19/5.4.14", reason="这一行已经登记为", remedy="一行只登记一次", kept=("YH2026000999",))
    assert BankResult.objects.count() == 1


def _record(client: Client, batch, line, reference: str, day: str):
    typed_in = {"outcome": "paid", "bank_reference": reference, "paid_on": day}
    return client.post(f"/finance/batches/{batch.pk}/lines/{line.pk}/", typed_in)


def test_a_payment_of_tomorrow_is_refused(case: Case) -> None:
    payable(case)
    batch = signed_batch(case)
    with at(later(case, 61)):
        answer = _record(as_(treasurer()), batch, batch.lines.get(), "YH1", str(later(case, 90).date()))
    refused(answer, clause="S19/5.4.14", reason="在今天之后", remedy="请核对回单日期", kept=("YH1",))
    assert BankResult.objects.count() == 0
