"""The guard at the door against files that mean harm; and honest files, which still come in."""

import io
import json
import subprocess
import sys

import pytest
import xlsxwriter
from django.conf import settings
from PIL import Image
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

from platform_site.files.rules.content import content_findings
from platform_site.files.rules.names import kept_name
from platform_site.files.rules.text_inside import decoded
from tests.files.hostile import DOCX, EVERYTHING, OFD, package

MEMORY = 400_000_000  # bytes above what the process had before
SECONDS = 12.0  # of one file, on a busy machine; 2 at most on a quiet one
LEAST = 100


def test_no_hostile_file_comes_in_and_none_costs_much(seed: int, record_property):
    done = subprocess.run(
        [sys.executable, "-m", "tests.files.judging_child", str(seed), str(MEMORY)],
        cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    record_property("files", len(told))
    record_property("slowest", max(one["seconds"] for one in told))
    assert [one["name"] for one in told if not one["codes"]] == []
    assert [one["name"] for one in told if one["seconds"] > SECONDS] == []
    assert len(told) >= LEAST


def plain_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(90, 700, "Contract")
    canvas.linkURL("https://example.org", (90, 600, 200, 640))
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def packed_pdf() -> bytes:
    """With object streams, as office programs write it."""
    out = io.BytesIO()
    writer = PdfWriter(io.BytesIO(plain_pdf()))
    writer.write(out)
    return out.getvalue()


def picture(kind: str, size: tuple[int, int] = (2480, 3508)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).save(out, kind)
    return out.getvalue()


def sheet() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet("设备")
    for row in range(20_000):
        page.write_row(row, 0, [f"A{row}", 30, "用户侧"])
    book.close()
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("合同.pdf", plain_pdf()),
        ("合同2.pdf", packed_pdf()),
        ("扫描 (1).jpg", picture("JPEG")),
        ("扫描.png", picture("PNG", (900, 600))),
        ("设备.xlsx", sheet()),
        ("发票.ofd", package(OFD)),
        ("合同.docx", package(DOCX)),
        ("设备.csv", "设备,分钟\r\nA1,30\r\n".encode("gb18030")),
        ("发票.xml", '<?xml version="1.0" encoding="GBK"?><发票 号码="1"/>'.encode("gbk")),
        ("资料\u200b副本.pdf", plain_pdf()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_honest_files_come_in(name: str, content: bytes):
    assert content_findings(name=name, content=content, allow=EVERYTHING) == []


def test_a_list_saved_by_chinese_excel_is_read_in_its_own_encoding():
    assert [decoded("设备,分钟".encode(code)) for code in ("utf-8", "utf-8-sig", "gb18030")] == ["设备,分钟"] * 3


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\合同.pdf", "合同.pdf"),
        ("/etc/passwd", "passwd"),
        ("合\u200b同.pdf", "合同.pdf"),
        ("a:b?.pdf", "a_b_.pdf"),
        ("...", "文件"),
        ("", "文件"),
    ],
)
def test_a_name_is_kept_without_folders_and_unseen_signs(given: str, kept: str):
    assert kept_name(given) == kept
