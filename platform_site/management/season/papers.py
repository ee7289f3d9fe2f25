"""Contracts, invoices, payment slips and acceptance reports as real PDF files, with the QR code invoices carry.

Chinese text uses the standard CID font, which PDF readers bring along: no font file is embedded, a page takes 3 KB.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import cn2an
import segno
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
LEFT, BOTTOM, LINE = 64, 70, 20
TOP = 770.0
VAT_RATE = Decimal("1.06")


@dataclass(frozen=True, slots=True)
class Party:
    """A side of a contract or invoice."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a VAT invoice says; `code` is "" for fully digital ones. Amounts in yuan, tax included in `total`."""

    code: str
    number: str
    issued_on: date
    total: Decimal
    seller: Party
    buyer: Party
    goods: str

    @property
    def net(self) -> Decimal:
        return (self.total / VAT_RATE).quantize(Decimal("0.01"))

    @property
    def check_code(self) -> str:
        return f"{int(self.number[-8:]) * 7919 % 10**20:020d}"

    def qr_text(self) -> str:
        """Comma-separated fields, as printed at the head of the paper: classic or fully digital layout."""
        day = self.issued_on.strftime("%Y%m%d")
        if self.code:
            return f"01,10,{self.code},{self.number},{self.net},{day},{self.check_code},{self._mark()}"
        return f"01,32,,{self.number},{self.total},{day},,{self._mark()}"

    def _mark(self) -> str:
        return f"{int(self.number[-8:]) * 31 % 65536:04X}"


