"""The XML of an electronic invoice: two layouts are read, in doubt nothing is."""

from datetime import date
from decimal import Decimal

import pytest

from settlement.domain.read_invoice import read_invoice
from settlement.rules.readout import Readout, compare

DIGITAL = """<?xml version="1.0" encoding="UTF-8"?>
<EInvoice>
  <Header><EIid>{eiid}</EIid><EInvoiceTag>SWEI3200</EInvoiceTag><Version>0.2</Version></Header>
  <EInvoiceData>
    <SellerInformation><SellerIdNum>91440101MA5CXXXX0A</SellerIdNum><SellerName>{seller}</SellerName></SellerInformation>
    <BuyerInformation><BuyerIdNum>91440605MA5CXXXX0B</BuyerIdNum><BuyerName>佛山市栎渡五金制品有限公司</BuyerName>
    </BuyerInformation>
    <BasicInformation><TotalAmWithoutTax>{without}</TotalAmWithoutTax><TotalTaxAm>{tax}</TotalTaxAm>
      <TotalTax-includedAmount>{amount}</TotalTax-includedAmount>
      <TotalTax-includedAmountInChinese>伍万玖仟贰佰元整</TotalTax-includedAmountInChinese>
      <RequestTime>2020-08-11 09:30:00</RequestTime></BasicInformation>
    <IssuItemInformation><ItemName>*信息技术服务*软件</ItemName><Amount>849.06</Amount><ComTaxAm>50.94</ComTaxAm>
      <TotaltaxIncludedAmount>900.00</TotaltaxIncludedAmount></IssuItemInformation>
    <IssuItemInformation><ItemName>*信息技术服务*实施</ItemName><Amount>55000.00</Amount><ComTaxAm>3300.00</ComTaxAm>
      <TotaltaxIncludedAmount>58300.00</TotaltaxIncludedAmount></IssuItemInformation>
  </EInvoiceData>
  <TaxSupervisionInfo><InvoiceNumber>{number}</InvoiceNumber><IssueTime>{day}</IssueTime></TaxSupervisionInfo>
</EInvoice>"""
SERIES = """<?xml version="1.0" encoding="UTF-8"?>
<fp:eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019">
  <fp:DocID>1</fp:DocID><fp:InvoiceCode>{code}</fp:InvoiceCode><fp:InvoiceNo>{number}</fp:InvoiceNo>
  <fp:IssueDate>{day}</fp:IssueDate><fp:InvoiceCheckCode>{check}</fp:InvoiceCheckCode>
  <fp:Buyer><fp:BuyerName>佛山市栎渡五金制品有限公司</fp:BuyerName></fp:Buyer>
  <fp:TaxInclusiveTotalAmount>{amount}</fp:TaxInclusiveTotalAmount>
  <fp:GoodsInfos><fp:GoodsInfo><fp:Item>软件</fp:Item><fp:Amount>1.00</fp:Amount></fp:GoodsInfo></fp:GoodsInfos>
  <fp:TaxTotalAmount>{tax}</fp:TaxTotalAmount><fp:TaxExclusiveTotalAmount>{without}</fp:TaxExclusiveTotalAmount>
  <fp:Seller><fp:SellerName>{seller}</fp:SellerName></fp:Seller>
</fp:eInvoice>"""
NUMBER = "20442000000012345678"
SELLER = "衡牧工业软件（广州）有限公司"
SUMS = {"without": "55849.06", "tax": "3350.94", "amount": "59200.00"}


def digital(**changes: str) -> bytes:
    values = {"eiid": NUMBER, "number": NUMBER, "day": "2020-08-12", "seller": SELLER} | SUMS | changes
    return DIGITAL.format(**values).encode()


def series(**changes: str) -> bytes:
    values = {"code": "044002099111", "number": "00318207", "day": "2020年08月12日", "check": "12345 67890 12344 18206"}
    return SERIES.format(**(values | {"seller": SELLER} | SUMS | changes)).encode()


def read(content: bytes) -> Readout | None:
    return read_invoice(content, "application/xml")


def test_the_fully_digital_invoice_is_read_by_its_totals_not_by_a_line():
    found = read(digital())
    assert found is not None
    assert (found.number, found.code, found.issued_on) == (NUMBER, "", date(2020, 8, 12))
    assert (found.amount, found.amount_without_tax) == (Decimal("59200.00"), Decimal("55849.06"))
    assert (found.seller, found.buyer) == (SELLER, "佛山市栎渡五金制品有限公司")


def test_the_invoice_with_code_and_number_is_read():
    found = read(series())
    assert found is not None
    assert (found.number, found.code, found.check_code) == ("00318207", "044002099111", "418206")
    assert (found.issued_on, found.amount, found.seller) == (date(2020, 8, 12), Decimal("59200.00"), SELLER)


def test_what_was_read_is_compared_with_what_was_typed():
    found = read(digital())
    assert found is not None
    typed = {"code": "", "number": NUMBER, "issued_on": date(2020, 8, 12), "check_code": ""}
    sums = {"amount": Decimal("59200.00"), "amount_without_tax": Decimal("55849.00")}
    told = {line.label: line.same for line in compare(found, typed | sums)}
    assert told == {
        "发票号码": True, "开票日期": True, "不含税金额": False, "价税合计": True, "销售方": False, "购买方": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "2044200000001234567"},  # a digit short
        {"eiid": "20442000000099999999"},  # head and foot disagree
        {"day": "2020-13-12"},
        {"day": ""},
        {"day": "12/08/2020"},
        {"amount": "59200.01"},  # does not add up
        {"tax": "***"},
        {"amount": "0.00", "without": "0.00", "tax": "0.00"},
        {"amount": "5.92E4"},
        {"amount": "59,200.00"},
        {"seller": ""},
    ],
    ids=lambda changes: "-".join(f"{name}={value}" for name, value in changes.items()),
)
def test_in_doubt_nothing_is_read(changes: dict[str, str]):
    assert read(digital(**changes)) is None


@pytest.mark.parametrize("changes", [{"code": "0440"}, {"number": "318207"}, {"tax": "免税"}, {"amount": "59200.10"}])
def test_in_doubt_nothing_is_read_of_the_other_layout(changes: dict[str, str]):
    assert read(series(**changes)) is None


@pytest.mark.parametrize(
    "content",
    [
        b"<business><body><Fphm>00318207</Fphm><Jshj>59200.00</Jshj><Kprq>20200812</Kprq></body></business>",
        b"<Invoice><InvoiceNumber>00318207</InvoiceNumber><TotalAmount>59200.00</TotalAmount></Invoice>",
        b"<EInvoice></EInvoice>",
        b"<EInvoice><Header>",
        b"not xml",
        b"",
        b'<!DOCTYPE EInvoice [<!ENTITY n "20442000000012345678">]>' + digital().split(b"?>", 1)[1],
    ],
    ids=["upload-format", "own-format", "empty", "torn", "text", "nothing", "doctype"],
)
def test_other_layouts_and_broken_files_are_not_read(content: bytes):
    assert read(content) is None


def test_a_total_that_is_there_twice_is_not_read():
    doubled = digital().replace(b"<TotalTaxAm>", b"<TotalAmWithoutTax>55849.06</TotalAmWithoutTax><TotalTaxAm>")
    assert read(doubled) is None
