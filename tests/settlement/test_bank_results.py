"""The filled register comes back: every row on its own, the good ones are recorded, the others say why not."""

import io
from datetime import date
from decimal import Decimal

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from platform_site.kit.xlsx import CONTENT_TYPE, workbook
from settlement import domain
from settlement.documents import REGISTER_COLUMNS, RESULT_HEADINGS, register_sheet
from settlement.forms.money import MAX_RESULT_ROWS, read_results
from settlement.models import BankResult, Batch, PaymentLedger
from tests.journeys.wrong import at
from tests.settlement.test_money import two_approved
from tests.settlement.test_pages import as_
from tests.settlement.world import PLATFORM, Case, later, notice_over, published, signed_batch, treasurer

HEAD = [name for name, _ in REGISTER_COLUMNS]
KINDS = dict(REGISTER_COLUMNS)


def sheet(rows: list[dict[str, object]], **kinds: str) -> bytes:
    """An Excel file with the register's columns; kinds: another way to write a column."""
    columns = [(name, (KINDS | kinds)[name]) for name in HEAD]
    return workbook("登记表", columns, [[row.get(name) for name in HEAD] for row in rows])


def register(batch: Batch) -> list[dict[str, object]]:
    """The register as the finance bureau downloads it, by heading."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(register_sheet(batch)))
    table = book.get_sheet_by_index(0).to_python()
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def row(**changes: object) -> dict[str, object]:
    """A paid line without fault."""
    made = {"兑现号": "DX2020-000001", "应付合计（元）": Decimal("10500.00"), "结果": "已付", "银行流水号": "BK1"}
    return made | {"付款日期": date(2020, 10, 21)} | changes


def problems(*rows: dict[str, object], **kinds: str) -> list[str]:
    return [one.problem for one in read_results(sheet(list(rows), **kinds), RESULT_HEADINGS)]


@pytest.fixture
def batch(case: Case, other: Case) -> Batch:
    two_approved(case, other)
    made = published(case)
    domain.close_notice_list(notice=made.notice, by=PLATFORM, at=notice_over(case, made))
    return signed_batch(case)


def test_rows_are_recorded_or_say_why_not(batch: Batch, case: Case, other: Case):
    first, second = register(batch)
    day = later(case, 61).date()
    paid = first | {"结果": "已付", "银行流水号": "BK1", "付款日期": day}
    payer = as_(treasurer())

    def uploaded(*rows: dict[str, object]) -> tuple[int, list[list[str]]]:
        file = SimpleUploadedFile("登记表.xlsx", sheet(list(rows)), content_type=CONTENT_TYPE)
        with at(later(case, 61)):
            answer = payer.post(reverse("finance:batch_results", args=[batch.pk]), {"file": file})
        return answer.status_code, [[found.code for found in one.findings] for one in answer.context["answers"]]

    stranger = row(兑现号="DX2020-999999", 付款日期=day)
    same_reference = second | {"结果": "已付", "银行流水号": "BK1", "付款日期": day}
    assert uploaded(paid, same_reference, stranger) == (200, [[], ["payment.reference_used"], ["results.row"]])
    assert (case.fresh().state, other.fresh().state) == ("paid", "paying")

    less = second | {"应付合计（元）": Decimal("10499.99"), "结果": "已付", "银行流水号": "BK2", "付款日期": day}
    assert uploaded(paid, less) == (200, [[], ["payment.amount"]])
    assert uploaded(paid | {"银行流水号": "BK3"}) == (200, [["payment.already_recorded"]])

    failed = second | {"结果": "银行退回", "银行流水号": "BK2", "付款日期": day}
    assert uploaded(failed) == (200, [["payment.no_reason"]])
    assert uploaded(paid, failed | {"退回原因": "户名不符"}) == (200, [[], []])
    assert (case.fresh().state, other.fresh().state) == ("paid", "failed")
    assert list(PaymentLedger.objects.values_list("bank_reference", "amount")) == [("BK1", Decimal("10500.00"))]
    results = BankResult.objects.order_by("pk").values_list("outcome", "reference", "reason")
    assert list(results) == [("paid", "BK1", ""), ("failed", "BK2", "户名不符")]
    assert Batch.objects.get().state == "settled"


def test_rows_without_a_result_are_left_out():
    empty = row(结果=None, 银行流水号=None, 付款日期=None)
    assert problems(empty, row()) == [""]


def test_each_unreadable_row_says_what_is_wrong():
    assert problems(row(结果="付了")) == ["“结果”写“已付”或“银行退回”，现在是“付了”。"]
    assert problems(row(银行流水号=None)) == ["没有填银行流水号。"]
    assert problems(row(付款日期="十月"), 付款日期="text") == ["付款日期写成 2020-10-21。"]
    unread = "“应付合计（元）”读不出金额，请保留登记表里的数。"
    wrong = ("一万", "1.005", "", "10,5oo.00")
    assert problems(*(row(**{"应付合计（元）": text}) for text in wrong), **{"应付合计（元）": "text"}) == [unread] * 4


def test_amounts_may_be_numbers_or_text_with_commas():
    texts = sheet([row(**{"应付合计（元）": "10,500.00"})], **{"应付合计（元）": "text"})
    amounts = [read_results(content, RESULT_HEADINGS)[0].amount for content in (texts, sheet([row()]))]
    assert amounts == [Decimal("10500.00")] * 2


def test_a_long_reference_that_excel_made_a_number_is_not_taken():
    lost = problems(row(银行流水号=Decimal("2.02010211234567E+15")), 银行流水号="money")
    assert lost == ["银行流水号被 Excel 当作数字，后面几位已经丢失。把这一格设成文本，按回单重填。"]
    assert problems(row(银行流水号=Decimal("20201021")), 银行流水号="money") == [""]
    assert problems(row(银行流水号="2020102112345678")) == [""]


def test_too_many_rows_are_refused_instead_of_cut_off():
    many = sheet([row() for _ in range(MAX_RESULT_ROWS + 1)])
    with pytest.raises(ValueError, match="一次最多 5,000 行"):
        read_results(many, RESULT_HEADINGS)
