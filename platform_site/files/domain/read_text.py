"""Read the words of a PDF, Word or OFD file, once, under limits; a scan has none and says so."""

import io
import uuid
import zipfile
from datetime import datetime

import pypdfium2
from lxml import etree

from platform_site.files.models import FileText, StoredFile
from platform_site.files.queries import content_of
from platform_site.files.rules.package_inside import BROKEN
from platform_site.files.rules.reading import Reading
from platform_site.files.rules.text_inside import parsed_xml
from platform_site.kit.command import command

MOST_PAGES = 200
MOST_SIGNS = 1_000_000
LARGEST_PART = 32 * 1024 * 1024
FEWEST_SIGNS = 40  # a scanner's own stamp is no text


@command
def read_text(*, file_id: uuid.UUID, at: datetime) -> FileText:
    """The words of the file, read now or known already. Raises StoredFile.DoesNotExist."""
    file = StoredFile.objects.get(pk=file_id)
    known = FileText.objects.filter(file=file).first()
    if known is not None:
        return known
    text, pages = words_of(content_of(file), file.content_type)
    reading = Reading.UNREADABLE if not pages else Reading.TEXT
    if pages and len("".join(text.split())) < FEWEST_SIGNS:
        reading, text = Reading.SCAN, ""
    row, _ = FileText.objects.get_or_create(
        file=file, defaults={"reading": reading, "text": text[:MOST_SIGNS], "pages": pages, "read_at": at}
    )
    return row


def words_of(content: bytes, content_type: str) -> tuple[str, int]:
    """Text and number of pages; pages 0: could not be opened. A picture is one page without text."""
    if content_type == "application/pdf":
        return _of_pdf(content)
    if content_type.startswith("image/"):
        return "", 1
    if content_type == "application/ofd":
        return _of_package(content, "Content.xml", "TextCode")
    if content_type.endswith("wordprocessingml.document"):
        return _of_package(content, "word/document.xml", "t")
    return "", 0


def _of_pdf(content: bytes) -> tuple[str, int]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return "", 0
    try:
        pages = min(len(document), MOST_PAGES)
        parts: list[str] = []
        for index in range(pages):
            if sum(map(len, parts)) < MOST_SIGNS:
                parts.append(document[index].get_textpage().get_text_bounded())
        # Signs that no font explains come as zeros, which the database takes for no text at all.
        return "\n".join(parts).replace("\0", ""), pages
    except pypdfium2.PdfiumError:
        return "", 0
    finally:
        document.close()


def _of_package(content: bytes, part_name: str, element: str) -> tuple[str, int]:
    """Text of all elements of this name in the parts whose name ends so."""
    found: list[str] = []
    pages = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for name in sorted(name for name in package.namelist() if name.endswith(part_name))[:MOST_PAGES]:
                with package.open(name) as part:
                    found += _texts(part.read(LARGEST_PART), element)
                pages += 1
    except BROKEN:
        return "", 0
    return "".join(found), pages


def _texts(part: bytes, element: str) -> list[str]:
    root = parsed_xml(part)
    if root is None:
        return []
    return [
        node.text or "" for node in root.iter() if isinstance(node.tag, str) and etree.QName(node).localname == element
    ]
