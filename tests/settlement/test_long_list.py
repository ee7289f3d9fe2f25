"""A long notice list as PDF: drawn in parts, merged, with running page numbers, the seal on the last page."""

import io
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest

from platform_site.kit import pdf as kit_pdf
from platform_site.kit.pdf_merge_child import merge
from settlement.documents import COLUMN_CLASSES, WHOLE, annex_pages, in_parts, parts_pdf
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


@pytest.mark.parametrize("more", [{"has_bonus"}, {"has_matching"}, {"has_bonus", "has_matching"}])
def test_bonus_and_the_citys_own_money_have_their_columns_and_pages_still_break_where_they_are_meant_to(more: set[str]):
    context = made_context(60)
    lines = [line for page in context["pages"] for line in page.lines]
    for line in lines:
        line.bonus, line.matching = Decimal("100000.00"), Decimal("123456.78")
    context |= dict.fromkeys(more, True) | {"columns": COLUMN_CLASSES[len(more)]}
    context["pages"] = annex_pages(lines, more=len(more))
    document = pypdfium2.PdfDocument(parts_pdf(context))
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert len(document) == len(context["pages"]) + 1
    assert (text.count("123,456.78"), text.count("100,000.00")) == (
        60 * ("has_matching" in more), 60 * ("has_bonus" in more),
    )  # fmt: skip


def test_a_part_that_cannot_be_drawn_ends_the_whole_with_its_reason_and_leaves_the_fonts_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """Fontconfig that finds no memory writes an empty list of fonts into its cache, from which all then read."""
    fonts = f"<fontconfig><dir>/usr/share/fonts</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    (tmp_path / "fonts.conf").write_text(fonts)
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    with monkeypatch.context() as short:
        short.setattr(kit_pdf, "MEMORY_LIMIT", 1)
        with pytest.raises(kit_pdf.PdfFailedError, match=r"the child ended with -?[1-9]\d*: \S"):
            parts_pdf(made_context(20))
    document = pypdfium2.PdfDocument(kit_pdf.render_pdf("<p>公示名单"))
    assert "公示名单" in document[0].get_textpage().get_text_bounded()
