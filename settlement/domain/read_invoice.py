"""Read an invoice's own words: QR code of a picture or PDF page, or the XML of an electronic invoice."""

import io

import pypdfium2
import zxingcpp
from lxml import etree
from PIL import Image, UnidentifiedImageError

from settlement.rules.readout import Readout, from_qr
from settlement.rules.xml_invoice import LAYOUTS, Layout, from_xml_values

_PAGES = 3
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_SCALE = 2.5  # 180 dpi: enough for the small code in the corner
_MAX_PIXELS = 40_000_000


def read_invoice(content: bytes, content_type: str) -> Readout | None:
    """None: nothing was found, or it is no invoice's code. Never raises for a damaged file: the eye decides then."""
    if content_type == "application/pdf":
        return _from_pdf(content)
    if content_type.startswith("image/"):
        return _from_picture(content)
    if "xml" in content_type:
        return _from_xml(content)
    return None


def _from_pdf(content: bytes) -> Readout | None:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return None
    try:
        for index in range(min(len(document), _PAGES)):
            found = _in_picture(document[index].render(scale=_SCALE).to_pil())
            if found:
                return found
    except pypdfium2.PdfiumError:
        return None
    finally:
        document.close()
    return None


def _from_picture(content: bytes) -> Readout | None:
    try:
        picture = Image.open(io.BytesIO(content))
        if picture.width * picture.height > _MAX_PIXELS:
            return None
        return _in_picture(picture.convert("L"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None


def _in_picture(picture: Image.Image) -> Readout | None:
    codes = zxingcpp.read_barcodes(picture, formats=_QR)
    return next((read for code in codes if (read := from_qr(code.text))), None)


def _from_xml(content: bytes) -> Readout | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    layout = LAYOUTS.get(etree.QName(root).localname)
    values = None if layout is None or root.getroottree().docinfo.doctype else _values(root, layout)
    return None if layout is None or values is None else from_xml_values(layout, values)


def _values(root: etree._Element, layout: Layout) -> dict[str, str] | None:
    """The text at every place of the layout; None where a place is there twice: which of them holds is not known."""
    values = {}
    for field, place in layout.places.items():
        found = [root]
        for name in place.split("/"):
            found = [node for above in found for node in above.iterchildren() if _named(node, name)]
        if len(found) > 1:
            return None
        values[field] = (found[0].text or "").strip() if found else ""
    return values


def _named(node: etree._Element, name: str) -> bool:
    return isinstance(node.tag, str) and etree.QName(node).localname == name
