"""The contract's own words: what is found, what is for the eye, and scans that have none."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from platform_site.files.domain import read_text, store_bytes
from platform_site.files.domain.read_text import words_of
from platform_site.files.models import FileText
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from tests.files.hostile import package
from tests.vouchers.world import World, apply, make_enterprise, make_world
from vouchers.models import Contract, ContractFile
from vouchers.queries.contract_text import contract_text_findings
from vouchers.rules.contract_text import Sought, amount_of_words, amounts_in, days_in, text_findings

SOUGHT = Sought(
    parties=("佛山市栎渡五金制品有限公司", "衡牧工业软件（广州）有限公司"),
    product="衡牧云MES",
    modules=("生产计划", "质量管理"),
    amount=Decimal("59200.00"),
    signed_on=date(2020, 8, 12),
)
TEXT = """云平台服务合同  甲方：佛山市栎渡五金
制品有限公司  乙方: 衡牧工业软件(广州)有限公司
产品 衡牧云 ＭＥＳ，含生产计划、质量管理两个模块。合同总额 59,200.00 元
签订日期：2020年 8 月 12 日"""


def codes(text: str) -> list[str]:
    return [finding.code.removeprefix("contract_text.") for finding in text_findings(SOUGHT, text)]


def test_what_the_contract_says_is_found_whatever_its_spelling():
    assert codes(TEXT) == ["found"]


@pytest.mark.parametrize(
    ("was", "now", "missing"),
    [
        ("栎渡五金", "别家五金", ["party"]),
        ("衡牧云 ＭＥＳ", "衡牧云ERP", ["product"]),
        ("质量管理", "仓库管理", ["module"]),
        ("59,200.00", "59,300.00", ["amount"]),
        ("8 月 12 日", "8 月 13 日", ["date"]),
        ("59,200.00 元", "伍万玖仟贰佰元整", ["found"]),
        ("59,200.00 元", "5.92 万元", ["found"]),
        ("59,200.00 元", "59200", ["found"]),
        ("59,200.00 元", "592000", ["amount"]),
        ("2020年 8 月 12 日", "2020-08-12", ["found"]),
        ("2020年 8 月 12 日", "二〇二〇年八月十二日", ["found"]),
    ],
)
def test_each_thing_that_is_not_found_is_a_finding_to_look_at(was: str, now: str, missing: list[str]):
    assert codes(TEXT.replace(was, now)) == missing
    assert {finding.severity for finding in text_findings(SOUGHT, TEXT.replace(was, now))} <= {"ok", "warn"}


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("伍万玖仟贰佰元整", "59200.00"),
        ("壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", "1234567.89"),
        ("叁佰万零伍佰圆整", "3000500.00"),
        ("十二万元", "120000.00"),
        ("壹亿贰仟万元整", "120000000.00"),
    ],
)
def test_amounts_in_chinese_words(words: str, amount: str):
    assert amount_of_words(words) == Decimal(amount)
    assert Decimal(amount) in amounts_in(f"合计{words}，")


def test_impossible_days_are_none():
    assert days_in("2020年13月40日 2020.2.30") == set()


# -- read from the files -----------------------------------------------------------------------------------------------


def contract_pdf(text: str) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont("STSong-Light", 11)
    for number, line in enumerate(text.splitlines()):
        canvas.drawString(60, 780 - 18 * number, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def scan_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawImage(ImageReader(Image.new("L", (400, 600), 200)), 0, 0)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def contract_docx(text: str) -> bytes:
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f"<?xml version='1.0' encoding='UTF-8'?><w:document xmlns:w='{space}'><w:body>{lines}</w:body></w:document>"
    return package({"[Content_Types].xml": b"<Types/>", "word/document.xml": body.encode()})


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(("make", "content_type"), [(contract_pdf, "application/pdf"), (contract_docx, WORD)])
def test_pdf_and_word_are_searched_alike(make, content_type: str):
    text, pages = words_of(make(TEXT), content_type)
    assert (codes(text), pages) == (["found"], 1)


@pytest.fixture
def contract(db: None) -> tuple[World, Contract]:
    world = make_world(items=(5,))
    enterprise, actor = make_enterprise(world)
    receipt = apply(world, enterprise, actor, item=5, total="15000.00", devices=10)
    return world, receipt.voucher.contract


def with_file(contract: Contract, content: bytes, content_type: str = "application/pdf") -> list[str]:
    """The findings after the contract's only file is this one, read."""
    ContractFile.objects.filter(contract=contract).delete()
    around = {"purpose": "contract", "by": system_actor("tests"), "at": clock.now()}
    stored = store_bytes(name="合同", content=content, content_type=content_type, **around)
    ContractFile.objects.create(contract=contract, file=stored, kind="contract")
    assert [one.code for one in contract_text_findings(contract)] == ["contract_text.no_text"]
    read_text(file_id=stored.pk, at=clock.now())
    return [one.code for one in contract_text_findings(contract)]


def text_of(contract: Contract) -> str:
    return "\n".join(
        [
            contract.enterprise.name,
            contract.supplier.name,
            contract.product.name,
            *contract.modules,
            f"合同总额 {contract.total:,.2f} 元",
            contract.signed_on.strftime("%Y年%m月%d日"),
        ]
    )


def test_the_reviewer_sees_what_the_contract_says_and_does_not_say(contract: tuple[World, Contract]):
    _, row = contract
    assert with_file(row, contract_pdf(text_of(row))) == ["contract_text.found"]
    row.total += 1
    row.signed_on += timedelta(days=1)
    assert [one.code for one in contract_text_findings(row)] == ["contract_text.amount", "contract_text.date"]


def test_a_scan_without_text_says_so(contract: tuple[World, Contract]):
    _, row = contract
    assert with_file(row, scan_pdf()) == ["contract_text.no_text"]
    assert "扫描件" in contract_text_findings(row)[0].reason


def test_reading_twice_reads_once(contract: tuple[World, Contract]):
    _, row = contract
    with_file(row, contract_pdf(text_of(row)))
    first = FileText.objects.get()
    read_text(file_id=first.file_id, at=clock.now())
    assert FileText.objects.get().read_at == first.read_at
