"""Read an invoice's own words: QR code of a picture, PDF page or OFD, or the XML of an electronic invoice."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, UnidentifiedImageError

from settlement.domain.read_ofd import from_xml, ofd_parts, ofd_readouts, xml_root
from settlement.rules.readout import Readout, agreed, from_qr
from settlement.rules.xml_invoice import cancelled_key

_PAGES = 3
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_SCALE = 2.5  # 180 dpi: enough for the small code in the corner
_MAX_PIXELS = 40_000_000
_SHARP_PIXELS = 8_000_000  # a larger picture is made smaller before the second and third look
_NO_PICTURE = (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError)


def read_invoice(content: bytes, content_type: str) -> Readout | None:
    """None: nothing was found, it is no invoice's code, or the file speaks of more than one invoice.

    Never raises for a damaged file: the eye decides then. Every place of the file that states the invoice must agree.
    """
    if content_type == "application/pdf":
        return _from_pdf(content)
    if content_type.startswith("image/"):
        return agreed(_in_file(content))
    if content_type == "application/ofd":
        return _from_ofd(content)
    if "xml" in content_type:
        root = xml_root(content)
        return None if root is None else from_xml(root)
    return None


def _from_pdf(content: bytes) -> Readout | None:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return None
    try:
        pages = range(min(len(document), _PAGES))
        found = [read for index in pages for read in _on_page(document[index])]
        read = agreed(found)
        if read is None or not read.red:
            return read
        remarks = "".join(document[index].get_textpage().get_text_bounded() for index in pages)
        return replace(read, cancels=cancelled_key("".join(remarks.split())))
    except pypdfium2.PdfiumError:
        return None
    finally:
        document.close()


def _on_page(page: pypdfium2.PdfPage) -> list[Readout]:
    """A page of unusual size is drawn smaller: memory depends on us, never on the file."""
    width, height = page.get_size()
    scale = min(_SCALE, (_MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    return _in_picture(page.render(scale=scale).to_pil().convert("L"))


def _from_ofd(content: bytes) -> Readout | None:
    pictures = [read for _, part in ofd_parts(content, ".png", ".jpg", ".jpeg") for read in _in_file(part)]
    return agreed([*ofd_readouts(content), *pictures])


def _in_file(content: bytes) -> list[Readout]:
    try:
        picture = Image.open(io.BytesIO(content))
        if picture.width * picture.height > _MAX_PIXELS:
            return []
        return _in_picture(picture.convert("L"))
    except _NO_PICTURE:
        return []


def _in_picture(picture: Image.Image) -> list[Readout]:
    """Every invoice code in it. What is not seen at first sight is looked at again, cleaner and larger."""
    for look in _looks(picture):
        codes = zxingcpp.read_barcodes(look, formats=_QR)
        found = [read for code in codes if (read := from_qr(code.text))]
        if found:
            return found
    return []


def _looks(picture: Image.Image) -> Iterator[Image.Image]:
    yield picture
    if picture.width * picture.height > _SHARP_PIXELS:
        picture.thumbnail((2800, 2800))
    yield picture.filter(ImageFilter.MedianFilter(3))
    yield picture.filter(ImageFilter.UnsharpMask(radius=3, percent=250, threshold=2))
    larger = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)
    yield larger.filter(ImageFilter.UnsharpMask(radius=4, percent=300, threshold=2))