class Sheet:
    """A page-turning writer for simple papers."""

    def __init__(self, title: str) -> None:
        if FONT not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self._buffer = io.BytesIO()
        self.canvas = Canvas(self._buffer, pagesize=A4, invariant=1)
        self.canvas.setTitle(title)
        self.y = TOP

    def title(self, text: str, size: int = 18) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawCentredString(A4[0] / 2, self.y, text)
        self.y -= 2 * LINE

    def text(self, text: str, size: int = 11, indent: int = 0) -> None:
        self.canvas.setFont(FONT, size)
        room = A4[0] - 2 * LEFT - indent
        line = ""
        for letter in text:
            if pdfmetrics.stringWidth(line + letter, FONT, size) > room:
                self._put(line, size, indent)
                line = ""
            line += letter
        self._put(line, size, indent)

    def rows(self, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """A ruled table; cells are one line."""
        for row in rows:
            self._room()
            x = LEFT
            for cell, width in zip(row, widths, strict=True):
                self.canvas.rect(x, self.y - 5, width, LINE)
                self.canvas.setFont(FONT, 9.5)
                self.canvas.drawString(x + 4, self.y, cell)
                x += width
            self.y -= LINE
        self.y -= 8

    def qr(self, text: str, x: float, y: float, size: float) -> None:
        matrix = segno.make_qr(text, error="m").matrix
        unit = size / len(matrix)
        for line, cells in enumerate(matrix):
            for column, dark in enumerate(cells):
                if dark:
                    self.canvas.rect(x + column * unit, y + size - (line + 1) * unit, unit, unit, stroke=0, fill=1)

    def gap(self, lines: float = 1) -> None:
        self.y -= lines * LINE

    def pdf(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self._buffer.getvalue()

    def _put(self, line: str, size: int, indent: int) -> None:
        self._room()
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(LEFT + indent, self.y, line)
        self.y -= LINE

    def _room(self) -> None:
        if self.y < BOTTOM:
            self.canvas.showPage()
            self.y = TOP


def contract(
    *,
    number: str,
    signed_on: date,
    buyer: Party,
    seller: Party,
    product: str,
    modules: Sequence[str],
    costs: Sequence[tuple[str, Decimal]],
    place: str,
    devices: int | None,
) -> bytes:
    """A service contract that names product, modules, costs and place."""
    total = sum((amount for _, amount in costs), Decimal("0.00"))
    sheet = Sheet(f"合同 {number}")
    sheet.title("工业互联网应用服务合同")
    sheet.text(f"合同编号：{number}　　签订日期：{signed_on:%Y-%m-%d}")
    sheet.text(f"甲方：{buyer.name}（统一社会信用代码 {buyer.code}）")
    sheet.text(f"乙方：{seller.name}（统一社会信用代码 {seller.code}）")
    sheet.gap(0.5)
    sheet.text(f"一、甲方向乙方购买应用产品“{product}”，实施地点：{place}。")
    sheet.text(f"二、乙方交付的功能模块：{'、'.join(modules)}。")
    if devices:
        sheet.text(f"三、接入设备 {devices} 台，设备清单在验收时由双方确认。")
    sheet.text(f"四、合同总额 {total:,.2f} 元，大写：{capital(total)}。费用明细如下：")
    sheet.rows([("费用名称", "金额（元）"), *((name, f"{amount:,.2f}") for name, amount in costs)], (300, 150))
    sheet.text("五、付款：签订后七日内付三成，上线验收后付六成，余款在质保期满后付清。")
    sheet.text("六、乙方提供一年免费运维；双方对在合同中知悉的对方经营信息保密。")
    sheet.gap()
    sheet.text("甲方（盖章）：　　　　　　　　　　　　乙方（盖章）：")
    return sheet.pdf()


def invoice(paper: Invoice) -> bytes:
    """A VAT invoice with its QR code top left."""
    sheet = Sheet(f"发票 {paper.number}")
    sheet.qr(paper.qr_text(), LEFT, 740, 72)
    sheet.title("电子发票（普通发票）" if not paper.code else "增值税电子普通发票")
    if paper.code:
        sheet.text(f"发票代码：{paper.code}", indent=280)
    sheet.text(f"发票号码：{paper.number}", indent=280)
    sheet.text(f"开票日期：{paper.issued_on:%Y年%m月%d日}", indent=280)
    if paper.code:
        sheet.text(f"校验码：{paper.check_code}", indent=280)
    sheet.gap()
    sheet.text(f"购买方：{paper.buyer.name}　{paper.buyer.code}")
    sheet.text(f"销售方：{paper.seller.name}　{paper.seller.code}")
    net = paper.net
    goods = [("项目", "金额", "税额"), (paper.goods, f"{net:,.2f}", f"{paper.total - net:,.2f}")]
    sheet.rows(goods, (260, 100, 100))
    sheet.text(f"价税合计（大写）{capital(paper.total)}　（小写）¥{paper.total:.2f}")
    return sheet.pdf()


def payment_slip(*, reference: str, paid_on: date, amount: Decimal, payer: str, payee: str) -> bytes:
    """A bank's electronic receipt."""
    sheet = Sheet(f"回单 {reference}")
    sheet.title("银行电子回单")
    rows = [
        ("回单号", reference),
        ("交易日期", f"{paid_on:%Y-%m-%d}"),
        ("付款人", payer),
        ("收款人", payee),
        ("金额（元）", f"{amount:,.2f}"),
        ("大写", capital(amount)),
        ("用途", "应用服务合同款"),
    ]
    sheet.rows(rows, (110, 350))
    return sheet.pdf()


def acceptance_report(
    *, number: str, accepted_on: date, buyer: Party, seller: Party, product: str, modules: Sequence[str], devices: int
) -> bytes:
    """What was delivered, item by item."""
    sheet = Sheet(f"验收报告 {number}")
    sheet.title("项目验收报告")
    sheet.text(f"对应合同：{number}　　验收日期：{accepted_on:%Y-%m-%d}")
    sheet.text(f"甲方：{buyer.name}")
    sheet.text(f"乙方：{seller.name}")
    sheet.text(f"应用产品：{product}")
    sheet.rows([("交付内容", "结论"), *((module, "已交付，运行正常") for module in modules)], (300, 150))
    if devices:
        sheet.text(f"已接入设备 {devices} 台，逐台核对无误。")
    sheet.text("双方确认以上内容与合同约定一致，同意通过验收。")
    sheet.gap()
    sheet.text("甲方（盖章）：　　　　　　　　　　　　乙方（盖章）：")
    return sheet.pdf()


def plain_paper(title: str, lines: Sequence[str]) -> bytes:
    """Any other paper: a letter of authorisation, a proof, a statement."""
    sheet = Sheet(title)
    sheet.title(title)
    for line in lines:
        sheet.text(line)
    return sheet.pdf()


def capital(amount: Decimal) -> str:
    """The amount in the capital figures of cheques."""
    return str(cn2an.an2cn(f"{amount:.2f}", "rmb"))
