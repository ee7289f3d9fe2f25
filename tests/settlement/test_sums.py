"""Published list = batch = register = ledger, each read from its own rows; a second run of any step changes nothing."""

import io
from decimal import Decimal

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.urls import reverse

from platform_site.accounts.models import User
from platform_site.audit.models import Entry
from settlement import domain
from settlement.documents import notice_sheet, register_sheet
from settlement.models import Batch, BatchLine, NoticeLine, PaymentLedger, Redemption
from settlement.queries import paid_of_batch, published_version, sum_of_batch
from settlement.queries.batches import money_waiting
from settlement.queries.sums import batch_sums, list_sums
from tests.settlement.test_claim import refused
from tests.settlement.world import (
    PLATFORM,
    Case,
    approved,
    later,
    notice_over,
    pay,
    payable,
    published,
    signed_batch,
    treasurer,
)
from tests.vouchers.world import FOSHAN

D = Decimal
TWO = D("21000.00")


@pytest.fixture
def settled(case: Case, other: Case) -> Batch:
    """Two redemptions on one list, in one batch, paid."""
    approved(case)
    approved(other)
    made = published(case)
    domain.close_notice_list(notice=made.notice, by=PLATFORM, at=notice_over(case, made))
    batch = signed_batch(case)
    pay(batch, treasurer(), case)
    return Batch.objects.get(pk=batch.pk)


def column(content: bytes, heading: str) -> list[str]:
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    place = rows[0].index(heading)
    return [row[place] for row in rows[1:]]


def added_up(cells: list[object]) -> Decimal:
    return sum((D(str(cell)) for cell in cells), D("0.00")).quantize(D("0.01"))


def test_list_batch_register_and_ledger_say_the_same_sum(settled: Batch, case: Case):
    """S19/5.4.14"""
    made = case.fresh().notice_list
    version = published_version(made)
    register = register_sheet(settled)
    paid = PaymentLedger.objects.filter(line__batch=settled)
    assert version.grand_total == TWO
    assert added_up(column(notice_sheet(made, version), "服务券金额（元）")) == TWO
    assert settled.total == TWO
    assert added_up(column(register, "应付合计（元）")) == TWO
    assert sum((entry.total for entry in paid), D("0.00")) == TWO
    assert (list_sums(made).agrees, batch_sums(settled).agrees) == (True, True)
    assert {row.label: row.amount for row in list_sums(made).rows}["其中：已兑付"] == TWO


def test_every_step_again_changes_nothing(settled: Batch, case: Case):
    made = case.fresh().notice_list
    payer = treasurer()
    before = _everything()
    assert domain.close_notice_list(notice=made.notice, by=PLATFORM, at=later(case, 90)) == 0
    assert refused(lambda: domain.sign_batch(batch=settled, by=case.city["approver"], at=later(case, 90))) != []
    assert refused(lambda: signed_batch(case)) == ["batch.empty"]
    assert refused(lambda: domain.publish_notice_list(
        notice_list=made, by=case.city["reviewer"], at=later(case, 90)
    )) == ["state.not_possible"]  # fmt: skip
    pay(settled, payer, case)
    assert _everything() == before


def _everything() -> list[object]:
    ledger = list(PaymentLedger.objects.order_by("pk").values())
    lines = list(BatchLine.objects.order_by("pk").values()) + list(NoticeLine.objects.order_by("pk").values())
    return [ledger, lines, Batch.objects.count(), Entry.objects.count()]


def test_a_payment_changed_in_the_ledger_is_named_on_the_page(settled: Batch, case: Case, client: Client):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE settlement_paymentledger DISABLE TRIGGER kit_append_only")
    PaymentLedger.objects.filter(redemption=case.redemption).update(amount=D("10000.00"))
    assert batch_sums(settled).differences == ("银行已付 21,000.00 元，台账已付 20,500.00 元，相差 500.00 元。",)
    assert list_sums(case.fresh().notice_list).differences == (
        "已兑付各行 21,000.00 元，台账已付 20,500.00 元，相差 500.00 元。",
    )
    client.force_login(User.objects.get(pk=case.city["reviewer"].user_id))
    assert "有合计不一致" in client.get(reverse("city:batch", args=[settled.pk])).content.decode()
    assert (
        "有合计不一致" in client.get(reverse("city:notice_list", args=[case.fresh().notice_list_id])).content.decode()
    )


def test_carried_over_lines_are_counted_apart_and_the_sums_agree(case: Case, other: Case):
    """S19/7.2"""
    approved(case)
    approved(other)
    made = published(case)
    domain.close_notice_list(notice=made.notice, by=PLATFORM, at=notice_over(case, made))
    batch = signed_batch(case, budget="10500.00")
    rows = {row.label: (row.number, row.amount) for row in batch_sums(batch).rows}
    one = (1, D("10500.00"))
    assert (rows["批次合计"], rows["结转下批"], rows["还没有银行结果"]) == (one, one, one)
    assert batch_sums(batch).agrees is True
    now = {row.label: row.number for row in list_sums(case.fresh().notice_list).rows}
    assert (now["其中：兑付中"], now["其中：结转下批优先兑付"]) == (1, 1)


def test_the_database_refuses_a_line_that_refers_to_nothing(settled: Batch, case: Case):
    line = settled.lines.first()
    copied = {field.attname: getattr(line, field.attname) for field in BatchLine._meta.concrete_fields}
    del copied["id"]
    with pytest.raises(Exception, match="refers to nothing"):
        BatchLine.objects.create(**{**copied, "redemption_id": 10**9, "order_no": 99})


def test_the_citys_own_money_is_in_what_waits_and_in_what_was_paid(case: Case):
    """T18/4.4.5"""
    payable(case)
    Redemption.objects.filter(pk=case.redemption.pk).update(matching_amount=Decimal("1000.00"))
    assert money_waiting(FOSHAN) == Decimal("11500.00")
    batch = signed_batch(case)
    pay(batch, treasurer(), case)
    assert paid_of_batch(batch) == sum_of_batch(batch) == Decimal("11500.00")
