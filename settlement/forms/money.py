"""Lists, batches and payments."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import python_calamine
from django import forms

from platform_site.kit.forms import FileInput, MoneyFormField, PlatformForm

MAX_RESULT_ROWS = 5000
_EXCEL_DIGITS = 15


class PeriodForm(PlatformForm):
    period: Any = forms.ModelChoiceField(label="申领期", queryset=None, empty_label=None)

    def __init__(self, *args: Any, periods: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = periods  # type: ignore[attr-defined]


class BatchForm(PeriodForm):
    budget = MoneyFormField(label="本批资金", min_value=Decimal("0.01"), help_text="按顺序付到用完，付不到的下批优先。")


class PaymentRecordForm(PlatformForm):
    bank_reference = forms.CharField(label="银行流水号", max_length=60)
    paid_on = forms.DateField(label="付款日期")


class FailureForm(PaymentRecordForm):
    reason = forms.CharField(label="退回原因", max_length=500)


class ResultsForm(PlatformForm):
    file = forms.FileField(
        label="银行结果", widget=FileInput(accept=".xlsx", max_bytes=5_000_000, kinds="Excel"),
        help_text="下载登记表，填“结果、银行流水号、付款日期、退回原因”四列后上传。重传不会重复登记。",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One row of the bank's results. problem: why it cannot be read, "" when it can."""

    place: int
    number: str
    outcome: str = ""
    reference: str = ""
    amount: Decimal | None = None
    paid_on: date | None = None
    reason: str = ""
    problem: str = ""


def read_results(content: bytes, headings: tuple[str, ...]) -> list[ResultRow]:
    """Rows of the register with a result filled in; others are left out. Raises ValueError for a foreign file."""
    try:
        sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        table = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError, OSError) as error:
        raise ValueError("不是 Excel 文件，或文件已损坏。") from error
    head = [str(cell).strip() for cell in table[0]] if table else []
    missing = [name for name in headings if name not in head]
    if missing:
        raise ValueError(f"缺少这些列：{'、'.join(missing)}。请用平台下载的登记表。")
    places = {name: head.index(name) for name in headings}
    body = table[1:]
    if len(body) > MAX_RESULT_ROWS:
        raise ValueError(f"一次最多 {MAX_RESULT_ROWS:,} 行，这个文件有 {len(body):,} 行。请分开上传。")
    rows = [_row(number, cells, places) for number, cells in enumerate(body, start=2)]
    return [row for row in rows if row.outcome or row.reference or row.problem]


def _row(number: int, cells: list[Any], places: dict[str, int]) -> ResultRow:
    text = {name: _text(cells[place]) for name, place in places.items()}
    day, amount = _day(cells[places["付款日期"]]), _amount(cells[places["应付合计（元）"]])
    row = ResultRow(
        place=number,
        number=text["兑现号"],
        outcome={"已付": "paid", "银行退回": "failed", "": ""}.get(text["结果"], "?"),
        reference=text["银行流水号"],
        amount=amount,
        paid_on=day,
        reason=text["退回原因"],
    )
    problem = _problem(row, text["结果"]) or _lost_digits(row, cells[places["银行流水号"]])
    return row if not problem else ResultRow(place=number, number=row.number, problem=problem)


def _problem(row: ResultRow, outcome: str) -> str:
    if not row.outcome and not row.reference:
        return ""
    if row.outcome in ("", "?"):
        return f"“结果”写“已付”或“银行退回”，现在是“{outcome}”。"
    if not row.reference:
        return "没有填银行流水号。"
    if row.paid_on is None:
        return "付款日期写成 2020-10-21。"
    if row.amount is None:
        return "“应付合计（元）”读不出金额，请保留登记表里的数。"
    return ""


def _lost_digits(row: ResultRow, cell: Any) -> str:
    """Excel keeps fifteen digits of a number; what it made of a longer one is not the bank's."""
    if isinstance(cell, float) and row.outcome and len(row.reference) > _EXCEL_DIGITS:
        return "银行流水号被 Excel 当作数字，后面几位已经丢失。把这一格设成文本，按回单重填。"
    return ""


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell if cell is not None else "").strip()


def _amount(cell: Any) -> Decimal | None:
    """To the cent; None for anything that is no such amount."""
    text = repr(cell) if isinstance(cell, float) else _text(cell).replace(",", "")
    try:
        amount = Decimal(text)
        cents = amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return cents if cents == amount else None


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(str(cell).strip())
    except ValueError:
        return None
