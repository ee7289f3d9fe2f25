"""Invoices as they come in practice, made from a seed: both QR layouts, XML, OFD, scans of every quality, forgeries.

Each paper says what it shows (`truth`) and what may be expected of the reader: "read", "either" (a poor scan: read
right or not at all), or "unread".
"""

import io
import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import segno
from PIL import Image, ImageDraw, ImageFilter
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.settlement.test_invoice_xml import DIGITAL, SERIES

BUYER = "佛山市栎渡五金制品有限公司"
SELLERS = ("衡牧工业软件（广州）有限公司", "穗岭云计算（深圳）有限公司", "榕泰数控科技有限公司")


@dataclass(frozen=True, slots=True)
class Truth:
    """An invoice. code "": fully digital. without, tax, amount in yuan."""

    code: str
    number: str
    issued_on: date
    without: Decimal
    tax: Decimal
    seller: str
    check: str = "12345678901234418206"
    cancels: str = ""

    @property
    def amount(self) -> Decimal:
        return self.without + self.tax

    def qr(self) -> str:
        day = self.issued_on.strftime("%Y%m%d")
        if self.code:
            return f"01,10,{self.code},{self.number},{self.without},{day},{self.check},A1B2"
        return f"01,32,,{self.number},{self.amount},{day},,C3D4"

    def xml(self) -> bytes:
        values = {"number": self.number, "without": self.without, "tax": self.tax, "amount": self.amount}
        values |= {"seller": self.seller, "check": self.check, "code": self.code, "eiid": self.number}
        text = (SERIES if self.code else DIGITAL).format(day=self.issued_on.isoformat(), **values)
        if self.cancels:
            note = f"对应正数发票代码:{self.cancels.replace(':', '号码:')}"
            text = text.replace("</fp:eInvoice>", f"<fp:Note>{note}</fp:Note></fp:eInvoice>")
            remark = (
                f"<AdditionalInformation><Remark>被红冲蓝字数电票号码：{self.cancels}</Remark></AdditionalInformation>"
            )
            text = text.replace("</EInvoiceData>", f"{remark}</EInvoiceData>")
        return text.encode()


@dataclass(frozen=True, slots=True)
class Paper:
    name: str
    content: bytes
    content_type: str
    truth: Truth
    expect: str = "read"


def truths(seed: int) -> Iterator[Truth]:
    """Without end: classic and digital in turn."""
    chance = random.Random(seed)
    while True:
        for digital in (False, True):
            without = Decimal(chance.randrange(100_00, 900_000_00)) / 100
            yield Truth(
                code="" if digital else f"0440020{chance.randrange(10**5):05d}",
                number=f"2044{chance.randrange(10**16):016d}" if digital else f"{chance.randrange(10**8):08d}",
                issued_on=date(2020, 3, 1) + timedelta(days=chance.randrange(200)),
                without=without,
                tax=(without * Decimal("0.06")).quantize(Decimal("0.01")),
                seller=chance.choice(SELLERS),
            )


def drawn(truth: Truth, *, module: int = 4) -> Image.Image:
    """The paper as a picture: a frame, lines of text, the code in its upper left corner. module: pixels of a square."""
    sheet = Image.new("L", (1700, 1100), 255)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((40, 260, 1660, 1040), outline=90, width=3)
    for line in range(300, 1040, 60):
        pen.line((40, line, 1660, line), fill=150)
        pen.text((80, line + 20), f"{truth.number} {truth.without} {truth.amount}", fill=40)
    code = io.BytesIO()
    segno.make(truth.qr(), error="m", micro=False).save(code, kind="png", scale=module, border=3)
    sheet.paste(Image.open(code).convert("L"), (60, 40))
    return sheet


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format=kind, **options)
    return out.getvalue()


