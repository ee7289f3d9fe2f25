"""An invoice as OFD: a package of XML. Read from its attached invoice XML, the data at its head and its pictures."""

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from platform_site.files.rules.text_inside import parsed_xml
from settlement.rules.readout import Readout
from settlement.rules.xml_invoice import LAYOUTS, Layout, from_custom_data, from_xml_values

LARGEST_PART = 4 * 1024 * 1024
MOST_PARTS = 60
_BROKEN = (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError, RuntimeError)


def ofd_parts(content: bytes, *suffixes: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of the package's parts that end so; large ones and those after the first sixty are left out.

    Ends quietly where the package is damaged. The size is counted while unpacking: what the directory says is no proof.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = [name for name in package.namelist() if name.lower().endswith(suffixes)]
            for name in names[:MOST_PARTS]:
                with package.open(name) as part:
                    unpacked = part.read(LARGEST_PART + 1)
                if len(unpacked) <= LARGEST_PART:
                    yield name, unpacked
    except _BROKEN:
        return


def ofd_readouts(content: bytes) -> list[Readout]:
    """Every place of the package's XML that states the invoice, fullest first."""
    attached, heads = [], []
    for name, part in ofd_parts(content, ".xml"):
        root = xml_root(part)
        if root is None:
            continue
        if name == "OFD.xml":
            heads.append(from_custom_data(_custom_data(root)))
        else:
            attached.append(from_xml(root))
    return [read for read in (*attached, *heads) if read is not None]


def xml_root(content: bytes) -> etree._Element | None:
    """Of plain well-formed XML; None for anything else, document types included."""
    root = parsed_xml(content)
    return None if root is None or root.getroottree().docinfo.doctype else root


def from_xml(root: etree._Element) -> Readout | None:
    layout = LAYOUTS.get(etree.QName(root).localname)
    values = None if layout is None else _values(root, layout)
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


def _custom_data(root: etree._Element) -> dict[str, str]:
    """Name → text of the CustomData elements; a name that is there twice is left out."""
    pairs = [(node.get("Name") or "", (node.text or "").strip()) for node in root.iter() if _named(node, "CustomData")]
    names = [name for name, _ in pairs]
    return {name: text for name, text in pairs if names.count(name) == 1}


def _named(node: etree._Element, name: str) -> bool:
    return isinstance(node.tag, str) and etree.QName(node).localname == name
