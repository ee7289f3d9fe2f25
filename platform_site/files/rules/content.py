"""What is this file really? Decided by its bytes, never by its name (guard 14)."""

import io
import zipfile
from dataclasses import dataclass

from platform_site.files.rules.names import deceives
from platform_site.files.rules.package_inside import BROKEN, package_problem
from platform_site.files.rules.pdf_inside import pdf_problem
from platform_site.files.rules.picture_inside import picture_problem
from platform_site.files.rules.text_inside import is_plain_text, xml_problem
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
    "docx": Kind(
        "Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",), 20 * MEGABYTE
    ),
}
LARGEST = max(kind.limit for kind in KINDS.values())
_BYTE_MARKS = (b"\xff\xfe<\0", b"\xfe\xff\0<", b"<\0?\0")  # XML in UTF-16


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
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
    except BROKEN:
        return None
    marks = {"OFD.xml": "ofd", "xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
    kinds = [kind for name, kind in marks.items() if name in names]
    return kinds[0] if len(kinds) == 1 else None


def _kind_of_text(content: bytes) -> str | None:
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:5].lower()
    if start == b"<?xml" or content.startswith(_BYTE_MARKS):
        return "xml"
    return "csv" if is_plain_text(content) else None


def content_findings(*, name: str, content: bytes, allow: tuple[str, ...], field: str = "") -> list[Finding]:
    """All reasons against this file; `allow` lists keys of KINDS, "image" stands for jpg and png."""
    allowed = [key for word in allow for key in (("jpg", "png") if word == "image" else (word,))]
    words = "、".join(KINDS[key].word for key in allowed)
    if deceives(name):
        why = "文件名里有控制字符或改变显示方向的字符，看到的名字不是真的名字。"
        return [_finding("name", "文件名有问题", why, "请改一个只有文字、数字的文件名后重新上传。", field)]
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
    problem = _INSIDE[kind](content)
    if not problem:
        return []
    code, title, reason, remedy = _PROBLEMS[problem]
    return [_finding(code, title, reason.format(name=f"“{name}”"), remedy, field)]


def _nothing(content: bytes) -> str:
    """CSV was read as a whole to know its kind."""
    del content
    return ""


_INSIDE = {
    "pdf": pdf_problem,
    "jpg": picture_problem,
    "png": picture_problem,
    "ofd": package_problem,
    "xlsx": package_problem,
    "docx": package_problem,
    "xml": xml_problem,
    "csv": _nothing,
}
_PRINT = "请打印成 PDF 后重新上传。"
_EXPORT = "请用办公软件重新导出后上传。"
# problem → code of the finding, title, reason, remedy
_PROBLEMS = {
    "active": ("active", "文件带有程序或附件", "{name}里有脚本、嵌入的文件或外部引用。", _PRINT),
    "hidden": ("active", "PDF 里有看不到的内容", "{name}把一部分内容藏在无法检查的压缩里。", _PRINT),
    "encrypted": ("encrypted", "PDF 加了密", "{name}加了密，内容无法检查，审核人员也可能打不开。", _PRINT),
    "bomb": ("bomb", "压缩内容异常", "{name}解开后过大，不能受理。", _EXPORT),
    "path": ("path", "压缩包里的路径异常", "{name}里有指向别处的路径或重名的部分。", _EXPORT),
    "polyglot": (
        "active",
        "文件里夹带别的内容",
        "{name}里还藏着网页、程序或压缩包。",
        "请重新打印成 PDF 或截图后上传。",
    ),
    "truncated": ("damaged", "文件不完整", "{name}缺少一部分，打不开。", "请重新生成或重新扫描后上传。"),
    "broken": ("damaged", "文件不完整", "{name}的结构有损坏，打不开。", _EXPORT),
}


def _oversized(name: str, content: bytes, word: str, limit: int, field: str) -> Finding:
    why = f"“{name}”有 {len(content) / MEGABYTE:.1f} MB，{word}最多 {limit // MEGABYTE} MB。"
    return _finding("oversized", "文件太大", why, "请降低扫描分辨率或拆成几个文件。", field)


def _finding(code: str, title: str, reason: str, remedy: str, field: str) -> Finding:
    return Finding(code=f"upload.{code}", clause=CLAUSE, title=title, reason=reason, remedy=remedy, field=field)
