"""What a package (OFD, xlsx, docx: a ZIP of parts) carries: every part is unpacked under a limit and looked at."""

import io
import re
import stat
import struct
import zipfile
import zlib

MEGABYTE = 1024 * 1024
UNPACKED_LIMIT = 200 * MEGABYTE
UNPACKED_RATIO = 200
ENTRIES_LIMIT = 2_000
BROKEN = (
    zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError, RuntimeError, struct.error, zlib.error,
)  # fmt: skip
_PIECE = MEGABYTE
_NESTED = (
    b"PK\x03\x04",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"MZ",
    b"\x7fELF",
    b"%PDF-",
    b"\xd0\xcf\x11\xe0",
)
_ACTIVE_PART = re.compile(
    r"(vbaproject|/activex/|/embeddings/|/externallinks/|/macrosheets/|/customui|\.(exe|dll|js|vbs|bat|jar|hta|lnk)$)"
)
_TYPE_OR_ENTITY = re.compile(rb"<!(DOCTYPE|ENTITY)")
_ACTIVE_TYPE = re.compile(rb"macroEnabled|vbaProject|/attachedTemplate\"|/oleObject\"")
_XML = (".xml", ".rels", ".vml", ".xsd")


def package_problem(content: bytes) -> str:
    """ "broken", "bomb", "path", "active" or "". Raises nothing; memory stays below a few megabytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            return _shape_problem(package, entries, content) or _parts_problem(package, entries, len(content))
    except BROKEN:
        return "broken"


def _shape_problem(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo], content: bytes) -> str:
    """What the directory alone tells."""
    names = [entry.filename for entry in entries]
    if len(entries) > ENTRIES_LIMIT or sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        return "bomb"
    if sum(entry.compress_size for entry in entries) > len(content):  # parts that share their bytes
        return "bomb"
    if any(_leads_astray(entry) for entry in entries) or len({name.lower() for name in names}) < len(names):
        return "path"
    # Nothing behind the directory: a second file could hide there (polyglots).
    closed = content.rfind(b"PK\x05\x06") + 22 + len(package.comment) == len(content)
    if not closed or any(entry.flag_bits & 1 for entry in entries):
        return "broken"
    return "active" if any(_ACTIVE_PART.search(f"/{name.lower()}") for name in names) else ""


def _leads_astray(entry: zipfile.ZipInfo) -> bool:
    """Out of the folder, onto a drive, through a link, or with signs nobody can see."""
    name = entry.orig_filename
    parts = name.replace("\\", "/").split("/")
    linked = stat.S_ISLNK(entry.external_attr >> 16)
    return linked or "\\" in name or ":" in name or ".." in parts or name.startswith("/") or not name.isprintable()


def _parts_problem(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int) -> str:
    """Counted while unpacking: the directory may lie."""
    unpacked = 0
    for entry in entries:
        is_xml, kept = entry.filename.lower().endswith(_XML), b""
        with package.open(entry) as part:
            first = part.read(_PIECE)
            piece = first
            while piece:
                unpacked += len(piece)
                if unpacked > UNPACKED_LIMIT or unpacked > UNPACKED_RATIO * size + MEGABYTE:
                    return "bomb"
                if is_xml and _xml_problem(kept + piece):
                    return "active"
                kept, piece = piece[-64:], part.read(_PIECE)
        if first.startswith(_NESTED):
            return "active"
    return ""


def _xml_problem(text: bytes) -> bool:
    """Document types and entities in any of the Unicode spellings; parts that load programs."""
    plain = text.replace(b"\0", b"")
    return bool(_TYPE_OR_ENTITY.search(plain) or _ACTIVE_TYPE.search(plain))
