"""Papers out: the official notice list as PDF and Excel, the register of a batch, work lists."""

import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import cn2an
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from platform_site.audit.queries import seal_of
from platform_site.kit.clause_names import clause_name
from platform_site.kit.marks import fingerprint_svg, grouped, qr_svg
from platform_site.kit.pdf import render_pdf
from platform_site.kit.pdf_parts import render_parts
from platform_site.kit.xlsx import workbook
from settlement.domain.publish_notice_list import WHOLE
from settlement.models import Batch, BatchLine, NoticeLine, NoticeList, NoticeListVersion, Redemption
from settlement.queries.batches import lines_of_batch
from settlement.queries.lists import lines_of
from settlement.rules.order import PRIORITY_LABELS
from settlement.rules.wording import round_word, row_height

PRINTED_DIGITS = 32
# Millimetres of the annex as document.css draws it, on the safe side: fixed pages never spill over.
FIRST_PAGE, OTHER_PAGE, CLOSING = 196.0, 226.0, 42.0
ROW = {"least": 8.05, "line": 5.05, "padding": 2.3}
# Families that document.css names first → what the machine has for them, and the weight.
PART_FONTS = {
    "FangSong_GB2312": ("Noto Serif CJK SC", 400),
    "FangSong_GB2312|bold": ("Noto Serif CJK SC:bold", 700),
    "FZXiaoBiaoSong-B05S": ("Noto Serif CJK SC:bold", 700),
    "SimHei": ("Noto Sans CJK SC", 400),
    "SimSun": ("Noto Serif CJK SC", 400),
}
# Full-width characters of the three names, by how many columns of money stand beside the voucher's.
WIDTHS = ((12.6, 14.0, 8.6), (11.0, 11.8, 7.0), (9.0, 9.6, 5.8))
COLUMN_CLASSES = ("", "one-more", "two-more")


@dataclass(frozen=True, slots=True)
class AnnexPage:
    """A page of the annex table with fixed rows. number: as printed at the foot."""

    number: int
    lines: list[NoticeLine]
    last: bool

    @property
    def first(self) -> bool:
        """The annex begins behind the letter, which is page 1."""
        return self.number == 2

    @property
    def side(self) -> str:
        return "odd" if self.number % 2 else "even"


def notice_pdf(notice_list: NoticeList, version: NoticeListVersion, verify_url: str) -> bytes:
    """Drawn in child processes; raises PdfUnavailableError where the machine lacks pango.

    More than WHOLE lines are drawn in parts of so many, so that memory stays that of a part; page numbers run on.
    """
    if version.count <= WHOLE:
        return render_pdf(notice_html(notice_list, version, verify_url))
    return parts_pdf(_context(notice_list, version, verify_url))


def parts_pdf(context: dict[str, Any]) -> bytes:
    """The list of this context drawn in parts of about WHOLE lines."""
    groups = list(in_parts(context["pages"], WHOLE))
    shown = (
        render_to_string("documents/notice_list.html", {**context, "pages": pages, "letter": number == 0})
        for number, pages in enumerate(groups)
    )
    frame = render_to_string("documents/notice_list.html", {**context, "pages": [], "letter": True})
    closing = render_to_string("documents/notice_list.html", {**context, "pages": groups[-1], "letter": False})
    signs = set(frame) | set(closing) | set(string.printable)
    for page in context["pages"]:
        for line in page.lines:
            signs.update(line.enterprise_name, line.supplier_name, line.product_name)
    return render_parts(shown, fonts=PART_FONTS, signs={sign for sign in signs if sign.isprintable()})


def in_parts(pages: list[AnnexPage], lines: int) -> Iterator[list[AnnexPage]]:
    """Whole pages together until they hold so many lines."""
    part: list[AnnexPage] = []
    for page in pages:
        part.append(page)
        if sum(len(one.lines) for one in part) >= lines:
            yield part
            part = []
    if part:
        yield part


def notice_html(notice_list: NoticeList, version: NoticeListVersion, verify_url: str) -> str:
    """The same document as a page of its own, for printing from the browser."""
    return render_to_string("documents/notice_list.html", _context(notice_list, version, verify_url))


def _context(notice_list: NoticeList, version: NoticeListVersion, verify_url: str) -> dict[str, Any]:
    lines = list(lines_of(version))
    total = version.grand_total
    has_bonus, has_matching = version.bonus_total > 0, version.matching_total > 0
    return {
        "letter": True,
        "list": notice_list,
        "version": version,
        "pages": annex_pages(lines, more=has_bonus + has_matching),
        "round": round_word(int(notice_list.number.rsplit("-", 1)[1])),
        "total": total,
        "total_in_words": in_words(total),
        "has_bonus": has_bonus,
        "has_matching": has_matching,
        "columns": COLUMN_CLASSES[has_bonus + has_matching],
        "notice": notice_list.notice,
        "edition": notice_list.period.edition,
        "clause": clause_name("S19/5.4.14"),
        "qr": _drawn(qr_svg(verify_url, "查验二维码")),
        "fingerprint": _drawn(fingerprint_svg(version.content_hash, "指纹图")),
        "digits": grouped(version.content_hash[:PRINTED_DIGITS]),
        "seal": seal_of(version),
    }


