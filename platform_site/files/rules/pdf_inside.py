"""What a PDF carries besides pages, looked for in its plain part and in every stream it packs away."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

MEGABYTE = 1024 * 1024
UNPACKED_LIMIT = 192 * MEGABYTE
MOST_STREAMS = 40_000
_ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|SubmitForm|ImportData|GoToE)(?![A-Za-z0-9])|/XFA[\s\[(<]"
)
_ENCRYPTED = re.compile(rb"/Encrypt(\s+\d+\s+\d+\s+R|\s*<<)")
_HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")  # PDF lets a name hide its letters: /J#61vaScript
_STREAM = re.compile(rb"stream\r?\n")
_FILTERS = re.compile(rb"/Filter\s*(\[[^\]]*\]|/[A-Za-z0-9]+)")
_PREDICTED = re.compile(rb"/Predictor\s+(?!1\b)")
_HEAD = 2048  # bytes before a stream in which its dictionary is looked for
_TAIL = 4096
_PICTURES = (b"/DCTDecode", b"/JPXDecode", b"/CCITTFaxDecode", b"/JBIG2Decode")


def pdf_problem(content: bytes) -> str:
    """ "truncated", "polyglot" (a package behind the document), "encrypted", "active", "hidden", "bomb" or "".

    "hidden": objects packed in a way that cannot be looked into.

    Bounded: each stream is unpacked piece by piece, all together up to UNPACKED_LIMIT.
    """
    if b"%%EOF" not in content[-_TAIL:]:
        return "truncated"
    if zipfile.is_zipfile(io.BytesIO(content)):
        return "polyglot"
    if content.count(b"stream") > 2 * MOST_STREAMS:
        return "bomb"
    plain = _named_plainly(content)
    if _ACTIVE.search(content) or _ACTIVE.search(plain):
        return "active"
    if _ENCRYPTED.search(plain):
        return "encrypted"
    left = UNPACKED_LIMIT
    for head, start in _streams(content):
        told, used = _stream_problem(head, content, start, left)
        left -= used
        if told or left <= 0:
            return told or "bomb"
    return ""


def _streams(content: bytes) -> Iterator[tuple[bytes, int]]:
    """Dictionary text and first byte of every stream."""
    for found in _STREAM.finditer(content):
        if content[max(found.start() - 3, 0) : found.start()] != b"end":
            head = content[max(found.start() - _HEAD, 0) : found.start()]
            begin = max(head.rfind(b" obj"), head.rfind(b"endobj"))
            yield _named_plainly(head[max(begin, 0) :]), found.end()


def _stream_problem(head: bytes, content: bytes, start: int, left: int) -> tuple[str, int]:
    """The problem or "", and how much was unpacked. Pictures in their own formats hold no objects and are passed by."""
    filters = b" ".join(_FILTERS.findall(head))
    objects = b"/ObjStm" in head or b"/First" in head
    if objects and (filters.count(b"/") != 1 or b"/FlateDecode" not in filters or _PREDICTED.search(head)):
        return ("hidden", 0) if filters else ("", 0)  # unfiltered objects lie in the plain part, looked at already
    if b"/FlateDecode" not in filters and b"/Fl" not in filters:
        return "", 0
    if any(name in filters for name in _PICTURES) and not objects:
        return "", 0
    return _unpacked_problem(content, start, left, objects=objects)


def _unpacked_problem(content: bytes, start: int, left: int, *, objects: bool) -> tuple[str, int]:
    """Unpack megabyte by megabyte; a little of the piece before is kept, so that nothing hides across the seam."""
    packed, used, kept = zlib.decompressobj(), 0, b""
    feed = memoryview(content)[start:]
    try:
        piece = packed.decompress(feed[: 64 * 1024], MEGABYTE)
        position = 64 * 1024
        while piece or packed.unconsumed_tail or (position < len(feed) and not packed.eof):
            used += len(piece)
            if _ACTIVE.search(_named_plainly(kept + piece)):
                return "active", used
            if used > left:
                return "bomb", used
            kept = piece[-64:]
            if packed.eof:
                break
            more = packed.unconsumed_tail
            if not more:
                more, position = bytes(feed[position : position + 64 * 1024]), position + 64 * 1024
            piece = packed.decompress(more, MEGABYTE)
    except zlib.error:
        return ("hidden" if objects else ""), used
    return ("hidden" if objects and not packed.eof else ""), used


def _named_plainly(text: bytes) -> bytes:
    return _HEX_IN_NAME.sub(lambda found: bytes([int(found[1], 16)]), text)