def as_pdf(*pictures: Image.Image, text: str = "") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for picture in pictures:
        canvas.drawImage(ImageReader(picture.convert("RGB")), 20, 430, width=555, height=360)
        canvas.drawString(40, 400, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def as_ofd(truth: Truth, *, attached: bool = True, head: bool = True, picture: bool = False, **wrong: str) -> bytes:
    """A package as the tax service's tools make it. wrong: fields that the head states otherwise."""
    data = {"发票代码": truth.code, "发票号码": truth.number, "合计金额": truth.without, "合计税额": truth.tax}
    data |= {"开票日期": truth.issued_on.strftime("%Y年%m月%d日")} | wrong
    lines = "".join(f'<ofd:CustomData Name="{name}">{value}</ofd:CustomData>' for name, value in data.items())
    custom = f"<ofd:CustomDatas>{lines}</ofd:CustomDatas>" if head else ""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
        root = f"<ofd:OFD {space}><ofd:DocBody><ofd:DocInfo>{custom}</ofd:DocInfo></ofd:DocBody></ofd:OFD>"
        package.writestr("OFD.xml", f'<?xml version="1.0" encoding="UTF-8"?>{root}')
        package.writestr("Doc_0/Document.xml", f"<ofd:Document {space}/>")
        if attached:
            package.writestr("Doc_0/Attachs/original_invoice.xml", truth.xml())
        if picture:
            package.writestr("Doc_0/Res/image_0.png", saved(drawn(truth)))
    return out.getvalue()


def noisy(picture: Image.Image, chance: random.Random, share: float) -> Image.Image:
    """Specks of dust and toner."""
    spoilt = picture.copy()
    for _ in range(int(picture.width * picture.height * share)):
        spot = (chance.randrange(picture.width), chance.randrange(picture.height))
        spoilt.putpixel(spot, chance.choice((0, 255)))
    return spoilt


def _turned(picture: Image.Image, degrees: float) -> Image.Image:
    return picture.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def corpus(seed: int) -> list[Paper]:
    """The whole corpus; the same seed gives the same files."""
    some, chance = truths(seed), random.Random(seed)
    return [
        *_clean(some),
        *_scans(some, chance),
        *_packages(some),
        *_doubtful(some, chance),
    ]


def _clean(some: Iterator[Truth]) -> Iterator[Paper]:
    for number in range(6):
        truth = next(some)
        yield Paper(f"clean-{number}.png", saved(drawn(truth)), "image/png", truth)
        truth = next(some)
        yield Paper(f"clean-{number}.jpg", saved(drawn(truth), "JPEG", quality=90), "image/jpeg", truth)
        truth = next(some)
        yield Paper(f"clean-{number}.pdf", as_pdf(drawn(truth)), "application/pdf", truth)


def _scans(some: Iterator[Truth], chance: random.Random) -> Iterator[Paper]:
    for degrees in (90, 180, 270, 3, -7, 15, 33):
        truth = next(some)
        yield Paper(f"turned-{degrees}.png", saved(_turned(drawn(truth), degrees)), "image/png", truth)
        truth = next(some)
        yield Paper(f"turned-{degrees}.pdf", as_pdf(_turned(drawn(truth, module=6), degrees)), "application/pdf", truth)
    for radius, expect in ((1, "read"), (2, "read"), (3, "either"), (4, "either"), (6, "either"), (12, "unread")):
        truth = next(some)
        soft = drawn(truth, module=5).filter(ImageFilter.GaussianBlur(radius))
        yield Paper(f"blurred-{radius}.png", saved(soft), "image/png", truth, expect)
    for quality, expect in ((40, "read"), (15, "read"), (5, "either"), (1, "either")):
        truth = next(some)
        yield Paper(f"jpeg-{quality}.jpg", saved(drawn(truth), "JPEG", quality=quality), "image/jpeg", truth, expect)
    for share, expect in ((0.002, "read"), (0.01, "either"), (0.05, "either"), (0.3, "either"), (0.9, "unread")):
        truth = next(some)
        yield Paper(f"specks-{share}.png", saved(noisy(drawn(truth), chance, share)), "image/png", truth, expect)
    for size, expect in ((900, "either"), (600, "either"), (300, "unread")):
        truth = next(some)
        small = drawn(truth)
        small.thumbnail((size, size))
        yield Paper(f"small-{size}.png", saved(small), "image/png", truth, expect)
    truth = next(some)
    dim = drawn(truth).point([100 + value // 6 for value in range(256)])
    yield Paper("dim.png", saved(dim), "image/png", truth)
    torn = drawn(next(some))
    ImageDraw.Draw(torn).rectangle((60, 40, 130, 300), fill=255)
    yield Paper("torn.png", saved(torn), "image/png", truth, "unread")


def _packages(some: Iterator[Truth]) -> Iterator[Paper]:
    for number in range(4):
        truth = next(some)
        yield Paper(f"{number}.xml", truth.xml(), "application/xml", truth)
        truth = next(some)
        yield Paper(f"{number}.ofd", as_ofd(truth, picture=number == 0), "application/ofd", truth)
        truth = next(some)
        kinds = {"attached": number == 0, "head": number != 2, "picture": number >= 2}
        yield Paper(f"part-{number}.ofd", as_ofd(truth, **kinds), "application/ofd", truth)
    for _ in range(2):
        blue, red = next(some), next(some)
        cancels = f"{blue.code}:{blue.number}" if red.code and blue.code else blue.number
        taken = replace(
            red, without=-red.without, tax=-red.tax, cancels=cancels if bool(red.code) == bool(blue.code) else ""
        )
        yield Paper("red.xml", taken.xml(), "application/xml", taken)
        yield Paper("red.png", saved(drawn(taken)), "image/png", taken)


def _doubtful(some: Iterator[Truth], chance: random.Random) -> Iterator[Paper]:
    """Files that contradict themselves, speak of two invoices, or of none: never read."""
    truth, other = next(some), next(some)
    two = drawn(truth)
    code = io.BytesIO()
    segno.make(other.qr(), error="m").save(code, kind="png", scale=4, border=3)
    two.paste(Image.open(code).convert("L"), (900, 40))
    yield Paper("two-on-a-page.png", saved(two), "image/png", truth, "unread")
    yield Paper("two-pages.pdf", as_pdf(drawn(truth), drawn(other)), "application/pdf", truth, "unread")
    yield Paper("twice-the-same.pdf", as_pdf(drawn(truth), drawn(truth)), "application/pdf", truth)
    yield Paper("head-differs.ofd", as_ofd(truth, 合计金额="1.00"), "application/ofd", truth, "unread")
    yield Paper("number-differs.ofd", as_ofd(truth, 发票号码=other.number), "application/ofd", truth, "either")
    wrong = replace(truth, tax=truth.tax + 1)
    broken = wrong.xml().replace(str(wrong.amount).encode(), str(truth.amount).encode())
    yield Paper("does-not-add-up.xml", broken, "application/xml", truth, "unread")
    for text in ("https://example.org/pay?x=1", "01,10,0440020,003182,1.00,20200812,1,A", "01,32,,123,abc,20200812,,A"):
        sheet = Image.new("L", (900, 600), 255)
        code = io.BytesIO()
        segno.make(text).save(code, kind="png", scale=5, border=4)
        sheet.paste(Image.open(code).convert("L"), (40, 40))
        yield Paper(f"other-code-{len(text)}.png", saved(sheet), "image/png", truth, "unread")
    for kind, content_type in (("PNG", "image/png"), ("JPEG", "image/jpeg")):
        whole = saved(drawn(truth), kind)
        yield Paper(f"cut.{kind}", whole[: len(whole) // 9], content_type, truth, "unread")
    yield Paper("cut.pdf", as_pdf(drawn(truth))[:900], "application/pdf", truth, "unread")
    yield Paper("noise.png", chance.randbytes(4000), "image/png", truth, "unread")
    yield Paper("cut.ofd", as_ofd(truth)[:500], "application/ofd", truth, "unread")
