"""A long notice list as PDF: drawn in parts, merged, with running page numbers, the seal on the last page."""

import io

import pypdfium2
import pytest

from platform_site.kit.pdf_merge_child import merge
from settlement.documents import WHOLE, in_parts, parts_pdf
from tests.benchmarks.notice_pdf import made_context

LINES = WHOLE + 120


@pytest.fixture(scope="module")
def pages() -> list[str]:
    document = pypdfium2.PdfDocument(parts_pdf(made_context(LINES)))
    return [document[index].get_textpage().get_text_bounded() for index in range(len(document))]


def test_page_numbers_run_on_over_the_parts(pages: list[str]):
    assert [f"— {number} —" in text for number, text in enumerate(pages, start=1)] == [True] * len(pages)


def test_no_line_is_lost_between_the_parts(pages: list[str]):
    text = "\n".join(pages)
    assert [number for number in range(1, LINES + 1) if f"\n{number}" not in text.replace("\r", "")] == []


def test_letter_heading_and_sum_stand_once(pages: list[str]):
    text = "".join(pages)
    assert (text.count("对名单有异议的"), text.count("合计（"), pages[0].count("附件：")) == (1, 1, 1)
    assert "指纹" in pages[-1]


def test_parts_are_whole_pages():
    every = made_context(LINES)["pages"]
    parts = list(in_parts(every, WHOLE))
    assert [page for part in parts for page in part] == every
    assert len(parts) == 2


def test_parts_share_their_fonts(tmp_path):
    context = made_context(LINES)
    one = parts_pdf({**context, "pages": context["pages"][:2]})
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(one)
    assert len(merge([tmp_path / "a.pdf", tmp_path / "b.pdf"])) < 1.3 * len(one)
    assert io.BytesIO(one).read(5) == b"%PDF-"
