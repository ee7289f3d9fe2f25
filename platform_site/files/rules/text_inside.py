"""Text files: which encoding they are in, and whether an XML file is plain."""

import re

from lxml import etree

_ENCODINGS = ("utf-8-sig", "gb18030")
_PLAIN_XML = frozenset({"UTF-8", "UTF-16", "GB2312", "GBK", "GB18030", "US-ASCII", "ASCII", ""})
_SHOWN_BY_BROWSERS = frozenset({"html", "svg", "xhtml", "script", "stylesheet", "math"})
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def decoded(content: bytes) -> str:
    """UTF-8 or, as Chinese Excel saves it, GB18030. Raises UnicodeDecodeError for neither."""
    for encoding in _ENCODINGS[:-1]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(_ENCODINGS[-1])


def is_plain_text(content: bytes) -> bool:
    """Readable, without control characters, and no page, program or archive."""
    try:
        text = decoded(content)
    except UnicodeDecodeError:
        return False
    start = text.lstrip("\ufeff \t\r\n")[:200]
    return bool(start) and not start.startswith(("<", "#!", "%PDF", "MZ", "{\\rtf")) and not _UNSEEN.search(text)


def xml_problem(content: bytes) -> str:
    """ "broken" (not well-formed, or hidden by its encoding), "active" (document type, entities, pages) or ""."""
    if b"<!DOCTYPE" in content.replace(b"\0", b"") or b"<!ENTITY" in content.replace(b"\0", b""):
        return "active"
    root = parsed_xml(content)
    if root is None:
        return "broken"
    info = root.getroottree().docinfo
    if info.doctype:
        return "active"
    if (info.encoding or "").upper() not in _PLAIN_XML:
        return "broken"
    return "active" if _names(root) & _SHOWN_BY_BROWSERS or _styled(root) else ""


def parsed_xml(content: bytes) -> etree._Element | None:
    """The root, parsed without entities, network or outside types; None for what is not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None


def _names(root: etree._Element) -> set[str]:
    return {etree.QName(node).localname.lower() for node in root.iter() if isinstance(node.tag, str)}


def _styled(root: etree._Element) -> bool:
    """A style sheet named before the root would make a browser draw the file as a page."""
    before = root.getprevious()
    while before is not None:
        if isinstance(before, etree._ProcessingInstruction) and before.target == "xml-stylesheet":
            return True
        before = before.getprevious()
    return False