def annex_pages(lines: list[NoticeLine], *, more: int = 0) -> list[AnnexPage]:
    """Rows per page by their height, so that every page breaks where it is meant to; sum and seal close the last.

    more: columns of money beside the voucher's (bonus, the city's own).
    """
    chunks: list[list[NoticeLine]] = [[]]
    left = FIRST_PAGE
    for line in lines:
        cells = (line.enterprise_name, line.supplier_name, line.product_name)
        height = row_height(cells, WIDTHS[more], **ROW)
        if height > left:
            chunks.append([])
            left = OTHER_PAGE
        chunks[-1].append(line)
        left -= height
    if left < CLOSING:
        chunks.append([])
    last = len(chunks) - 1
    return [AnnexPage(number + 2, chunk, number == last) for number, chunk in enumerate(chunks)]


def in_words(amount: Decimal) -> str:
    """叁佰捌拾伍万陆仟柒佰壹拾元整."""
    return str(cn2an.an2cn(f"{amount:.2f}", "rmb"))


def _drawn(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308  made by kit.marks from digits and an address of our own


NOTICE_COLUMNS = [
    ("序号", "number"),
    ("工业企业名称", "text"),
    ("供应商名称", "text"),
    ("应用产品名称", "text"),
    ("服务券金额（元）", "money"),
    ("两化融合奖补（元）", "money"),
    ("市级配套（元）", "money"),
    ("券号", "text"),
    ("本行指纹", "text"),
]


def notice_sheet(notice_list: NoticeList, version: NoticeListVersion) -> bytes:
    """The list as Excel, for everybody and for the city's own site."""
    rows = (
        (
            line.line_no,
            line.enterprise_name,
            line.supplier_name,
            line.product_name,
            line.amount,
            line.bonus,
            line.matching,
            line.voucher_number,
            line.line_hash[:PRINTED_DIGITS],
        )
        for line in lines_of(version)
    )
    return workbook(notice_list.number, NOTICE_COLUMNS, rows)


REGISTER_COLUMNS = [
    ("序号", "number"),
    ("兑现号", "text"),
    ("企业", "text"),
    ("户名", "text"),
    ("开户行", "text"),
    ("账号", "text"),
    ("服务券金额（元）", "money"),
    ("两化融合奖补（元）", "money"),
    ("市级配套（元）", "money"),
    ("应付合计（元）", "money"),
    ("顺序依据", "text"),
    ("本批支付", "text"),
    ("结果", "text"),
    ("银行流水号", "text"),
    ("付款日期", "date"),
    ("退回原因", "text"),
]
# The finance bureau fills in the last four and sends the same file back.
RESULT_HEADINGS = ("兑现号", "应付合计（元）", "结果", "银行流水号", "付款日期", "退回原因")


def register_sheet(batch: Batch) -> bytes:
    """The register of a batch: to pay by, and to send back with the results."""
    return workbook(batch.number, REGISTER_COLUMNS, (_register_row(line) for line in lines_of_batch(batch)))


def _register_row(line: BatchLine) -> tuple[object, ...]:
    result = getattr(line, "result", None)
    return (
        line.order_no,
        line.redemption.number,
        line.redemption.voucher.enterprise.name,
        line.account_name,
        line.bank_name,
        line.account,
        line.amount,
        line.bonus,
        line.matching,
        line.total,
        PRIORITY_LABELS.get(line.priority, line.priority),
        "是" if line.fits else "结转下批",
        result.get_outcome_display() if result else None,
        result.reference if result else None,
        result.paid_on if result else None,
        result.reason if result else None,
    )


REDEMPTION_COLUMNS = [
    ("兑现号", "text"),
    ("券号", "text"),
    ("企业", "text"),
    ("供应商", "text"),
    ("产品", "text"),
    ("券面金额（元）", "money"),
    ("申请金额（元）", "money"),
    ("核定金额（元）", "money"),
    ("两化融合奖补（元）", "money"),
    ("状态", "text"),
    ("提交时间", "moment"),
    ("审核期限", "moment"),
]


def redemptions_sheet(rows: Iterable[Redemption]) -> bytes:
    return workbook("兑现", REDEMPTION_COLUMNS, (_redemption_row(row) for row in rows))


def _redemption_row(row: Redemption) -> tuple[object, ...]:
    voucher = row.voucher
    return (
        row.number,
        voucher.number,
        voucher.enterprise.name,
        voucher.supplier.name,
        voucher.product.name,
        row.voucher_amount,
        row.claimed_amount,
        row.approved_amount,
        row.bonus_amount,
        row.get_state_display(),
        row.submitted_at,
        row.review_due_at,
    )
