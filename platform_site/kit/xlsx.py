"""Excel files out: one sheet, written row by row, and no cell ever starts as a formula (guard 16)."""

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHANGHAI = ZoneInfo("Asia/Shanghai")
_WIDTHS = {"text": 24, "money": 16, "number": 10, "date": 12, "moment": 18}
_NUMBER_FORMATS = {
    "text": "@",
    "money": "#,##0.00",
    "number": "0",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm:ss",
}
# Excel keeps fifteen digits; a longer number would be changed silently and goes out as text.
_MAX_DIGITS = 15
_TITLE_LENGTH = 31
_NOT_IN_TITLES = str.maketrans("", "", "[]:*?/\\'")


def workbook(title: str, columns: list[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet: `columns` are (heading, kind) with kind text | money | number | date | moment; None is an empty cell.

    Raises KeyError for an unknown kind and ValueError when a row is longer than the headings.
    """
    return write_workbook([(title, columns, rows)])


def write_workbook(sheets: Iterable[tuple[str, list[tuple[str, str]], Iterable[Sequence[Any]]]]) -> bytes:
    """Several sheets of (title, columns, rows), in order."""
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    formats = {kind: book.add_format({"num_format": pattern}) for kind, pattern in _NUMBER_FORMATS.items()}
    head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#EEF1F4"})
    for title, columns, rows in sheets:
        sheet = book.add_worksheet(sheet_title(title))
        _write_head(sheet, columns, head)
        writers = [(_WRITERS[kind], formats[kind]) for _, kind in columns]
        for number, row in enumerate(rows, start=1):
            _write_row(sheet, number, row, writers)
    book.close()
    return buffer.getvalue()


def sheet_title(title: str) -> str:
    """A title Excel takes: at most 31 characters and none of []:*?/\\'."""
    return title.translate(_NOT_IN_TITLES)[:_TITLE_LENGTH] or "Sheet1"


def _write_head(sheet: Worksheet, columns: list[tuple[str, str]], head: Format) -> None:
    for column, (heading, kind) in enumerate(columns):
        sheet.set_column(column, column, max(_WIDTHS[kind], len(heading) * 2 + 2))
        sheet.write_string(0, column, heading, head)
    sheet.freeze_panes(1, 0)


Writer = Callable[[Worksheet, int, int, Any, Format], None]


def _write_row(sheet: Worksheet, number: int, row: Sequence[Any], writers: list[tuple[Writer, Format]]) -> None:
    if len(row) > len(writers):
        raise ValueError(f"row {number} has {len(row)} cells for {len(writers)} headings")
    for column, value in enumerate(row):
        if value is not None and value != "":
            write, cell_format = writers[column]
            write(sheet, number, column, value, cell_format)


def _text(sheet: Worksheet, row: int, column: int, value: Any, cell_format: Format) -> None:
    sheet.write_string(row, column, str(value), cell_format)


def _figure(sheet: Worksheet, row: int, column: int, value: Any, cell_format: Format) -> None:
    number = Decimal(str(value))
    if len(number.as_tuple().digits) > _MAX_DIGITS:
        sheet.write_string(row, column, str(value))
    else:
        sheet.write_number(row, column, float(number), cell_format)


def _date(sheet: Worksheet, row: int, column: int, value: Any, cell_format: Format) -> None:
    day = value.astimezone(SHANGHAI).date() if isinstance(value, datetime) and value.tzinfo else value
    sheet.write_datetime(row, column, datetime(day.year, day.month, day.day), cell_format)  # noqa: DTZ001  Excel knows no zones


def _moment(sheet: Worksheet, row: int, column: int, value: Any, cell_format: Format) -> None:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001  Excel knows no zones
    local = value.astimezone(SHANGHAI).replace(tzinfo=None) if value.tzinfo else value
    sheet.write_datetime(row, column, local, cell_format)


_WRITERS: dict[str, Writer] = {"text": _text, "money": _figure, "number": _figure, "date": _date, "moment": _moment}
