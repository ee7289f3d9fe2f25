"""What is this file really? Decided by its bytes, never by its name (guard 14)."""

import io
import re
import struct
import zipfile
from dataclasses import dataclass

from platform_site.kit.findings import Finding

MEGABYTE = 1024 * 1024
CLAUSE = "D/upload"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that may come in. `suffixes` as people know it; `limit` in bytes."""

    word: str
    content_type: str
    suffixes: tuple[str, ...]
    limit: int


KINDS = {
    "pdf": Kind("PDF", "application/pdf", (".pdf",), 20 * MEGABYTE),
    "jpg": Kind("JPG", "image/jpeg", (".jpg", ".jpeg"), 10 * MEGABYTE),
    "png": Kind("PNG", "image/png", (".png",), 10 * MEGABYTE),
    "ofd": Kind("OFD", "application/ofd", (".ofd",), 20 * MEGABYTE),
    "xml": Kind("XML", "application/xml", (".xml",), 2 * MEGABYTE),
    "xlsx": Kind(
        "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",), 10 * MEGABYTE
    ),
    "csv": Kind("CSV", "text/csv", (".csv", ".txt"), 5 * MEGABYTE),
}
LARGEST = max(kind.limit for kind in KINDS.values())
UNPACKED_LIMIT = 200 * MEGABYTE
UNPACKED_RATIO = 200
ENTRIES_LIMIT = 2_000
ACTIVE_PDF = (b"/JavaScript", b"/Launch", b"/EmbeddedFile")
_HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")  # PDF lets a name hide its letters: /J#61vaScript
_BROKEN_PACKAGE = (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError, struct.error)


def kind_of(content: bytes) -> str | None:
    """Key into KINDS, or None for anything else (programs, pages, archives)."""
    head = content[:1024]
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_package(content)
    return _kind_of_text(content)


def _kind_of_package(content: bytes) -> str | None:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except _BROKEN_PACKAGE:
        return None
    if "OFD.xml" in names:
        return "ofd"
    return "xlsx" if "xl/workbook.xml" in names else None


def _kind_of_text(content: bytes) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    start = text.lstrip()[:200].lower()
    if start.startswith("<?xml"):
        return "xml"
    if not start or start.startswith(("<", "#!")) or "\0" in text[:4096]:
        return None
    return "csv"


def content_findings(*, name: str, content: bytes, allow: tuple[str, ...], field: str = "") -> list[Finding]:
    """All reasons against this file; `allow` lists keys of KINDS, "image" stands for jpg and png."""
    allowed = [key for word in allow for key in (("jpg", "png") if word == "image" else (word,))]
    words = "、".join(KINDS[key].word for key in allowed)
    if not content:
        return [_finding("empty", "文件是空的", f"“{name}”没有内容。", "请重新选择文件上传。", field)]
    if len(content) > LARGEST:
        return [_oversized(name, content, "文件", LARGEST, field)]
    kind = kind_of(content)
    if kind is None or kind not in allowed:
        was = KINDS[kind].word if kind else "其他类型"
        why = f"“{name}”的实际内容是{was}，这里只收 {words}。按文件内容判断，与文件名无关。"
        return [_finding("kind", "文件类型不符", why, f"请另存为 {words} 后重新上传。", field)]
    return _suffix_findings(name, kind, field) + _size_findings(name, content, kind, field)


def _suffix_findings(name: str, kind: str, field: str) -> list[Finding]:
    if name.lower().endswith(KINDS[kind].suffixes):
        return []
    word = KINDS[kind].word
    return [
        _finding(
            "disguised", "文件名与内容不符", f"“{name}”的内容是{word}，文件名不是。", "请改正文件名后重新上传。", field
        )
    ]


def _size_findings(name: str, content: bytes, kind: str, field: str) -> list[Finding]:
    limit = KINDS[kind].limit
    if len(content) > limit:
        return [_oversized(name, content, f"{KINDS[kind].word} ", limit, field)]
    if kind in ("ofd", "xlsx") and _is_bomb(content):
        return [
            _finding("bomb", "压缩内容异常", f"“{name}”解开后过大，不能受理。", "请用办公软件重新导出后上传。", field)
        ]
    if kind == "pdf" and _is_active(content):
        return [
            _finding(
                "active", "PDF 带有程序或附件", f"“{name}”里有脚本或嵌入文件。", "请打印成 PDF 后重新上传。", field
            )
        ]
    return []


def _is_bomb(content: bytes) -> bool:
    entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    unpacked = sum(entry.file_size for entry in entries)
    return len(entries) > ENTRIES_LIMIT or unpacked > UNPACKED_LIMIT or unpacked > UNPACKED_RATIO * len(content)


def _is_active(content: bytes) -> bool:
    plain = _HEX_IN_NAME.sub(lambda found: bytes([int(found[1], 16)]), content)
    return any(marker in text for text in (content, plain) for marker in ACTIVE_PDF)


def _oversized(name: str, content: bytes, word: str, limit: int, field: str) -> Finding:
    why = f"“{name}”有 {len(content) / MEGABYTE:.1f} MB，{word}最多 {limit // MEGABYTE} MB。"
    return _finding("oversized", "文件太大", why, "请降低扫描分辨率或拆成几个文件。", field)


def _finding(code: str, title: str, reason: str, remedy: str, field: str) -> Finding:
    return Finding(code=f"upload.{code}", clause=CLAUSE, title=title, reason=reason, remedy=remedy, field=field)
